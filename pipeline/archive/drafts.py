"""Drafts in the archive: what the machine wrote, as revisions that never change."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.archive.tables import Revision
from pipeline.meeting import Draft, Transcript

MACHINE = "maskin"


def add_revision(session: Session, meeting_id: str, draft: Draft, transcript: Transcript, made_by: str = MACHINE) -> int:
    """Store a draft as the meeting's next revision, within a transaction; returns its number."""
    number = (session.scalar(select(func.max(Revision.number)).where(Revision.meeting_id == meeting_id)) or 0) + 1
    session.add(Revision(meeting_id=meeting_id, number=number, made_by=made_by, draft=draft.model_dump(mode="json"),
                         transcript=transcript.model_dump(mode="json")))
    return number
