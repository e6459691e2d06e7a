"""The names that Teams gives to recordings and transcripts.

``<title>-YYYYMMDD_HHMMSS[UTC]-<kind in any language>.<ending>``, possibly percent-encoded, with å, ä,
ö composed or decomposed. With UTC the time is UTC; without it, whether it is local is not certain.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_NAME = re.compile(r"^(?P<title>.+?)-(?P<day>\d{8})_(?P<clock>\d{6})(?P<utc>UTC)?-(?P<kind>.+?)(?:\.\w{2,4})?$")


@dataclass(frozen=True)
class RecordingName:
    """``start`` is local time in Stockholm; ``certain`` says whether its zone was written."""

    title: str
    start: datetime
    certain: bool


def parse_recording_name(filename: str) -> RecordingName | None:
    """What a Teams file name tells, or None when it is no such name.

    >>> parse_recording_name("RAG nuklearmedicin-20260114_120015UTC-Meeting Recording.mp4").start.isoformat()
    '2026-01-14T13:00:15+01:00'
    """
    name = unicodedata.normalize("NFC", unquote(filename))
    match = _NAME.match(name)
    if not match:
        return None
    try:
        start = datetime.strptime(match["day"] + match["clock"], "%Y%m%d%H%M%S")
    except ValueError:
        return None
    zone = UTC if match["utc"] else STOCKHOLM
    title = re.sub(r"\s*_([^_]+)_?\s*$", r" \1", match["title"]).strip()
    return RecordingName(title, start.replace(tzinfo=zone).astimezone(STOCKHOLM), bool(match["utc"]))
