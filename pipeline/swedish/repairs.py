"""Spoken self-corrections: what was taken back must not be written.

"arton, nej, åtta procent" says eight; "tre alltså, inte fyra" says three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.swedish.numbers import MONTHS, ORDINALS, WEEKDAYS, digits, figures
from pipeline.swedish.sounds import as_heard

_UNIT = r"(?:\s(?:%|kronor|stycken|veckor|patienter|procent|" + "|".join(MONTHS) + r"))?"
_FIGURE = r"\d+(?:[ ,.–]\d+)*" + _UNIT
_TAKEN_BACK = re.compile(as_heard(
    rf"(?i)(?P<wrong>(?:\bvecka |\bden |\bklockan |\bkl\. )?\b{_FIGURE})"
    rf"(?P<between>[^.?!\d]{{0,28}}?[,.]?\s*\b(?:nej|nä|förlåt(?! (?:att|mig|men|för)\b)|rättelse|jag menar|eller (?:nej|nä|snarare|förlåt)|vänta|fel av mig|vad säger jag)\b"
    rf"[^?!\d]{{0,60}}?)(?P<right>(?:\bvecka |\bden |\bklockan |\bkl\. )?\b{_FIGURE})(?P<again> (?:blev|är|var|blir) det\b)?"))
_DAY = rf"\d{{1,2}} (?:{'|'.join(MONTHS)})"
_DAY_TAKEN_BACK = re.compile(as_heard(  # "den 11 februari kl. 10. Nej, elfte är onsdag. 12 februari": the clock between is no correction
    rf"(?i)(?P<wrong>\b{_DAY})\b[^?!]{{0,24}}?\b(?:nej|nä|förlåt(?! (?:att|mig|men|för)\b)|rättelse|jag menar|vänta)\b[^?!]{{0,60}}?(?P<right>\b{_DAY})\b"))
_NUMBER = r"\d+(?:[ ,.]\d+)*"
_SAID_WRONG = re.compile(as_heard(  # "minus 2,46 miljoner. Så det är … Nej, förlåt. Jag läste på fel rad. 2,64": told at length that it was wrong
    rf"(?i)(?P<wrong>\b{_NUMBER})(?P<unit>\s(?:%|[a-zåäö]+))?(?=[ .,])[^?!\d]{{0,50}}?\b(?:(?:nej|nä|oj|vänta),? förlåt(?=[.,])|(?:fel (?:rad|siffra|av mig)|rättelse|sa(?:de)? fel|läste fel)\b)"
    rf"[^?!\d]{{0,60}}?(?P<right>\b{_NUMBER})(?![\d,]|\.\d)"))
_TOLD_APART = re.compile(as_heard(  # "med 20 %, eller, nej, vänta. 20 var efter februari. Till och med mars är det 12": what each figure was
    rf"(?i)(?P<wrong>\b{_NUMBER})(?P<unit>\s(?:%|[a-zåäö]+))?,[^?!\d]{{0,30}}?\b(?:nej|nä|vänta|förlåt)\b[^?!\d]{{0,20}}?(?P=wrong)(?P=unit)? "
    rf"(?:var|gällde|är)\b[^?!\d]{{3,60}}?(?P<right>\b{_NUMBER})(?![\d,]|\.\d)"))
_MISWRITTEN = re.compile(as_heard(  # of the minutes before: "det stod att vi hade kört 30 och det var 13"
    rf"(?i)\b(?P<stood>stod|står)\b(?P<what>[^.?!\d]{{0,80}})\b(?P<wrong>{_NUMBER})(?P<rest>(?: [^\W\d_]+){{0,4}}?)(?:,? (?:och|men|fast)(?: (?:det|vi|de|dom|hon|han))?|[,.] (?i:men )?(?i:det|vi|de|dom)) "
    rf"(?:var|är|har|ska(?:lle)? (?:det )?(?:vara|stå))(?: det)? (?P<right>{_NUMBER})(?![\d,]|\.\d)(?:[.,] (?P<more>{_NUMBER})(?![\d,]|\.\d))?"))
_BEGUN = re.compile(as_heard(r"(?i)(?<![\d,.])(?P<ten>\d*[1-9])0,? (?:(?:eh+|öh+|äh|hm+|mm+),? )+(?P<whole>(?P=ten)\d)(?![\d.])"))  # "nittio, eh, nittiotvå"
_THEN_AND_NOW = re.compile(as_heard(  # "90 dagar på koloskopi, eller ja, det var i augusti, nu är det 96"
    rf"(?i)(?P<wrong>\b{_NUMBER})(?P<rest> [^.?!\d]{{0,60}}?), (?:eller|fast|nej|nä|men)(?: ja| nej)?,? det var [^.?!\d,]{{3,30}}, (?:och |men )?nu är (?:det|vi)(?: på)? (?P<right>{_NUMBER})(?![\d,]|\.\d)"))
_TO_ONE = re.compile(as_heard(  # "det fattas 2 på natten. Nej, en, Rasmus bytte ju": the article stays a word
    rf"(?i)(?<![\d,])(?P<wrong>{_NUMBER})(?P<rest>(?: [^\W\d_]+){{0,4}})[.,] *(?:nej|nä),? (?P<right>en|ett|ingen|inget|inga)(?=[,.!]|$)"))
_NO_SUCH = re.compile(as_heard(  # "8 av de 11 är korttid, om jag minns rätt. Nej, 7. 7 av 11": of several figures the one nearest to what is right
    rf"(?i)(?P<said>[^.?!]*\d[^.?!]*)[.!] *(?:nej|nä),? (?:vänta,? |förlåt,? )?(?P<right>{_NUMBER})(?: (?:var|är|blev|blir) det)?[.!]"))
_DENIED = re.compile(as_heard(rf"(?i)\b(?:inte|ej|snarare än|(?:stå|vara|heta|rättas\w*|ändras\w*)\b[^.?!]{{0,40}} i stället för)\s+(?:vecka |den |klockan |kl\. )?({_FIGURE})(?=[,.?!]|\s*$)"))

_WITHDRAWN = re.compile(as_heard(  # "det var 75 minuter ungefär, nej vänta. Nej, …": a whole sentence taken back
    r"(?i)(?:^|(?<=[.?!] ))[^.?!]*\b(?:nej|nä),? (?:vänta|förlåt)(?: (?:lite|nu|mig))?[.!](?= |$)"))
_NOT_THEN = re.compile(as_heard(  # "den 29 går inte": a day that was asked about and turned down
    rf"(?i)\b(?:den |vecka )(\d{{1,2}}|{'|'.join(ORDINALS)})(?: (?:{'|'.join(MONTHS)}))? (?:går|funkar|passar|fungerar)(?: \w+)? inte\b"))


def without_retractions(text: str) -> str:
    """Talk (figures as digits) without figures that were taken back in the same breath.

    >>> without_retractions("SUV låg 18, nej, 8 % för lågt")
    'SUV låg 8 % för lågt'
    """
    said = text
    text = _THEN_AND_NOW.sub(r"\g<right>\g<rest>", _BEGUN.sub(r"\g<whole>", text))
    text = _MISWRITTEN.sub(_as_it_should_stand, _TO_ONE.sub(r"\g<right>\g<rest>", text))
    text = _SAID_WRONG.sub(lambda m: _in_place(m) if _alike(m["wrong"], m["right"]) else m[0], _TOLD_APART.sub(_in_place, text))
    text = _NO_SUCH.sub(_nearest_in_place, text)
    previous = None
    while previous != text:
        previous = text
        text = _TAKEN_BACK.sub(_right, _DAY_TAKEN_BACK.sub(_right, text))
    kept = _WITHDRAWN.sub(lambda m: "" if m[0] in said else m[0], text).strip()  # one that was mended above stands
    return kept or text


def _as_it_should_stand(match: re.Match[str]) -> str:
    """"Det stod att hon fick 40 000, men det var 14. 14 000" → "det ska stå att hon fick 14 000"."""
    in_full = match["more"] and figures(match["more"]) == [f"{match['right']}000"]
    right = match["more"] if in_full else match["right"]
    after = f". {match['more']}" if match["more"] and not in_full else ""
    told = match["what"].removeprefix(" det")
    begins = "ska det stå" if told != match["what"] else "ska stå"
    return f"{begins}{told}{right}{match['rest']}{after}"


def _right(match: re.Match[str]) -> str:
    """What is right, written as what it stands for, with its unit: "kommer vecka 14. Eller nej, … Vecka 16" → "kommer vecka 16",
    "stängt i 3 veckor. Nej, 4 blev det" → "stängt i 4 veckor"."""
    if match.groupdict().get("again") and (unit := re.search(r" [a-zåäö%]+$", match["wrong"])) and match["right"].isdigit():
        return match["right"] + unit[0]
    return match["right"] if match["wrong"][0].isupper() else match["right"][0].lower() + match["right"][1:]


def _nearest_in_place(match: re.Match[str]) -> str:
    """The sentence with the right figure in place of the nearest of its own, where it has several of the same kind."""
    right = figures(match["right"])
    own = [m for m in re.finditer(_NUMBER, match["said"]) if figures(m[0])]
    if len(own) < 2 or len(right) != 1 or not right[0].isdigit() or not all(figures(m[0])[0].isdigit() for m in own):
        return match[0]
    value = int(right[0])
    wrong = min(own, key=lambda m: abs(int(figures(m[0])[0]) - value))
    return f"{match['said'][:wrong.start()]}{match['right']}{match['said'][wrong.end():]}."


def _in_place(match: re.Match[str]) -> str:
    """The right figure where the wrong one stood, with its unit."""
    return f"{match['right']}{match['unit'] or ''}"


def _alike(one: str, other: str) -> bool:
    """Whether a figure can be a slip for another: as many digits, and both with decimals or both without."""
    return len(figures(one)) == len(figures(other)) and len(re.sub(r"\D", "", one)) == len(re.sub(r"\D", "", other)) and ("," in one) == ("," in other)


_OBJECTS = re.compile(as_heard(r"(?i)^\W*(?:ja,? )?(?:nej|nä|nja|fast|det är nog (?:fler|färre|mer|mindre)|men (?:är|var|det|vänta)|är det inte|var det inte|(?:det )?(?:var|är) väl|inte|vänta)\b"))
_STANDS_BY_IT = re.compile(as_heard(r"(?i)^\W*(?:nej|nä)\W+(?:det|de|den) (?:är|var|gäller|heter) (?!\d)"))  # "nej, det är laktat du tänker på"
_YIELDS = re.compile(as_heard(r"(?i)^\W*(?:ja|jo|jaha|just|precis|exakt|okej|ok|mm|stämmer|det stämmer|så (?:var|är) det|du har rätt|förlåt|sant|det är sant)\b"))
_KIND = re.compile(rf"(?i)(\d+(?:[ ,.]\d+)*)\s?(%|procent|kronor|miljoner|veckor|dagar|timmar|minuter|år|patienter|personer|stycken|{'|'.join(MONTHS)})?")


def _kinds(text: str) -> list[tuple[str, str]]:
    """(figure, its unit, folded, or "") for every figure of a text."""
    return [(figure, unit.casefold()) for said, unit in _KIND.findall(text) for figure in figures(said)]


_ECHOES = re.compile(rf"(?i)^\W*(?:(?:okej|ja|jaha|jo|nej)\W+)?{_NUMBER} då\b")  # "tolvhundra då", after another's figure
_ONLY_A_FIGURE = re.compile(rf"^\W*(?:{_NUMBER}[^\W\d_]*(?: [^\W\d_]+)?\W*){{1,3}}$")


def _corrected_by_another(written: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """(turn, figure, what is right) of figures that somebody else objects to with one of the same kind, or answers with only another, to which
    the first then yields; or to whose other figure the answer gives in ("gör hon femtonhundra" – "hon gör tolvhundra" – "tolvhundra då")."""
    for place, (said, objection, answer) in enumerate(zip(written, written[1:], written[2:], strict=False)):
        echoed = _ECHOES.match(answer)
        gives_in = echoed is not None and set(figures(echoed[0])) <= set(figures(objection))
        if _STANDS_BY_IT.match(answer):
            continue
        if not _OBJECTS.match(objection) and not gives_in and not (_ONLY_A_FIGURE.match(objection) and set(figures(objection)) & set(figures(answer))):
            continue
        theirs = _kinds(objection)
        yields = gives_in or _YIELDS.match(answer) is not None
        mine = _kinds(said)
        for n, (figure, unit) in enumerate(mine):
            if n < len(mine) - 1 and not any(u and u == unit for _, u in theirs):
                continue  # an objection without a unit is to the figure said last
            other = [f for f, u in theirs if f != figure and (not unit or not u or u == unit) and (
                len(f) == len(figure) or u == unit != "")]
            again = set(figures(answer))
            if other and figure not in again and figure not in dict(theirs) and (yields or again & set(other)):
                yield place, figure, next((f for f in other if f in again), other[0])


def as_corrected(turns: Sequence[str]) -> dict[int, str]:
    """The turns in which somebody else corrects a figure, by their place, with what is right in place of what was said.

    >>> as_corrected(["Vi har 140 på väntelistan.", "114.", "Ja, 114."])
    {0: 'Vi har 114 på väntelistan.'}
    """
    written = [digits(t) for t in turns]
    mended: dict[int, str] = {}
    for place, wrong, right in _corrected_by_another(written):
        text, times = re.subn(rf"(?<![\d,.]){re.escape(wrong)}(?![\d,]|\.\d)", right, mended.get(place, written[place]))
        if times == 1:
            mended[place] = text
    return mended


_COUNTED_AS = re.compile(rf"(?i)(?P<week>vecka )?(?<![\d,])(?P<figure>{_NUMBER})(?: (?P<unit>%|[^\W\d_]+))?")


def _counted(text: str) -> list[tuple[str, str]]:
    """(figure, what it counts or "vecka") for every figure of a text; "" where nothing tells."""
    return [(m["figure"], m["week"] or m["unit"] or "") for m in _COUNTED_AS.finditer(text)]


def _said_otherwise(turns: Sequence[str], gone: set[str]) -> set[str]:
    """Those of the figures taken back that are said of something else, too: "vecka 2" beside "om 2 veckor, nej, det är för kort"."""
    wrong: dict[str, set[str]] = {}
    right: dict[str, set[str]] = {}
    for turn in turns if gone else ():
        mended = set(_counted(without_retractions(turn)))
        for figure, unit in _counted(turn):
            (right if (figure, unit) in mended else wrong).setdefault(figure, set()).add(unit.casefold())
    return {f for f in gone if wrong.get(f) and any(unit and unit not in wrong[f] for unit in right.get(f, ()))}


_QUESTION = re.compile(r"[^.?!]*\?")
_ABSURD = re.compile(as_heard(  # what is told of a figure that nobody is to believe: "rapporten är helt galen, den säger minus 4 dagar"
    r"(?i)[^.?!]*\b(?:galen|galet|galna|tokigt?|tokiga|knasigt?|knasiga|orimligt?|orimliga|uppåt väggarna|åt skogen fel)\b[^.?!]*"))


def _not_believed(written: Sequence[str]) -> set[str]:
    """Figures that are told only as absurd, or asked about after that."""
    absurd = {f for text in written for m in _ABSURD.finditer(text) for f in figures(m[0])}
    return absurd - {f for text in written for f in figures(_QUESTION.sub(" ", _ABSURD.sub(" ", text)))} if absurd else absurd


def retracted_figures(turns: list[str]) -> set[str]:
    """Figures that were said and taken back in a stretch of talk, by oneself or after another's objection, and not said again as true."""
    written = [digits(t) for t in turns]
    kept: set[str] = set()
    gone: set[str] = set()
    for text in written:
        mended = without_retractions(text)
        denied = {f for m in _DENIED.finditer(mended) for f in figures(m[1])}
        denied |= {str(ORDINALS.get(day.casefold(), day)) for day in _NOT_THEN.findall(mended)}
        said = set(figures(text))
        now = set(figures(_NOT_THEN.sub(" ", _DENIED.sub(lambda m: m[0][:m.start(1) - m.start()], mended))))
        gone |= (said - now) | denied
        kept = (kept - denied) | now
        if denied or said - now:
            kept -= gone - now
    gone -= _said_otherwise(written, gone)
    return (gone - kept) | {wrong for _, wrong, _ in _corrected_by_another(written)} | _not_believed(written)


