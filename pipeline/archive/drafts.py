"""Drafts in the archive: what the machine wrote, as revisions that never change, and a digest of each as it stands."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.archive.tables import Digest, Revision
from pipeline.meeting import Draft, Kind, Transcript
from pipeline.stages.render import owner_name

MACHINE = "maskin"


def add_revision(session: Session, meeting_id: str, draft: Draft, transcript: Transcript, made_by: str = MACHINE) -> int:
    """Store a draft as the meeting's next revision, within a transaction; returns its number."""
    number = (session.scalar(select(func.max(Revision.number)).where(Revision.meeting_id == meeting_id)) or 0) + 1
    session.add(Revision(meeting_id=meeting_id, number=number, made_by=made_by, draft=draft.model_dump(mode="json"),
                         transcript=transcript.model_dump(mode="json")))
    digest(session, meeting_id, draft, transcript)
    return number


def recording_name(session: Session, meeting_id: str, recording: str) -> str | None:
    """The file's name of a recording of the last revision, without reading the rest of the draft: players ask for it often."""
    last = select(Revision.draft["recordings"]).where(Revision.meeting_id == meeting_id).order_by(Revision.number.desc()).limit(1)
    return next((str(r["name"]) for r in session.scalar(last) or () if r["id"] == recording), None)


def digest(session: Session, meeting_id: str, draft: Draft, transcript: Transcript) -> None:
    """Renew what lists and searches need of a draft, within a transaction."""
    statements = [s for section in draft.sections for s in section.statements]
    words = [draft.meeting.title, *(s.text for s in statements), *(u.text for u in transcript.utterances)]
    session.merge(Digest(
        meeting_id=meeting_id, text="\n".join(words).casefold(), flags=sum(len(s.flags) for s in statements),
        actions=[{"text": s.text, "owner": owner_name(draft, s.owner) if s.owner else "", "due": s.due or ""}
                 for s in statements if s.kind is Kind.ACTION]))
