"""Meeting invitations: .ics (iCalendar) and .msg (Outlook)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import icalendar
from icalendar.prop import vBroken

from pipeline.errors import DocumentError
from pipeline.teams.names import TeamsName, parse_name
from pipeline.teams.recording import STOCKHOLM
from pipeline.teams.text import text_of

_BOILERPLATE = re.compile(
    r"(?im)^\s*(?:_{6,}|\.{10,}|-{10,}|microsoft teams[- ]?(?:möte|meeting|need help)?.*|anslut (?:till mötet|på datorn).*|"
    r"klicka här för att ansluta.*|jobba på datorn.*|mötes-id:.*|meeting id:.*|join (?:the meeting|on your).*)\s*$")
_OWN_ADDRESS = re.compile(r"(?i)microsoft teams[- ]?(?:möte|meeting)?")


@dataclass(frozen=True)
class Invitee:
    name: TeamsName
    email: str | None
    organiser: bool = False
    declined: bool = False
    list_address: bool = False


@dataclass(frozen=True)
class Invitation:
    """What an invitation says; times are local in Stockholm, ``body`` without Teams' own text."""

    title: str
    start: datetime | None
    end: datetime | None
    place: str | None
    invitees: tuple[Invitee, ...]
    body: str
    warnings: tuple[str, ...] = ()


def strip_boilerplate(body: str) -> str:
    """The text above Teams' joining instructions."""
    match = _BOILERPLATE.search(body)
    return (body[:match.start()] if match else body).strip()


def html_text(source: str) -> str:
    """Rough text of an HTML body: list items and blocks on lines of their own."""
    source = re.sub(r"(?is)<(script|style|head)\b.*?</\1>", "", source)
    source = re.sub(r"(?i)<li\b[^>]*>", "\n- ", source)
    source = re.sub(r"(?i)<br\s*/?>|</?(?:p|div|tr|h\d|ul|ol|table)\b[^>]*>", "\n", source)
    text = html.unescape(re.sub(r"<[^>]+>", "", source))
    return re.sub(r"\n\s*\n+", "\n", text).strip()


def is_invitation(data: bytes) -> bool:
    return b"BEGIN:VCALENDAR" in data[:2048]


def _address(value: Any) -> str | None:
    text = re.sub(r"(?i)^mailto:", "", str(value)).strip().casefold()
    return text or None


def _invitee(value: Any, organiser: bool = False) -> Invitee:
    parameters = getattr(value, "params", {})
    email = _address(value)
    raw = str(parameters.get("CN") or email or "")
    name = parse_name(raw, email)
    kind = str(parameters.get("CUTYPE", "")).upper()
    if kind in ("ROOM", "RESOURCE") and not name.room:
        name = TeamsName(raw, name.organisation, name.guest, room=True)
    return Invitee(name, email, organiser, str(parameters.get("PARTSTAT", "")).upper() == "DECLINED", kind == "GROUP")


def _local(value: Any) -> datetime | None:
    moment = None if isinstance(value, vBroken) else getattr(value, "dt", None)
    if isinstance(moment, datetime):
        return moment.astimezone(STOCKHOLM) if moment.tzinfo else moment.replace(tzinfo=STOCKHOLM)
    if isinstance(moment, date):
        return datetime(moment.year, moment.month, moment.day, tzinfo=STOCKHOLM)
    return None


def read_invitation(path: Path, day: date | None = None) -> Invitation:
    """An .ics invitation. Of a series, the instance on ``day`` is told.

    Raises DocumentError when the file is no calendar file.
    """
    try:
        calendar = icalendar.Calendar.from_ical(text_of(path.read_bytes()))
        events = list(calendar.walk("VEVENT"))
    except Exception as error:  # icalendar raises ValueError, KeyError and more on broken input
        raise DocumentError(f"Kallelsen {path.name} går inte att läsa som kalenderfil.") from error
    if not events:
        raise DocumentError(f"Kallelsen {path.name} innehåller inget möte.")
    return _event(events, day)


def _event(events: list[Any], day: date | None) -> Invitation:
    warnings: list[str] = []
    event = next((e for e in events if day and (s := _local(e.get("DTSTART"))) and s.date() == day), events[0])
    start, end = _local(event.get("DTSTART")), _local(event.get("DTEND"))
    if start is None:
        warnings.append("Kallelsens tid går inte att läsa; fyll i datum och tid själv.")
    if day and start and start.date() != day and event.get("RRULE"):
        length = end - start if end else None
        start = datetime.combine(day, start.time(), STOCKHOLM)
        end = start + length if length else None
        warnings.append("Kallelsen gäller en serie; mötets datum har tagits från annan källa.")
    values = event.get("ATTENDEE") or []
    listed = [_invitee(v) for v in (values if isinstance(values, list) else [values])]
    if organiser := event.get("ORGANIZER"):
        chair = _invitee(organiser, organiser=True)
        listed = [chair, *(i for i in listed if i.email != chair.email)]
    body = str(event.get("DESCRIPTION") or "")
    if not body.strip():
        body = html_text(str(event.get("X-ALT-DESC") or ""))
    place = str(event.get("LOCATION") or "").strip() or None
    return Invitation(str(event.get("SUMMARY") or "").strip(), start, end, _place(place), tuple(listed),
                      strip_boilerplate(body), tuple(warnings))


def _place(text: str | None) -> str | None:
    """"Microsoft Teams-möte; Mötesrum Lund 3" → "Teams samt Mötesrum Lund 3"."""
    if not text:
        return None
    parts = [p.strip() for p in re.split(r"[;\n]", text) if p.strip()]
    parts = ["Teams" if _OWN_ADDRESS.fullmatch(p) else p for p in parts]
    return " samt ".join(dict.fromkeys(parts))


_PID_START, _PID_END = 0x0060, 0x0061  # PidTagStartDate, PidTagEndDate (MS-OXPROPS), UTC


def read_msg(path: Path) -> Invitation:
    """An Outlook message with an invitation: title, people, text, and its time where the message carries it.

    Raises DocumentError.
    """
    from oxmsg import Message

    try:
        message = Message.load(str(path))
        title = str(message.subject or "")
        body = str(message.body or "") or html_text(str(message.html_body or ""))
        people = [Invitee(parse_name(r.name or r.email_address or "", r.email_address),
                          (r.email_address or "").casefold() or None) for r in message.recipients]
        start, end = (_utc(message.properties.date_prop_value(pid)) for pid in (_PID_START, _PID_END))
    except Exception as error:  # the library raises many kinds on what is no .msg file
        raise DocumentError(f"Meddelandet {path.name} går inte att läsa som Outlook-fil.") from error
    warnings = () if start else (f"{path.name} anger ingen tid; exportera hellre kallelsen som .ics.",)
    return Invitation(title, start, end, None, tuple(people), strip_boilerplate(body), warnings)


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(STOCKHOLM)