_DAY_OR_WEEK = rf"(?:{_DAY}|vecka \d{{1,2}})"
_OFFERED = re.compile(as_heard(r"(?i)\b(?:hade (?:jag |vi )?tänkt|tänkte|tänker|föreslår|förslag|enligt planen|vad sägs|ska vi säga|om vi tar|kan vi ta|skulle det|preliminärt?|planen)\b"))
_INSTEAD = re.compile(as_heard(r"(?i)\b(?:då (?:tar|säger|kör|blir|får|lägger)|(?:veckan|dagen|månaden) (?:efter|före|innan)|i stället|istället|fram då|vi tar|blir det|nej|flytta\w*)\b"))
_BAD_DAY = re.compile(as_heard(  # "fredag är dåligt, då jobbar halva gänget"
    rf"(?i)\b(?P<weekday>{'|'.join(WEEKDAYS)})(?:en|ar)?,? (?:är (?:det )?(?:dålig|svår|omöjlig)|går (?:ju |det )?inte|funkar (?:ju |det )?inte|passar (?:ju |det )?(?:inte|dåligt)|"
    rf"blir (?:det )?svårt|kan (?:inte jag|jag inte))"))
_SAID_BEFORE = re.compile(as_heard(rf"(?i)\bjag sa(?:de)?(?: \w+){{0,2}} (?:den )?(?P<wrong>{_DAY_OR_WEEK})\b[^?]{{0,90}}?\b(?P<right>{_DAY_OR_WEEK})\b"))
_NOT_AS_SAID = re.compile(as_heard(r"(?i)\b(?P<right>\d{1,2}) (?:\w+ )?(?:alltså|då|gäller|är det),? (?:och )?(?:inte|ej) (?:vecka |den )?(?P<wrong>\d{1,2})\b"))
_REPLY_WITHIN = 10  # turns in which another day is settled on instead of one that was offered


