"""The review of a meeting: changes in order, states, and what two reviewers at once may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.archive import audit
from pipeline.archive.archive import Archive
from pipeline.archive.drafts import digest
from pipeline.archive.tables import Edit, Meeting, Revision, now
from pipeline.errors import ArchiveError, ConflictError, UsageError
from pipeline.meeting import Draft, Transcript
from pipeline.review import Change, Redraft, reviewed

STATES = ("utkast", "granskad", "färdigställd")
_CHANGE: TypeAdapter[Change] = TypeAdapter(Change)


@dataclass(frozen=True)
class Review:
    """A draft as it stands. ``version`` names it: who changes must know the version he changes."""

    meeting_id: str
    version: str
    draft: Draft
    transcript: Transcript


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    at: dt.datetime
    who: str
    change: dict[str, Any]


def _effective(rows: list[Edit]) -> list[Edit]:
    """The changes that hold: "undo" takes the last one before it back."""
    kept: list[Edit] = []
    for row in rows:
        if row.change.get("do") == "undo":
            if kept:
                kept.pop()
        else:
            kept.append(row)
    return kept


def _missing(meeting: Meeting | None) -> ArchiveError:
    return ArchiveError("Mötet har inget utkast ännu." if meeting else "Mötet finns inte.")


def _load(session: Session, meeting_id: str) -> tuple[Meeting, Revision, list[Edit]]:
    meeting = session.get(Meeting, meeting_id)
    revision = session.scalars(select(Revision).where(Revision.meeting_id == meeting_id).order_by(Revision.number.desc()).limit(1)).first()
    if meeting is None or revision is None:
        raise _missing(meeting)
    edits = list(session.scalars(select(Edit).where(Edit.meeting_id == meeting_id).order_by(Edit.number)))
    return meeting, revision, edits


def _content(revision: int, edits: int) -> str:
    """Names the content of a draft: which revision, with how many changes."""
    return f"{revision}.{edits}"


def _version(meeting: Meeting, revision: Revision, edits: list[Edit]) -> str:
    return f"{_content(revision.number, len(edits))}.{meeting.state}"


def standing(session: Session, meeting_id: str) -> tuple[Meeting, str]:
    """A meeting and the content of its draft that stands, without reading the draft. Raises ArchiveError when there is none."""
    meeting = session.get(Meeting, meeting_id)
    revision = session.scalar(select(func.max(Revision.number)).where(Revision.meeting_id == meeting_id))
    if meeting is None or revision is None:
        raise _missing(meeting)
    edits = session.scalar(select(func.count()).select_from(Edit).where(Edit.meeting_id == meeting_id)) or 0
    return meeting, _content(revision, edits)


def ensure_seen(version: str, seen: str) -> None:
    """Raises ConflictError when what was seen is not the version that stands."""
    if version != seen:
        raise ConflictError("Någon annan har ändrat utkastet. Läs igenom det igen först.")


def _review(meeting: Meeting, revision: Revision, edits: list[Edit]) -> Review:
    draft, transcript = Draft.model_validate(revision.draft), Transcript.model_validate(revision.transcript)
    changes = [_CHANGE.validate_python(e.change) for e in _effective(edits)]
    draft, transcript = reviewed(draft, transcript, changes)
    return Review(meeting.id, _version(meeting, revision, edits), draft.model_copy(update={"state": meeting.state}), transcript)


def current(archive: Archive, meeting_id: str) -> Review:
    """The draft with all changes. Raises ArchiveError when there is none."""
    with archive.session() as session:
        loaded = _load(session, meeting_id)
    return _review(*loaded)


def with_machine_draft(archive: Archive, meeting_id: str) -> tuple[Review, Draft]:
    """The draft with all changes, and before any change of a person's. Raises ArchiveError when there is none."""
    with archive.session() as session:
        loaded = _load(session, meeting_id)
    return _review(*loaded), Draft.model_validate(loaded[1].draft)


def change(archive: Archive, meeting_id: str, version: str, given: dict[str, Any] | Redraft, who: str) -> Review:
    """Make one change (or {"do": "undo"}) to the version that the reviewer sees. What the machine wrote anew comes from
    the program alone.

    Raises ConflictError when somebody else was first, UsageError when the change cannot be made.
    """
    try:
        parsed = given if isinstance(given, Redraft) else None if given == {"do": "undo"} else _CHANGE.validate_python(given)
    except ValidationError as error:
        raise UsageError(f"Ändringen kan inte göras: {error.errors()[0]['msg']}.") from error
    if isinstance(given, dict) and isinstance(parsed, Redraft):
        raise UsageError("Ändringen kan inte göras: bara programmet skriver om en punkt.")
    try:
        with archive.session() as session:
            meeting, revision, edits = _load(session, meeting_id)
            if _version(meeting, revision, edits) != version:
                raise ConflictError("Någon annan har ändrat utkastet. Det du ser är nu uppdaterat; gör om din ändring.")
            if meeting.state == "färdigställd":
                raise UsageError("Anteckningarna är färdigställda. Öppna dem igen för att ändra.")
            if parsed is None and not _effective(edits):
                raise UsageError("Det finns inget att ångra.")
            edit = Edit(meeting_id=meeting_id, number=len(edits) + 1, who=who, created=now(),
                        change=parsed.model_dump(mode="json") if parsed else {"do": "undo"})
            review = _review(meeting, revision, [*edits, edit])
            session.add(edit)
            digest(session, meeting_id, review.draft, review.transcript)
            audit.record(session, who, "ändring", meeting_id, edit.change["do"])
        return review
    except IntegrityError as error:
        raise ConflictError("Någon annan har ändrat utkastet. Det du ser är nu uppdaterat; gör om din ändring.") from error


def set_state(archive: Archive, meeting_id: str, version: str, state: str, who: str) -> Review:
    """Move a meeting to another state, also back: reopening leaves its trace. Raises ConflictError, UsageError."""
    if state not in STATES:
        raise UsageError(f"Okänt läge. Välj bland {', '.join(STATES)}.")
    with archive.session() as session:
        meeting, revision, edits = _load(session, meeting_id)
        ensure_seen(_version(meeting, revision, edits), version)
        audit.record(session, who, "läge", meeting_id, f"{meeting.state} → {state}")
        meeting.state, meeting.state_at, meeting.state_by = state, now(), who
    return _review(meeting, revision, edits)


def history(archive: Archive, meeting_id: str) -> list[Line]:
    """Every change with who and when, the last first."""
    with archive.session() as session:
        rows = session.scalars(select(Edit).where(Edit.meeting_id == meeting_id).order_by(Edit.number.desc()))
        return [Line(e.created, e.who, e.change) for e in rows]
