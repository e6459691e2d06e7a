"""What a stretch of talk allows to be written about it: its figures in every usual way of writing them, its words, its names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.swedish.numbers import FIGURE, NAMED_BY_NUMBER, ORDINALS, PART_OF_DAY, digits, figures
from pipeline.swedish.register import stems
from pipeline.swedish.sounds import sound

HEAD = 5  # letters of a word by which it is known in any form


def root_of(stem: str) -> str:
    """The beginning that the forms of a verb share ("söker", "söka")."""
    return re.sub(r"(?:ade|at|ar|er|as|te|de|a|r)$", "", stem)


@dataclass(frozen=True)
class Support:
    """What a stretch of talk allows to be written: figures, word beginnings, names."""

    figures: frozenset[str]
    retracted: frozenset[str]
    stems: frozenset[str]
    text: str
    turns: tuple[frozenset[str], ...] = ()
    sounds: str = ""
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the words near each figure said

    @cached_property
    def said(self) -> frozenset[str]:
        """The figures of the talk alone: of ``figures`` without those that the context allows."""
        return frozenset().union(*self.turns)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"[^\W\d_]+", self.text))

    @cached_property
    def heads(self) -> frozenset[str]:
        return frozenset(s[:HEAD] for s in self.stems)

    def has(self, word: str) -> bool:
        """Whether a word is known, in any form, by its beginning."""
        return word.casefold()[:HEAD] in self.heads

    @cached_property
    def roots(self) -> frozenset[str]:
        return frozenset(map(root_of, self.stems))

    @classmethod
    def of(cls, turns: Sequence[str], context: str, retracted: set[str], names: Sequence[str] = ()) -> Support:
        """``context`` is what may be written without being said: the agenda item, the date, names."""
        talk = " . ".join(turns)
        year = next((int(f) for f in figures(context) if re.fullmatch(r"20\d\d", f)), None)
        allowed = _allowed_figures(talk, year) | set(figures(context))
        folded = f"{talk} {digits(talk)} {context} {' '.join(names)}".casefold()
        return cls(frozenset(allowed), frozenset(retracted), frozenset(stems(folded)), folded,
                   tuple(frozenset(_allowed_figures(t, year)) for t in turns), sound(folded), _beside_figures(talk))


_TOKEN = re.compile(rf"{FIGURE.pattern}|[^\W\d_]+|[.!?]")
_PLACELESS = frozenset(["också", "över", "under", "efter", "innan", "före", "eller", "från", "skall", "kunde",
                        "procent", "kronor", "vecka", "veckan", "klockan"])
_SPOKEN_SPAN = (12, 6)  # words before and after a figure in talk that say what it is a figure of: the matter is named long before, also by who asks


def _matters(tokens: Sequence[str]) -> frozenset[str]:
    return frozenset(t.casefold()[:HEAD] for t in tokens if len(t) >= 4 and t[0].isalpha() and t.casefold() not in _PLACELESS)


def around(text: str, span: tuple[int, int], within_sentence: bool) -> list[tuple[str, frozenset[str]]]:
    """(figure, beginnings of the words around it) of every figure of a text."""
    tokens, found = _TOKEN.findall(text), []
    for n, token in enumerate(tokens):
        if not token[0].isdigit():
            continue
        before, after = tokens[max(0, n - span[0]):n], tokens[n + 1:n + 1 + span[1]]
        if within_sentence:
            before = before[max((i + 1 for i, t in enumerate(before) if t in ".!?"), default=0):]
            after = after[:next((i for i, t in enumerate(after) if t in ".!?"), len(after))]
        found += [(figure, _matters([*before, *after])) for figure in figures(token)[:1]]
    return found


def _beside_figures(talk: str) -> dict[str, frozenset[str]]:
    beside: dict[str, frozenset[str]] = {}
    for figure, words in around(talk, _SPOKEN_SPAN, within_sentence=False):
        beside[figure] = beside.get(figure, frozenset()) | words
    return beside


_NUMBERED = ORDINALS | NAMED_BY_NUMBER


YEARS_AWAY = 2  # at most, of a year that is told by its last two figures
_THOUSANDS = r"(?:tusen|tkr|\d[ \xa0]000)\b"
_MILLIONS = r"(?:miljon\w*|mkr|mnkr|\d[ \xa0]000[ \xa0]000)\b"


def _beside(figure: str, unit: str, talk: str) -> bool:
    """Whether a unit said with another figure holds for this one, too: "från 45 till 40 tusen", "12 miljoner, nej, 13"."""
    own = rf"(?<![\d,]){figure}(?![\d,]|[ \xa0]\d)"
    return re.search(rf"(?i){own}(?:\W+\w+){{0,4}}?\W+(?:\w+\W+)?{unit}|{unit}(?:\W+\w+){{0,4}}?\W+{own}", talk) is not None


def _parts_told(hour: str, talk: str) -> set[str | None]:
    """The parts of the day that are told with an hour (a pattern): in the same sentence, or the one before."""
    near = re.finditer(rf"[^.?!]*(?:[.?!][^.?!\d]*)?(?<![\d,.]){hour}[^.?!]*", re.sub(r"\bkl\.", "kl", talk))
    return {part.lastgroup for m in near for part in PART_OF_DAY.finditer(m[0])}


def _halves_of_the_day(figure: str, hour: int, talk: str) -> tuple[int, ...]:
    """The hours that "klockan två" can mean: one where the part of the day is told, else both."""
    told = _parts_told(rf"{figure}(?![\d,]|\.\d)", talk)
    if hour <= 12 and len(told) == 1:
        return (hour,) if told == {"am"} else (hour + 12,)
    return (hour, hour + 12)


def _allowed_figures(talk: str, year: int | None = None) -> set[str]:
    """The figures said, in every usual way of writing them; ``year`` is the meeting's."""
    said = set(figures(talk)) | set(re.findall(r"\d+(?:[.,]\d+)*", talk))
    allowed = set(said)
    for figure in said:
        if figure.isdigit():
            value = int(figure)
            if value <= 24:
                allowed |= {f"{h % 24}.00" for h in _halves_of_the_day(figure, value, talk) if h <= 24}
            if 20 <= value <= 40 and (year is None or abs(2000 + value - year) <= YEARS_AWAY):
                allowed.add(str(2000 + value))
            if value < 1000 and _beside(figure, _THOUSANDS, talk):
                allowed.add(str(value * 1000))
            if value < 1000 and _beside(figure, _MILLIONS, talk):
                allowed.add(str(value * 1_000_000))
        elif clock := re.fullmatch(r"(\d{1,2})\.(\d\d)", figure):
            hour = int(clock[1])
            if len(_parts_told(rf"0?{hour}\.{clock[2]}", talk)) != 1:
                allowed |= {f"{h}.{clock[2]}" for h in (hour + 12, hour - 12) if 0 <= h < 24}
    folded = talk.casefold()
    allowed |= {str(_NUMBERED[w]) for w in re.findall(r"\w+", folded) if w in _NUMBERED}
    if re.search(r"\b(?:halv|hälften|halva|halvt)\b", folded):
        allowed |= {"0,5", "50"}
    for word, number in (("ett", "1"), ("en", "1"), ("dussin", "12"), ("båda", "2"), ("bägge", "2")):
        if re.search(rf"\b{word}\b", folded):
            allowed.add(number)
    return allowed
