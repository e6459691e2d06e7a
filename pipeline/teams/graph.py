"""Microsoft Graph's JSON: attendance reports and the particulars of a transcript.

Resources: meetingAttendanceReport with attendanceRecords, callTranscript; alone, or in a list under
``value``. All times are UTC with up to seven decimals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import DocumentError
from pipeline.teams.attendance import AttendanceReport, Attendee, merged
from pipeline.teams.names import parse_name
from pipeline.teams.recording import STOCKHOLM
from pipeline.teams.text import text_of

LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True)
class TranscriptParticulars:
    """When a transcript began and ended (local time); ``correlation`` links it to its recording."""

    start: datetime | None
    end: datetime | None
    correlation: str | None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.astimezone(STOCKHOLM).replace(tzinfo=None) if moment.tzinfo else moment


def _rows(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file, unpacked from Graph's lists. Raises DocumentError."""
    if path.stat().st_size > LARGEST:
        raise DocumentError(f"{path.name} är orimligt stor.")
    try:
        found = json.loads(text_of(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path.name} går inte att läsa som JSON.") from error
    if isinstance(found, dict) and isinstance(found.get("value"), list):
        found = found["value"]
    rows = found if isinstance(found, list) else [found]
    return [r for r in rows if isinstance(r, dict)]


def is_graph_attendance(path: Path) -> bool:
    """Whether a file holds attendance records. Raises DocumentError when it is no JSON."""
    return any("attendanceRecords" in r or "attendanceIntervals" in r for r in _rows(path))


def read_graph_attendance(path: Path, day: date | None = None) -> AttendanceReport:
    """The participants of Graph's reports; of several, those of ``day`` when there are any. Raises DocumentError."""
    rows = _rows(path)
    reports = [r for r in rows if isinstance(r.get("attendanceRecords"), list)]
    if not reports and any("attendanceIntervals" in r for r in rows):
        reports = [{"attendanceRecords": rows}]
    that_day = [r for r in reports if day and (m := _moment(r.get("meetingStartDateTime"))) and m.date() == day]
    reports = that_day or reports
    attendees = [a for r in reports for row in r["attendanceRecords"] if isinstance(row, dict) and (a := _attendee(row))]
    if not attendees:
        raise DocumentError(f"{path.name} innehåller inga deltagare.")
    starts = [m for r in reports if (m := _moment(r.get("meetingStartDateTime")))]
    ends = [m for r in reports if (m := _moment(r.get("meetingEndDateTime")))]
    unnamed = sum(not a.raw for a in attendees)
    warnings = (f"{unnamed} deltagare i {path.name} saknar namn.",) if unnamed else ()
    return AttendanceReport(None, min(starts, default=None), max(ends, default=None),
                            merged(a for a in attendees if a.raw), warnings)


def _attendee(row: dict[str, Any]) -> Attendee | None:
    identity = row.get("identity")
    raw = str((identity.get("displayName") if isinstance(identity, dict) else None) or row.get("emailAddress") or "")
    email = str(row.get("emailAddress") or "").casefold() or None
    intervals = row.get("attendanceIntervals")
    found = Attendee(raw, parse_name(raw, email), email, row.get("role") == "Organizer")
    for interval in intervals if isinstance(intervals, list) else ():
        if not isinstance(interval, dict):
            continue
        joined, left = _moment(interval.get("joinDateTime")), _moment(interval.get("leaveDateTime"))
        if joined and left and left >= joined:
            found.intervals.append((joined, left))
    return found


def read_transcript_particulars(path: Path) -> TranscriptParticulars | None:
    """The particulars of a callTranscript, or None when the file holds none. Raises DocumentError."""
    for row in _rows(path):
        if "transcriptContentUrl" in row or "contentCorrelationId" in row:
            return TranscriptParticulars(_moment(row.get("createdDateTime")), _moment(row.get("endDateTime")),
                                         row.get("contentCorrelationId"))
    return None
