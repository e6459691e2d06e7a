"""Who is asked about a draft: remarks until a date, and the justerare who approve it by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from pipeline.archive import audit
from pipeline.archive.archive import Archive
from pipeline.archive.reviews import ensure_seen, standing
from pipeline.archive.tables import Approval, Remark, now
from pipeline.errors import UsageError


@dataclass(frozen=True)
class RemarkView:
    id: int
    statement: str | None
    who: str
    text: str
    created: dt.datetime
    settled: bool


@dataclass(frozen=True)
class ApprovalView:
    """``holds`` tells whether what was approved is what stands now."""

    name: str
    approved: dt.datetime | None
    noted_by: str | None
    holds: bool


@dataclass(frozen=True)
class Opinions:
    """What is asked and what was answered about a draft. ``until`` is an ISO date."""

    until: str | None
    remarks: tuple[RemarkView, ...]
    approvals: tuple[ApprovalView, ...]


def opinions(archive: Archive, meeting_id: str) -> Opinions:
    """Everything that was said about a draft. Raises ArchiveError when there is none."""
    with archive.session() as session:
        meeting, content = standing(session, meeting_id)
        remarks = session.scalars(select(Remark).where(Remark.meeting_id == meeting_id).order_by(Remark.id))
        approvals = session.scalars(select(Approval).where(Approval.meeting_id == meeting_id).order_by(Approval.name))
        return Opinions(
            meeting.remarks_until, tuple(RemarkView(r.id, r.statement, r.who, r.text, r.created, r.settled is not None) for r in remarks),
            tuple(ApprovalView(a.name, a.approved, a.noted_by, a.approved is not None and a.version == content) for a in approvals))


def ask_until(archive: Archive, meeting_id: str, until: str | None, who: str) -> None:
    """The last day on which remarks are wanted. Raises UsageError when it is no date."""
    try:
        day = dt.date.fromisoformat(until).isoformat() if until else None
    except ValueError as error:
        raise UsageError("Skriv datumet som 2026-11-30.") from error
    with archive.session() as session:
        standing(session, meeting_id)[0].remarks_until = day
        audit.record(session, who, "synpunkter till", meeting_id, day or "")


def remark(archive: Archive, meeting_id: str, text: str, whose: str, who: str, statement: str | None = None) -> None:
    """Note a remark, one's own or one that came another way. Raises UsageError when it is empty."""
    if not text.strip():
        raise UsageError("Skriv vad som bör ändras.")
    with archive.session() as session:
        standing(session, meeting_id)
        session.add(Remark(meeting_id=meeting_id, statement=statement, who=whose.strip() or who, noted_by=who, text=text.strip()))
        audit.record(session, who, "synpunkt", meeting_id)


def settle(archive: Archive, meeting_id: str, remark_id: int, who: str) -> None:
    """A remark has been dealt with. Raises UsageError when there is none."""
    with archive.session() as session:
        found = session.get(Remark, remark_id)
        if found is None or found.meeting_id != meeting_id:
            raise UsageError("Synpunkten finns inte.")
        found.settled = found.settled or now()
        audit.record(session, who, "synpunkt klar", meeting_id)


def appoint(archive: Archive, meeting_id: str, name: str, who: str) -> None:
    """Name a justerare; one who is named already stays. Raises UsageError when the name is empty."""
    name = " ".join(name.split())[:200]
    if len(name) < 2:
        raise UsageError("Skriv justerarens namn.")
    with archive.session() as session:
        standing(session, meeting_id)
        if session.get(Approval, (meeting_id, name)) is None:
            session.add(Approval(meeting_id=meeting_id, name=name))
            audit.record(session, who, "justerare utsedd", meeting_id, name)


def dismiss(archive: Archive, meeting_id: str, name: str, who: str) -> None:
    """Take back that somebody is justerare."""
    with archive.session() as session:
        if found := session.get(Approval, (meeting_id, name)):
            session.delete(found)
            audit.record(session, who, "justerare struken", meeting_id, name)


def approve(archive: Archive, meeting_id: str, name: str, seen: str, who: str) -> None:
    """A justerare approves the version that was seen. Raises ConflictError when it has changed, UsageError for a stranger."""
    with archive.session() as session:
        meeting, content = standing(session, meeting_id)
        ensure_seen(f"{content}.{meeting.state}", seen)
        found = session.get(Approval, (meeting_id, name))
        if found is None:
            raise UsageError(f"{name} är inte utsedd till justerare.")
        found.approved, found.version, found.noted_by = now(), content, who
        audit.record(session, who, "justerat", meeting_id, name)
