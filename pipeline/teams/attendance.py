"""Teams attendance reports (.csv), read by structure and not by words, since everything is localised.

New format: three numbered sections (summary, participants, activities). Old format: name, action, time
stamp. UTF-16LE with tabs from Teams; UTF-8 or ANSI with semicolons when saved again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.errors import DocumentError
from pipeline.teams.names import TeamsName, name_key, parse_name
from pipeline.teams.recording import STOCKHOLM
from pipeline.teams.text import text_of

_SECTION = re.compile(r"^\s*([123])\.\s")
_LEAVING = re.compile(r"(?i)^(?:left|lämna|verlass|odszed|opuś|salió|parti|lämnade)")
_ORGANISER = re.compile(r"(?i)^(?:organi[sz]|organisat|arrangör)")
Interval = tuple[datetime, datetime]


@dataclass
class Attendee:
    """A participant as reported: display name taken apart, address, and when it was connected (local time)."""

    raw: str
    name: TeamsName
    email: str | None = None
    organiser: bool = False
    intervals: list[Interval] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return sum((b - a).total_seconds() for a, b in self.intervals)


@dataclass(frozen=True)
class AttendanceReport:
    title: str | None
    start: datetime | None
    end: datetime | None
    attendees: tuple[Attendee, ...]
    warnings: tuple[str, ...] = ()


_CLEAN = re.compile("[\u200e\u200f\u202a-\u202e\ufeff]")
_STAMPS = (
    (re.compile(r"^(\d{4})-(\d\d)-(\d\d)[ T,]+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?"), "ymd"),
    (re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{2,4}),? +(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?"), "dmy"),
    (re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{2,4}),? +(\d{1,2}):(\d\d)(?::(\d\d))? *([AaPp])\.?[Mm]"), "mdy"),
    (re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{2,4}),? +(\d{1,2}):(\d\d)(?::(\d\d))?"), "?"),
)


def parse_stamp(text: str, day: date | None = None) -> datetime | None:
    """A time stamp in any of the forms that Teams writes, or None.

    Day and month of "3/4/26" are told apart by the meeting's date when it is known.
    """
    text = _CLEAN.sub("", text).replace("\u202f", " ").replace("\xa0", " ").strip()
    for pattern, order in _STAMPS:
        match = pattern.match(text)
        if not match:
            continue
        a, b, c = (int(g) for g in match.groups()[:3])
        hour, minute, second = int(match[4]), int(match[5]), int(match[6] or 0)
        if order == "mdy":
            hour = hour % 12 + (12 if match[7] in "Pp" else 0)
        orders = {"ymd": [(a, b, c)], "dmy": [(c, b, a)], "mdy": [(c, a, b), (c, b, a)],
                  "?": [(c, b, a), (c, a, b)]}[order]
        found = []
        for y, m, d in orders:
            try:
                found.append(datetime(y + 2000 if y < 100 else y, m, d, hour, minute, second))
            except ValueError:
                continue
        return next((f for f in found if day and f.date() == day), found[0] if found else None)
    return None


def is_attendance(data: bytes) -> bool:
    """Whether a file looks like an attendance report: a numbered section or name, action and time."""
    try:
        text = text_of(data[:65536])
        rows = _rows(text)
    except (ValueError, csv.Error):
        return False
    stamped = sum(any(parse_stamp(c) for c in row) for row in rows)
    return stamped >= 1 and (any(_SECTION.match(r[0]) for r in rows if r) or (
        stamped >= 2 and any(len(r) == 3 for r in rows)))


def _rows(text: str) -> list[list[str]]:
    sample = text[:20000]
    delimiter = max("\t;,", key=lambda d: (sum(line.count(d) for line in sample.splitlines()[:40]) * (
        3 if d == "\t" else 2 if d == ";" else 1)))
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    return [[_CLEAN.sub("", c).strip() for c in row] for row in reader]


def read_attendance(path: Path, day: date | None = None) -> AttendanceReport:
    """The participants of a report. Raises DocumentError when the file is none."""
    try:
        rows = _rows(text_of(path.read_bytes()))
    except (ValueError, csv.Error) as error:
        raise DocumentError(f"Närvarorapporten {path.name} går inte att läsa.") from error
    return parse_rows(rows, path.name, day)


def parse_rows(rows: list[list[str]], name: str, day: date | None) -> AttendanceReport:
    """The participants of a report's rows. Raises DocumentError when there is none."""
    if any(_SECTION.match(r[0]) for r in rows if r):
        report = _sections(rows, day)
    else:
        report = _actions(rows, day)
    if not report.attendees:
        raise DocumentError(f"{name} ser inte ut som en närvarorapport från Teams.")
    return report