def overruled_days(turns: Sequence[str]) -> frozenset[str]:
    """Days and weeks ("8 oktober", "vecka 22") that an item's talk first names and then gives up for another.

    ``turns`` are all that is said about the item, also where it is taken up again. A day that is named anew afterwards stands.
    """
    written = [without_retractions(digits(t)) for t in turns]
    named = [{m[0].casefold() for m in re.finditer(rf"(?i)\b{_DAY_OR_WEEK}\b", t)} for t in written]
    gone: set[str] = set()
    for n, text in enumerate(written):
        if match := _SAID_BEFORE.search(text):
            gone.add(match["wrong"].casefold())
        for bad in _BAD_DAY.finditer(text):
            dated = rf"(?i)\b{bad['weekday']}(?:en)?,? (?:den )?({_DAY})"
            gone |= {day.casefold() for earlier in written[:n] for day in re.findall(dated, earlier)} - set().union(*named[n:])
        for match in _NOT_AS_SAID.finditer(text):
            gone |= {f"vecka {match['wrong']}"} & set().union(*named[:n])
        replies = list(zip(written, named, strict=True))[n + 1:n + 1 + _REPLY_WITHIN]
        for day in named[n] - set().union(*named[n + 1:]) if _OFFERED.search(text) else ():
            unit = day.split()[-1] if day[0].isdigit() else "vecka"
            if any(_INSTEAD.search(reply) and any(unit in other for other in days) for reply, days in replies):
                gone.add(day)
    return frozenset(gone)
