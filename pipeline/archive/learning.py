"""Pairs of talk and minutes from finished reviews, in the format that our own model is trained on.

Only where the group has decided so (``learn_from_reviews``), only from finished minutes, and never left the
machine: the file is for retraining there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from models.minutes.format import KIND_NAMES
from pipeline.archive.archive import Archive
from pipeline.archive.reviews import current
from pipeline.archive.tables import Meeting
from pipeline.meeting import Draft, Kind, Statement, Transcript

WORDS = 110  # of talk in a pair, as the program cuts it


def pairs_from_reviews(archive: Archive) -> Iterator[dict[str, Any]]:
    """A pair for every stretch of every finished meeting: what was said there, and what a person let stand of it."""
    with archive.session() as session:
        finished = list(session.scalars(select(Meeting.id).where(Meeting.state == "färdigställd").order_by(Meeting.created)))
    for meeting_id in finished:
        review = current(archive, meeting_id)
        yield from _pairs(meeting_id, review.draft, review.transcript)


def _pairs(meeting_id: str, draft: Draft, transcript: Transcript) -> Iterator[dict[str, Any]]:
    day = draft.meeting.date or dt.date(2026, 1, 1)
    for section in draft.sections:
        spans = sorted((e.start, e.end) for s in section.statements for e in s.evidence)
        if not spans:
            continue
        talk = [u for u in transcript.utterances if spans[0][0] <= u.start - u.offset <= spans[-1][1]]
        stretches: list[list[Any]] = [[]]
        for u in talk:
            if sum(len(x.text.split()) for x in stretches[-1]) > WORDS:
                stretches.append([])
            stretches[-1].append(u)
        for number, stretch in enumerate(s for s in stretches if s):
            first, last = stretch[0].start - stretch[0].offset, stretch[-1].end - stretch[-1].offset
            mine = [s for s in section.statements if s.evidence and first <= s.evidence[0].start < last]
            yield {"id": f"granskad-{meeting_id[:8]}-{section.item or 0}-{number}", "date": day.isoformat(), "item": section.title,
                   "turns": [[draft.speakers.get(u.speaker, u.speaker), u.text] for u in stretch],
                   "out": [_out(s, draft) for s in mine], "tags": ["reviewed"]}


def _out(s: Statement, draft: Draft) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": KIND_NAMES[s.kind], "text": s.text}
    if s.kind is Kind.ACTION:
        row |= {"who": draft.speakers.get(s.owner, s.owner) if s.owner else None, "due": s.due}
    return row
