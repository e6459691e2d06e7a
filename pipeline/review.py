"""What a reviewer does to a draft: a log of changes over stable ids, applied to what the machine wrote.

The machine's draft never changes. ``reviewed`` is a pure function of draft, transcript and changes, so that
undoing is leaving the last change out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.errors import UsageError
from pipeline.meeting import (
    Draft,
    DraftSection,
    Evidence,
    Flag,
    Kind,
    Person,
    Presence,
    Statement,
    Transcript,
)


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reword(_Change):
    do: Literal["reword"] = "reword"
    id: str
    text: str = Field(min_length=1, max_length=4000)


class Remove(_Change):
    do: Literal["remove"] = "remove"
    id: str


class Add(_Change):
    """A sentence of the secretary's own; ``start`` and ``end`` (ms) are its evidence, if it has any."""

    do: Literal["add"] = "add"
    id: str = Field(pattern=r"^own-[\w-]{1,40}$")
    item: str | None
    text: str = Field(min_length=1, max_length=4000)
    start: int | None = None
    end: int | None = None


class Move(_Change):
    """To another item, or within it: before the statement ``before``, else last."""

    do: Literal["move"] = "move"
    id: str
    item: str | None
    before: str | None = None


class Merge(_Change):
    """Join a statement to the one before it in its item."""

    do: Literal["merge"] = "merge"
    id: str


class Classify(_Change):
    do: Literal["classify"] = "classify"
    id: str
    kind: Kind
    owner: str | None = Field(default=None, max_length=200)
    due: str | None = Field(default=None, max_length=200)


class Settle(_Change):
    """A flag has been looked at."""

    do: Literal["settle"] = "settle"
    id: str
    flag: Flag


class NameSpeaker(_Change):
    do: Literal["name"] = "name"
    speaker: str
    name: str = Field(min_length=2, max_length=200)


class CorrectWord(_Change):
    """A word that was misheard, everywhere it stands in the transcript; statements resting on it are marked."""

    do: Literal["correct"] = "correct"
    heard: str = Field(min_length=1, max_length=100)
    meant: str = Field(min_length=1, max_length=100)


class Redraft(_Change):
    """What the machine writes of an item after corrections, in place of what it wrote before; a person's sentences stay."""

    do: Literal["redraft"] = "redraft"
    item: str | None
    statements: tuple[Statement, ...]


Change = Annotated[Reword | Remove | Add | Move | Merge | Classify | Settle | NameSpeaker | CorrectWord | Redraft, Field(discriminator="do")]


def _find(sections: Sequence[list[Statement]], statement_id: str) -> tuple[int, int]:
    for n, statements in enumerate(sections):
        for i, s in enumerate(statements):
            if s.id == statement_id:
                return n, i
    raise UsageError("Meningen finns inte längre. Ladda om sidan.")


def reviewed(draft: Draft, transcript: Transcript, changes: Sequence[Change]) -> tuple[Draft, Transcript]:
    """The draft and transcript as they stand after all changes. Raises UsageError when one cannot be made."""
    items = [s.item for s in draft.sections]
    sections = [list(s.statements) for s in draft.sections]
    speakers, meeting = dict(draft.speakers), draft.meeting

    def section_of(item: str | None) -> list[Statement]:
        if item not in items:
            raise UsageError("Punkten finns inte.")
        return sections[items.index(item)]

    for c in changes:
        if isinstance(c, Add):
            evidence = tuple(Evidence.of(u) for u in transcript.utterances
                             if c.start is not None and c.end is not None and u.start < c.end and u.end > c.start)
            section_of(c.item).append(Statement(id=c.id, kind=Kind.INFORMATION, text=c.text, evidence=evidence, made_by="person"))
        elif isinstance(c, NameSpeaker):
            if c.speaker not in speakers:
                raise UsageError("Talaren finns inte.")
            speakers[c.speaker] = c.name
            transcript = transcript.model_copy(update={"utterances": tuple(
                u.model_copy(update={"person": c.name}) if u.speaker == c.speaker else u for u in transcript.utterances)})
            meeting = meeting.model_copy(update={"attendance": _with_present(meeting.attendance, c.name)})
        elif isinstance(c, Redraft):
            rows = section_of(c.item)
            rows[:] = sorted([*(s for s in rows if s.made_by == "person"), *c.statements], key=lambda s: s.evidence[0].start if s.evidence else 0)
        elif isinstance(c, CorrectWord):
            transcript, sections = _corrected(c, transcript, sections)
        else:
            n, i = _find(sections, c.id)
            s = sections[n][i]
            if isinstance(c, Reword):
                sections[n][i] = s.model_copy(update={"text": " ".join(c.text.split()), "made_by": "person"})
            elif isinstance(c, Remove):
                del sections[n][i]
            elif isinstance(c, Move):
                del sections[n][i]
                target = section_of(c.item)
                place = next((k for k, other in enumerate(target) if other.id == c.before), len(target))
                target.insert(place, s)
            elif isinstance(c, Merge):
                if i == 0:
                    raise UsageError("Det finns ingen mening före att slå ihop med.")
                before = sections[n][i - 1]
                sections[n][i - 1:i + 1] = [before.model_copy(update={
                    "text": f"{before.text} {s.text}", "made_by": "person", "evidence": tuple(dict.fromkeys(before.evidence + s.evidence)),
                    "flags": tuple(dict.fromkeys(before.flags + s.flags))})]
            elif isinstance(c, Classify):
                sections[n][i] = s.model_copy(update={"kind": c.kind, "owner": c.owner or None, "due": c.due or None})
            else:
                sections[n][i] = s.model_copy(update={"flags": tuple(f for f in s.flags if f is not c.flag)})
    return draft.model_copy(update={
        "sections": tuple(DraftSection(item=d.item, title=d.title, statements=tuple(s)) for d, s in zip(draft.sections, sections, strict=True)),
        "speakers": speakers, "meeting": meeting}), transcript


def _with_present(attendance: tuple[Presence, ...], name: str) -> tuple[Presence, ...]:
    if any(p.person.name == name for p in attendance):
        return tuple(p.model_copy(update={"present": True}) if p.person.name == name else p for p in attendance)
    return (*attendance, Presence(person=Person(name=name), present=True, sources=("granskaren",)))


def _corrected(c: CorrectWord, transcript: Transcript, sections: list[list[Statement]]) -> tuple[Transcript, list[list[Statement]]]:
    word = re.compile(rf"(?<!\w){re.escape(c.heard)}(?!\w)", re.IGNORECASE)
    touched: set[tuple[str, int]] = set()
    utterances = []
    for u in transcript.utterances:
        if word.search(u.text):
            touched.add((u.recording, u.start - u.offset))
            u = u.model_copy(update={"text": word.sub(lambda _: c.meant, u.text)})
        utterances.append(u)

    def again(s: Statement) -> Statement:
        if not any((e.recording, e.start) in touched for e in s.evidence):
            return s
        return s.model_copy(update={"text": word.sub(lambda _: c.meant, s.text), "flags": tuple(dict.fromkeys((*s.flags, Flag.NAME)))})

    return transcript.model_copy(update={"utterances": tuple(utterances)}), [[again(s) for s in rows] for rows in sections]
