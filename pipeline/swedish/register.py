"""The written register of minutes: words that carry no fact of their own, and words not to be used."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

STEM = 6

NEGATION = re.compile(r"(?i)\b(?:inte|ej|icke|aldrig|ingen|inget|inga|ingenting|utan|varken|saknas?|saknade|nej|nä|ännu|oförändra\w*)\b")
HEDGE = re.compile(
    r"(?i)\b(?:preliminär\w*|planera\w*|troligen|troligt(?:vis)?|sannolik\w*|eventuell\w*|kanske|möjlig\w*|osäker\w*|oklar\w*|"
    r"cirka|ca|ungefär|omkring|runt|drygt|knappt|nästan|närmare|uppskatt\w*|beräkna\w*|förvänta\w*|vänta\w*|bedöm\w*|hoppas|hoppats|"
    r"tror|tänkt|avser|avvakta\w*|undersök\w*|utred\w*|skulle|borde|bör|kan|kunna|väl|nog|typ|nånting|någonting|målet|målsättning\w*|"
    r"räknar (?:vi )?med|lutar åt|om allt går|förutsatt|förutsättning)\b")
FIRST_PERSON = re.compile(r"(?i)(?<![\w:])(?:jag|mig|mej|min|mitt|mina|vi|oss|vår|vårt|våra|du|dig|dej|din|ditt|dina|ni|er|ert|era)\b")
FILLER = re.compile(r"(?i)\b(?:ju|liksom|alltså|asså|eh|öh|hm|mm|typ(?! \d)|då då|va|eller hur|hörni|hördu|ba|faktiskt|jaha|(?<!är )okej|haha|ha ha|nånstans|(?<!säger )(?<!säga )(?<!sagt )(?<!sa )(?<!tackat )(?<!tackar )(?<!svarat )(?<!röstar )ja)\b")


def reserves(text: str) -> bool:
    """Whether a text denies something or tells it with reservation."""
    return NEGATION.search(text) is not None or HEDGE.search(text) is not None


@cache
def neutral_stems() -> frozenset[str]:
    """Beginnings of words that minutes use whatever the matter ("genomförs", "antalet").

    Made from the training pairs: beginnings that writers used at least five times without their being said.
    """
    text = (files("pipeline.swedish") / "register.txt").read_text("utf-8")
    return frozenset(text.split())


def stems(text: str, least: int = 4) -> list[str]:
    """The beginnings of the longer words of a text, folded."""
    return [w[:STEM] for w in re.findall(rf"[^\W\d_]{{{least},}}", text.casefold())]


_TYPOGRAPHY = (
    (re.compile(r"(?<=\d)\s*(?:%|procent\b)"), "\u00a0%"),
    (re.compile(r"(?<=\d)\s?[-–]\s?(?=\d)(?!\d{2}-\d{2}\b)"), "–"),
    (re.compile(r"(?i)\bkl\.?\s*(?=\d)"), "kl. "),
    (re.compile(r"\b(\d{1,2}):(\d{2})\b(?!:)"), r"\1.\2"),
    (re.compile(r"\b(PET|SPECT|MR|DT|CT|PET/CT|SPECT/CT) (undersökning|kamera|protokoll|verksamhet)"), r"\1-\2"),
    (re.compile(r"\s+([.,;:!?])"), r"\1"), (re.compile(r"\.{2,}"), "."), (re.compile(r"[ \t]{2,}"), " "),
)


def typography(text: str) -> str:
    """Swedish typography: "17 %" with a no-break space, en dash in ranges, "kl. 13.00".

    >>> typography("4 - 5 patienter, 17%, kl 13:00").replace(chr(160), "~")
    '4–5 patienter, 17~%, kl. 13.00'
    """
    parts = re.split(r"(\d{4}-\d\d-\d\d)", text)
    for i in range(0, len(parts), 2):
        for pattern, replacement in _TYPOGRAPHY:
            parts[i] = pattern.sub(replacement, parts[i])
    return "".join(parts).strip()


def sentence(text: str) -> str:
    """With a capital letter first and a full stop last."""
    text = typography(text).strip(" ,;:–-")
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?" else text + "."