def merged(attendees: Iterable[Attendee]) -> tuple[Attendee, ...]:
    """One entry a participant: the same address, or the same words in the name."""
    kept: list[Attendee] = []
    for a in attendees:
        same = next((k for k in kept if (a.email and a.email == k.email) or name_key(a.name.name) == name_key(k.name.name)),
                    None)
        if same is None:
            kept.append(a)
            continue
        same.intervals = sorted(set(same.intervals) | set(a.intervals))
        same.email = same.email or a.email
        same.organiser = same.organiser or a.organiser
        if same.name.guest and not a.name.guest:
            same.raw, same.name = a.raw, a.name
    return tuple(kept)


def sessions(reports: Sequence[AttendanceReport]) -> AttendanceReport:
    """One report of several sessions of one meeting: Teams begins a new one when all had left."""
    starts = [r.start for r in reports if r.start]
    ends = [r.end for r in reports if r.end]
    return AttendanceReport(
        next((r.title for r in reports if r.title), None), min(starts, default=None), max(ends, default=None),
        merged(a for r in reports for a in r.attendees), tuple(w for r in reports for w in r.warnings))


def _attendee(row: list[str], day: date | None) -> Attendee | None:
    stamps = [s for s in (parse_stamp(c, day) for c in row[1:]) if s]
    if not row or not row[0] or not stamps:
        return None
    email = next((c.casefold() for c in row[1:] if "@" in c), None)
    attendee = Attendee(row[0], parse_name(row[0], email), email, any(_ORGANISER.match(c) for c in row[1:]))
    if len(stamps) >= 2:
        attendee.intervals.append((stamps[0], stamps[1]))
    return attendee


def _from_utc(stamp: datetime) -> datetime:
    return stamp.replace(tzinfo=UTC).astimezone(STOCKHOLM).replace(tzinfo=None)


def _sections(rows: list[list[str]], day: date | None) -> AttendanceReport:
    parts: dict[str, list[list[str]]] = {"1": [], "2": [], "3": []}
    current = ""
    for row in rows:
        if not any(row):
            continue
        if match := _SECTION.match(row[0]):
            current = match[1]
        elif current:
            parts[current].append(row)
    summary = [r for r in parts["1"] if len(r) > 1]
    stamps = [s for s in (parse_stamp(r[1], day) for r in summary) if s]
    participants = [a for a in (_attendee(r, day) for r in parts["2"]) if a]
    activities = [a for a in (_attendee(r, day) for r in parts["3"]) if a]
    active = {name_key(a.name.name) for a in activities}
    for p in participants:  # the activities are the truth about when somebody dropped out
        if name_key(p.name.name) in active:
            p.intervals = []
    title = summary[0][1] if summary and not parse_stamp(summary[0][1], day) else None
    if any("(utc)" in c.casefold() for part in parts.values() for r in part[:1] for c in r):
        stamps = [_from_utc(s) for s in stamps]
        for a in (*participants, *activities):
            a.intervals = [(_from_utc(b), _from_utc(e)) for b, e in a.intervals]
    return AttendanceReport(title, stamps[0] if stamps else None, stamps[1] if len(stamps) > 1 else None,
                            merged([*participants, *activities]))


def _actions(rows: list[list[str]], day: date | None) -> AttendanceReport:
    open_since: dict[str, datetime] = {}
    found: list[Attendee] = []
    stamps: list[datetime] = []
    for row in rows:
        stamp = parse_stamp(row[2], day) if len(row) >= 3 else None
        if stamp is None:
            continue
        stamps.append(stamp)
        raw = row[0]
        if not any(f.raw == raw for f in found):
            found.append(Attendee(raw, parse_name(raw)))
        if _LEAVING.match(row[1]):
            if began := open_since.pop(raw, None):
                next(f for f in found if f.raw == raw).intervals.append((began, stamp))
        else:
            open_since.setdefault(raw, stamp)
    for raw, began in open_since.items():
        next(f for f in found if f.raw == raw).intervals.append((began, max(stamps)))
    return AttendanceReport(None, min(stamps, default=None), max(stamps, default=None), merged(found))
