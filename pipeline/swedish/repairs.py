"""Spoken self-corrections: what was taken back must not be written.

"arton, nej, åtta procent" says eight; "tre alltså, inte fyra" says three.
"""

from __future__ import annotations

import re

from pipeline.swedish.numbers import MONTHS, digits, figures

_UNIT = r"(?:\s(?:%|kronor|stycken|veckor|patienter|procent|" + "|".join(MONTHS) + r"))?"
_FIGURE = r"\d+(?:[ ,.–]\d+)*" + _UNIT
_TAKEN_BACK = re.compile(
    rf"(?i)(?P<wrong>(?:\bvecka |\bden |\bklockan |\bkl\. )?\b{_FIGURE})"
    rf"(?P<between>[^.?!\d]{{0,28}}?[,.]?\s*\b(?:nej|nä|förlåt|rättelse|jag menar|eller (?:nej|nä|snarare|förlåt)|vänta|fel av mig|vad säger jag)\b"
    rf"[^?!\d]{{0,60}}?)(?P<right>(?:\bvecka |\bden |\bklockan |\bkl\. )?\b{_FIGURE})")
_DAY = rf"\d{{1,2}} (?:{'|'.join(MONTHS)})"
_DAY_TAKEN_BACK = re.compile(  # "den 11 februari kl. 10. Nej, elfte är onsdag. 12 februari": the clock between is no correction
    rf"(?i)(?P<wrong>\b{_DAY})\b[^?!]{{0,24}}?\b(?:nej|nä|förlåt|rättelse|jag menar|vänta)\b[^?!]{{0,60}}?(?P<right>\b{_DAY})\b")
_DENIED = re.compile(rf"(?i)\b(?:inte|ej|snarare än|i stället för)\s+(?:vecka |den |klockan |kl\. )?({_FIGURE})(?=[,.?!]|\s*$)")


def without_retractions(text: str) -> str:
    """Talk (figures as digits) without figures that were taken back in the same breath.

    >>> without_retractions("SUV låg 18, nej, 8 % för lågt")
    'SUV låg 8 % för lågt'
    """
    previous = None
    while previous != text:
        previous = text
        text = _TAKEN_BACK.sub(lambda m: m["right"], _DAY_TAKEN_BACK.sub(lambda m: m["right"], text))
    return text


_OBJECTS = re.compile(r"(?i)^\W*(?:ja,? )?(?:nej|nä|nja|fast|men (?:är|var|det|vänta)|är det inte|var det inte|(?:det )?(?:var|är) väl|inte|vänta)\b")
_YIELDS = re.compile(r"(?i)^\W*(?:ja|jo|jaha|just|precis|exakt|okej|ok|mm|stämmer|det stämmer|så (?:var|är) det|du har rätt|förlåt|sant|det är sant)\b")
_KIND = re.compile(rf"(?i)(\d+(?:[ ,.]\d+)*)\s?(%|procent|kronor|miljoner|veckor|dagar|timmar|minuter|år|patienter|personer|stycken|{'|'.join(MONTHS)})?")


def _corrected_by_another(written: list[str]) -> set[str]:
    """Figures that somebody else objects to with one of the same kind, to which the first then yields."""
    gone: set[str] = set()
    for said, objection, answer in zip(written, written[1:], written[2:], strict=False):
        if not _OBJECTS.match(objection):
            continue
        theirs = {(f, (u or "").casefold()) for f, u in _KIND.findall(objection)}
        yields = _YIELDS.match(answer) is not None
        mine = _KIND.findall(said)
        for n, (figure, unit) in enumerate(mine):
            if n < len(mine) - 1 and not any(u and u == unit.casefold() for _, u in theirs):
                continue  # an objection without a unit is to the figure said last
            other = [f for f, u in theirs if f != figure and (not unit or not u or u == unit.casefold()) and (
                len(f) == len(figure) or u == unit.casefold() != "")]
            again = set(figures(answer))
            if other and figure not in again and figure not in dict(theirs) and (yields or again & set(other)):
                gone |= set(figures(figure))
    return gone


def retracted_figures(turns: list[str]) -> set[str]:
    """Figures that were said and taken back in a stretch of talk, by oneself or after another's objection, and not said again as true."""
    written = [digits(t) for t in turns]
    kept: set[str] = set()
    gone: set[str] = set()
    for text in written:
        mended = without_retractions(text)
        denied = {f for m in _DENIED.finditer(mended) for f in figures(m[1])}
        said = set(figures(text))
        now = set(figures(_DENIED.sub(" ", mended)))
        gone |= (said - now) | denied
        kept = (kept - denied) | now
        if denied or said - now:
            kept -= gone - now
    return (gone - kept) | _corrected_by_another(written)
