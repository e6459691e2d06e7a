"""Whether a statement denies, and reserves, what the talk does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.swedish.register import HEDGE, stems

DENIES = re.compile(r"(?i)\b(?:inte|ej|icke|aldrig|ingen|inget|inga)\b")
_SAYS_NO = re.compile(r"(?i)\b(?:inte|ej|icke|aldrig|ingen|inget|inga|ingenting|nej|nä|nja|utan|varken|saknas?|tomt|noll|0|slut|knappast|omöjligt|"
                      r"för (?:lite|få|sent|dyrt)|kvar|stopp\w*|vägra\w*|miss\w*|oklart?|osäker\w*|vet vi|ikke|itte)\b")
_OPPOSITE = re.compile(r"(?i)\b(?:inte|ej|aldrig|ingen|inget|inga|utan|saknas?|sakna\w*|kvarstår|återstår|inväntas?|avvakta\w*|oklart?|osäkert?|"
                       r"okän\w*|o[a-zåäö]{5,}|"
                       r"först|endast|bara|avböj\w*|avsl(?:å|og|ag)\w*|avvis\w*|nekas?|avstår|upphör\w*|vakan\w*|obesatt|stäng\w*|under|före|förrän|försen\w*)\b")
_CLAUSE = re.compile(r"(?<=[.!?])\s+|, (?=(?:men|fast|så|och|å|för) )|\s/\s")
NEAR_CLAUSE = 0.5  # share of a statement's longer words in one clause at which both tell the same


@dataclass(frozen=True)
class Clauses:
    """The clauses of a stretch of talk, those nearest to a statement first; ``best`` is the share of its longer words in the first."""

    ranked: tuple[int, ...]
    texts: tuple[str, ...]
    best: float

    @classmethod
    def of(cls, text: str, talk: Sequence[str]) -> Clauses:
        wanted = set(stems(text, 5))
        texts = tuple(c for t in talk for c in _CLAUSE.split(t))
        shares = sorted(((len(wanted & set(stems(c, 5))) / max(1, len(wanted)), n) for n, c in enumerate(texts)), reverse=True)
        return cls(tuple(n for _, n in shares), texts, shares[0][0] if shares and len(wanted) > 1 else 0.0)

    def near(self, pattern: re.Pattern[str]) -> bool:
        """Whether something is said in the two nearest clauses or beside them ("är den klar / nej, inte än")."""
        places = {n + d for n in self.ranked[:2] for d in (-1, 0, 1)}
        return any(pattern.search(c) for n, c in enumerate(self.texts) if n in places)

    def nearest(self, pattern: re.Pattern[str], most: int = 1) -> bool:
        return any(pattern.search(self.texts[n]) for n in self.ranked[:most])


def denied_alike(text: str, nearest: str, clauses: Clauses) -> bool:
    """Whether what a statement denies is denied in the talk, and what its very clause denies is not told as so.

    A negation may be said in other words ("slut", "för få"); only its absence from all that the
    statement rests on, or its loss from the one clause that it repeats, counts.
    """
    if DENIES.search(text):
        return clauses.near(_SAYS_NO) if clauses.best >= NEAR_CLAUSE else _SAYS_NO.search(nearest) is not None
    return bool(_OPPOSITE.search(text)) or clauses.best < NEAR_CLAUSE or not clauses.nearest(DENIES)


_NOT_THAT = re.compile(
    r"(?i)(?:[,–] (?:och )?(?:inte|ej)(?: (?:i|på|till|hos|av|för|med|den|det))? (?P<what>[^\W\d_]{4,})\s*(?=[,.!?/]|$)|"
    r"\b(?:inte|ej)(?: (?:i|på|till|hos|av|för|med|den|det))? (?P<instead>[^\W\d_]{4,}),? utan\b|"
    r"\b(?P<later>[^\W\d_]{4,}) får vänta\b)")


def ruled_out(text: str, talk: Sequence[str]) -> bool:
    """Whether a statement tells as so what was ruled out by a contrast ("hembygdsparken alltså, inte kyrkan")."""
    if DENIES.search(text) or _OPPOSITE.search(text):
        return False
    ruled_out = {(m["what"] or m["instead"] or m["later"]).casefold() for t in talk for m in _NOT_THAT.finditer(t)}
    return any(w in ruled_out for w in re.findall(r"[^\W\d_]{4,}", text.casefold()))


def to_be_checked(text: str, clauses: Clauses) -> bool:
    """Whether a negation or reservation of the nearest clause is missing in a statement, or one was added that stands nowhere near."""
    if DENIES.search(text) and not clauses.near(_SAYS_NO):
        return True
    if not _OPPOSITE.search(text) and clauses.best >= DOUBTED_CLAUSE and clauses.nearest(DENIES, 2):
        return True
    return clauses.best >= DOUBTED_CLAUSE and clauses.nearest(_RESERVED) and not HEDGE.search(text)


DOUBTED_CLAUSE = 0.25
_RESERVED = re.compile(
    r"(?i)\b(?:preliminär\w*|planera\w*|tro(?:r|ligen|ligtvis)|sannolik\w*|eventuell\w*|kanske|möjlig\w*|osäker\w*|ungefär|runt|cirka|knappt|drygt|"
    r"nästan|hoppas|beräkna\w*|uppskatt\w*|förvänta\w*|typ)\b")
