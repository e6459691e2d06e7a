"""A stretch of talk that is read together, and a candidate for a statement about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.meeting import AgendaItem, Kind, Meeting, Utterance
from pipeline.stages.support import Support
from pipeline.stages.verify import FATAL, Problem
from pipeline.swedish.numbers import digits, figures
from pipeline.swedish.register import stems
from pipeline.swedish.repairs import retracted_figures, without_retractions


@dataclass
class Candidate:
    """A proposal with what it rests on and what speaks against it."""

    kind: Kind
    text: str
    owner: str | None
    due: str | None
    made_by: Literal["language_model", "compression"]
    evidence: tuple[Utterance, ...]
    problems: tuple[Problem, ...] = ()
    weight: float = 0.0
    sure: float | None = None  # how sure the language model was of what it wrote

    @property
    def passes(self) -> bool:
        return not FATAL.intersection(self.problems)


@dataclass(frozen=True)
class Stretch:
    """Turns that are read together, the item that they belong to, and what is said on it just before and afterwards."""

    item: AgendaItem | None
    label: str
    utterances: tuple[Utterance, ...]
    following: tuple[Utterance, ...] = ()
    preceding: tuple[Utterance, ...] = ()

    @property
    def turns(self) -> list[tuple[str, str]]:
        """(speaker, talk), following utterances of one speaker joined."""
        joined: list[tuple[str, str]] = []
        for u in self.utterances:
            speaker = u.person or u.speaker
            if joined and joined[-1][0] == speaker:
                joined[-1] = (speaker, f"{joined[-1][1]} {u.text}")
            else:
                joined.append((speaker, u.text))
        return joined


LEAST_BARE = 13  # an item's number from which it is hardly anything else when said bare ("då är det 34, bemanningen")


def without_number(talk: str, item: AgendaItem | None) -> str:
    """Talk (figures as digits) without the number of its item, said to move on: it is no figure of the matter's."""
    found = re.search(r"\d+$", item.number or "") if item else None
    if not found:
        return talk
    talk = re.sub(rf"(?i)\b(?:paragraf|punkt|§)\s*{found[0]}\b[,.]?", "", talk)
    if int(found[0]) >= LEAST_BARE:
        led = r"(?P<led>^|[.!?] |\b(?:är det|e det?|tar vi|har vi|in på|(?:vidare|över) till) )"
        talk = re.sub(rf"(?i){led}{found[0]}(?=[,.] | (?:är|då|e)\b)[,.]? ?", r"\g<led>", talk)
    return talk.strip()


def written_turns(stretch: Stretch) -> list[tuple[str, str]]:
    """(speaker, talk) with figures as digits, without what was taken back and without the item's number."""
    return [(who, without_retractions(without_number(digits(t), stretch.item))) for who, t in stretch.turns]


def support_of(stretch: Stretch, meeting: Meeting) -> Support:
    turns = [t for _, t in stretch.turns]
    mended = [t for _, t in written_turns(stretch)]
    day = meeting.date
    context = f"{stretch.label} {day.year if day else ''}"
    return Support.of(mended, context, retracted_figures(turns), meeting.names)


def matter_of(text: str) -> set[str]:
    """The word beginnings and figures of a text."""
    return set(stems(text)) | set(figures(text))


def rests_on(text: str, utterances: Sequence[Utterance], most: int = 3) -> tuple[Utterance, ...]:
    """The utterances that a text rests on: those that share most of its figures and words, in time order."""
    wanted, numbers = set(stems(text)), set(figures(text))
    scored = []
    for position, u in enumerate(utterances):
        shared = len(wanted & set(stems(u.text))) + 2.0 * len(numbers & set(figures(u.text)))
        scored.append((shared, position))
    scored.sort(key=lambda s: (-s[0], s[1]))
    chosen: list[int] = []
    covered: set[str] = set()
    for shared, position in scored[:8]:
        if not shared and chosen:
            break
        here = (wanted | numbers) & matter_of(utterances[position].text)
        if chosen and not here - covered:
            continue
        chosen.append(position)
        covered |= here
        if len(chosen) == most:
            break
    return tuple(utterances[i] for i in sorted(chosen or [0]))
