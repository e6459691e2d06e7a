"""Gallring: how long each kind of artefact is kept after a meeting's state, and deletion that is real.

The periods are a group's or an authority's own decision (DOMAIN: informationshanteringsplan); the
defaults keep everything. A legal hold stops all deletion of a meeting.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from pipeline.archive import audit
from pipeline.archive.archive import OPEN, Archive
from pipeline.archive.tables import Approval, Artefact, Deletion, Digest, Edit, Job, Meeting, Remark, Revision, StruckPair, now
from pipeline.errors import UsageError
from pipeline.store import Store

STEPS_KEPT = 24 * 3600.0  # seconds
KINDS = ("recording", "transcript", "material", "drafts")
_RULE = re.compile(r"^(?P<days>\d{1,5})d efter (?P<state>utkast|granskad|färdigställd)$")


@dataclass(frozen=True)
class Due:
    """Something whose time has come: kind, name and the rule."""

    meeting_id: str
    title: str
    kind: str
    name: str
    sha256: str | None
    rule: str


def _rules(rules: Mapping[str, str]) -> dict[str, tuple[int, str, str]]:
    """kind → (days, state, rule as written). Raises UsageError that shows how a rule is written."""
    found = {}
    for kind, rule in rules.items():
        match = _RULE.match(rule.strip())
        if kind not in KINDS or not match:
            raise UsageError(f'Gallringsregeln {kind} = "{rule}" går inte att tolka. Skriv till exempel recording = "14d efter färdigställd"; '
                             f"slagen är {', '.join(KINDS)}.")
        found[kind] = int(match["days"]), match["state"], rule
    return found


_ORDER = ("utkast", "granskad", "färdigställd")


def plan(archive: Archive, rules: Mapping[str, str], at: dt.datetime | None = None) -> list[Due]:
    """What would be deleted now. Meetings on hold, or with work going on, are left alone. Raises UsageError."""
    parsed, moment = _rules(rules), at or now()
    due: list[Due] = []
    with archive.session() as session:
        busy = set(session.scalars(select(Job.meeting_id).where(Job.status.in_(OPEN))))
        for meeting in session.scalars(select(Meeting).where(Meeting.legal_hold.is_(False))):
            if meeting.id in busy:
                continue
            for kind, (days, state, rule) in parsed.items():
                reached = _ORDER.index(meeting.state) >= _ORDER.index(state)
                if not reached or meeting.state_at + dt.timedelta(days=days) > moment:
                    continue
                if kind == "drafts":
                    if session.scalars(select(Revision.id).where(Revision.meeting_id == meeting.id).limit(1)).first():
                        due.append(Due(meeting.id, meeting.title, kind, "utkast och ändringar", None, rule))
                    continue
                due += [Due(meeting.id, meeting.title, kind, a.name, a.sha256, rule) for a in session.scalars(select(Artefact).where(
                    Artefact.meeting_id == meeting.id, Artefact.kind == kind, Artefact.deleted.is_(None)))]
    return due


def carry_out(archive: Archive, due: Sequence[Due], who: str) -> int:
    """Delete files and rows, with a line in the deletion log and the audit log each; returns how many.

    Finished steps in the cache hold what was said, too, and do not know their meetings: where there is anything to be deleted by
    rule, none outlives a day. What is asked for again is computed again.
    """
    done = 0
    if due or archive.settings.retention:
        Store(archive.settings.steps_folder).clear(older_than=STEPS_KEPT)
    for item in due:
        with archive.session() as session:
            meeting = session.get(Meeting, item.meeting_id)
            if meeting is None or meeting.legal_hold:
                continue
            if item.sha256 is None:
                for table in (Edit, Revision, Digest, Remark, Approval, StruckPair):
                    session.execute(delete(table).where(table.meeting_id == item.meeting_id))
            else:
                rows = session.scalars(select(Artefact).where(
                    Artefact.meeting_id == item.meeting_id, Artefact.sha256 == item.sha256, Artefact.deleted.is_(None))).all()
                for row in rows:
                    row.deleted = now()
                session.flush()
                shared = session.scalars(select(Artefact.id).where(Artefact.sha256 == item.sha256, Artefact.deleted.is_(None)).limit(1)).first()
                if shared is None:
                    archive.files.delete(item.sha256)
                    for made in (archive.settings.cache_folder / "lyssna").glob(f"{item.sha256}.*"):
                        made.unlink(missing_ok=True)
            session.add(Deletion(meeting_id=item.meeting_id, kind=item.kind, name=item.name, sha256=item.sha256, reason=item.rule))
            audit.record(session, who, "gallrat", item.meeting_id, item.kind)
            done += 1
    return done
