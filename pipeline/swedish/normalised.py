"""Text as it is compared when words are counted wrong or right: nothing that only spelling decides counts."""

from __future__ import annotations

import re

from pipeline.swedish.numbers import digits

_SAME = (
    (re.compile(r"(?<=\d)\s?%"), " procent"), (re.compile(r"(?<=\d)[ \u00a0](?=\d{3}\b)"), ""), (re.compile(r"\bkl\.?\s"), "klockan "),
    (re.compile(r"(?<=\d)[.:](?=\d\d\b)"), "."), (re.compile(r"\b(?:okay|ok)\b"), "okej"), (re.compile(r"\b(?:dom|de)\b"), "de"),
    (re.compile(r"\b(?:mej)\b"), "mig"), (re.compile(r"\b(?:dej)\b"), "dig"), (re.compile(r"\b(?:sej)\b"), "sig"), (re.compile(r"\bnån\b"), "någon"),
    (re.compile(r"\bnåt\b"), "något"), (re.compile(r"\bnåra\b"), "några"), (re.compile(r"\bsen\b"), "sedan"), (re.compile(r"\bi dag\b"), "idag"),
    (re.compile(r"\bi morgon\b"), "imorgon"), (re.compile(r"\bi går\b"), "igår"))


def normalised(text: str) -> str:
    """Folded words without punctuation, figures as digits, hyphens and spelling variants alike.

    >>> normalised("Kl. 13.00 har vi ökat 17 %, i dag.") == normalised("klockan tretton har vi ökat sjutton procent idag")
    True
    """
    text = digits(text).casefold().replace("-", " ").replace("/", " ")
    for pattern, to in _SAME:
        text = pattern.sub(to, text)
    return re.sub(r"\b(\d{1,2})\.00\b", r"\1", " ".join(re.findall(r"[\w]+(?:[.,]\d+)*", text)))
