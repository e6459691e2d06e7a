"""Pairs of talk and minutes from finished reviews, in the format that our own model is trained on.

Only of groups that have decided so (``lar_av_granskning``; ``learn_from_reviews`` decides for meetings of no group), only from
finished minutes, and never left the machine: they are for retraining there. An administrator looks through them and strikes out;
nothing is stored but what was struck, so that pairs live as long as the drafts that they come from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from models.minutes.format import KIND_NAMES
from pipeline.archive import audit
from pipeline.archive.archive import Archive
from pipeline.archive.reviews import with_machine_draft
from pipeline.archive.tables import GroupRow, Meeting, StruckPair
from pipeline.errors import ArchiveError, UsageError
from pipeline.group import Group
from pipeline.meeting import Draft, DraftSection, Evidence, Kind, Statement, Utterance

WORDS = 110  # of talk in a pair, as the program cuts it


@dataclass(frozen=True)
class Learnt:
    """A pair of a finished meeting. ``start`` and ``end`` are milliseconds on the meeting's clock; ``row`` is the training format,
    with what the machine wrote as "machine"."""

    start: int
    end: int
    row: dict[str, Any]
    struck: bool


@dataclass(frozen=True)
class Source:
    """A finished meeting that may be learnt from."""

    meeting_id: str
    title: str
    day: str | None
    group: str


def sources(archive: Archive) -> list[Source]:
    """The finished meetings whose group wants it so, oldest first."""
    with archive.session() as session:
        groups = {row.id: Group.model_validate(row.content) for row in session.scalars(select(GroupRow))}
        finished = session.scalars(select(Meeting).where(Meeting.state == "färdigställd").order_by(Meeting.created))
        wanted = [(m, groups.get(m.group_id or "")) for m in finished]
        return [Source(m.id, m.title, m.day, group.namn if group else "") for m, group in wanted
                if (group.lar_av_granskning if group else archive.settings.learn_from_reviews)]


def _demand_source(archive: Archive, meeting_id: str) -> None:
    if meeting_id not in {s.meeting_id for s in sources(archive)}:
        raise ArchiveError("Mötet finns inte, är inte färdigställt, eller hör till en grupp som inte vill att programmet lär av det.")


def pairs_of(archive: Archive, meeting_id: str) -> list[Learnt]:
    """What can be learnt of a meeting: talk, what the machine wrote of it, and what a person let stand. Raises ArchiveError."""
    _demand_source(archive, meeting_id)
    return _pairs(archive, meeting_id)


def all_pairs(archive: Archive) -> list[tuple[Source, list[Learnt]]]:
    """Every meeting that may be learnt from, with its pairs."""
    return [(source, _pairs(archive, source.meeting_id)) for source in sources(archive)]


def _pairs(archive: Archive, meeting_id: str) -> list[Learnt]:
    review, machine = with_machine_draft(archive, meeting_id)
    with archive.session() as session:
        struck = [(s.start, s.end) for s in session.scalars(select(StruckPair).where(StruckPair.meeting_id == meeting_id))]
    found = []
    for section in review.draft.sections:
        for talk in _stretches(section, review.transcript.utterances):
            start, end = talk[0].start, talk[-1].end
            found.append(Learnt(start, end, _row(meeting_id, review.draft, section, talk, machine), any(s < end and start < e for s, e in struck)))
    return found


def strike(archive: Archive, meeting_id: str, start: int, end: int, struck: bool, who: str) -> None:
    """Leave out what was said between two times, or take it back in; it holds however later changes cut the talk.

    Raises ArchiveError, UsageError.
    """
    if not 0 <= start < end:
        raise UsageError("Ange från och till, i millisekunder.")
    _demand_source(archive, meeting_id)
    with archive.session() as session:
        session.execute(delete(StruckPair).where(StruckPair.meeting_id == meeting_id, StruckPair.start < end, StruckPair.end > start))
        if struck:
            session.add(StruckPair(meeting_id=meeting_id, start=start, end=end))
        audit.record(session, who, "par struket" if struck else "par återtaget", meeting_id, f"{start}–{end}")


def export(archive: Archive, who: str) -> list[dict[str, Any]]:
    """The rows of a file for training: everything that may be learnt and is not struck. The audit log tells of it."""
    rows = [pair.row for _, pairs in all_pairs(archive) for pair in pairs if not pair.struck]
    with archive.session() as session:
        audit.record(session, who, "par exporterade", "", str(len(rows)))
    return rows


def _supports(evidence: Evidence, u: Utterance) -> bool:
    return evidence.recording == u.recording and evidence.start < u.end - u.offset and u.start - u.offset < evidence.end


def _stretches(section: DraftSection, utterances: tuple[Utterance, ...]) -> Iterator[list[Utterance]]:
    """The talk that a section rests on, with what lies close between, in stretches as long as the program's own."""
    used = sorted({n for s in section.statements for e in s.evidence for n, u in enumerate(utterances) if _supports(e, u)})
    stretch: list[Utterance] = []
    for before, at in zip([None, *used], used, strict=False):
        new = utterances[before + 1 if before is not None else at:at + 1]
        words = sum(len(u.text.split()) for u in new)
        if stretch and (words > WORDS or words + sum(len(u.text.split()) for u in stretch) > WORDS):
            yield stretch
            stretch, new = [], utterances[at:at + 1]
        stretch += new
    if stretch:
        yield stretch


def _row(meeting_id: str, draft: Draft, section: DraftSection, talk: list[Utterance], machine: Draft) -> dict[str, Any]:
    day = draft.meeting.date or dt.date(2026, 1, 1)

    def of_talk(statements: Iterable[Statement]) -> list[dict[str, Any]]:
        return [_out(s, draft) for s in statements if s.evidence and any(_supports(s.evidence[0], u) for u in talk)]

    return {"id": f"granskad-{meeting_id[:8]}-{section.item or 0}-{talk[0].start // 1000}", "date": day.isoformat(), "item": section.title,
            "turns": [[draft.speakers.get(u.speaker, u.speaker), u.text] for u in talk], "out": of_talk(section.statements),
            "machine": of_talk(s for m in machine.sections if m.item == section.item for s in m.statements), "tags": ["reviewed"]}


def _out(s: Statement, draft: Draft) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": KIND_NAMES[s.kind], "text": s.text}
    if s.kind is Kind.ACTION:
        row |= {"who": draft.speakers.get(s.owner, s.owner) if s.owner else None, "due": s.due}
    return row
