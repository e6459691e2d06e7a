"""Teams transcripts as WebVTT, in their four dialects.

(a) downloaded from Teams: cue ids and ``<v Name>``; (b) Graph content: unpadded and possibly negative
times; (c) Graph metadata: a JSON object a cue with absolute times; (d) without speakers. Tolerated:
byte order marks, CR and CRLF, HTML entities, times without hours, missing ``</v>``, NOTE and STYLE.
"""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from pathlib import Path

from pipeline.errors import RecordingError
from pipeline.meeting import Ms, Transcript, Utterance
from pipeline.teams.text import text_of

_TIME = r"(-?)(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,7}))?"
_CUE = re.compile(rf"^\s*{_TIME}\s+-->\s+{_TIME}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
UNKNOWN_SPEAKER = "Talare 1"
LARGEST = 64 * 1024 * 1024


def _ms(sign: str, hours: str | None, minutes: str, seconds: str, fraction: str | None) -> Ms:
    value = (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000
    value += int(((fraction or "0") + "000")[:3])
    return -value if sign else value


def is_vtt(data: bytes) -> bool:
    """Whether a file's first bytes are those of a WebVTT file."""
    return re.match(rb"\s*WEBVTT", data.removeprefix(b"\xef\xbb\xbf")) is not None or (
        data[:2] in (b"\xff\xfe", b"\xfe\xff") and "WEBVTT" in data[:64].decode("utf-16", errors="ignore"))


def read_vtt(path: Path) -> Transcript:
    """The utterances of a transcript, in time order. Raises RecordingError when the file is none."""
    name = path.name
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise RecordingError(f"Transkriptet {name} är orimligt stort.")
    try:
        text = text_of(data)
    except ValueError as error:
        raise RecordingError(f"Transkriptet {name} är inte en textfil.") from error
    if not is_vtt(data):
        raise RecordingError(f"{name} är inget WebVTT-transkript (det ska börja med WEBVTT).")
    return parse_vtt(text, name)


def parse_vtt(text: str, name: str = "transkriptet") -> Transcript:
    """The utterances of WebVTT text. Raises RecordingError when it holds no cue."""
    warnings: list[str] = []
    cues: list[Utterance] = []
    spoken_from: datetime | None = None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = [i for i, line in enumerate(lines) if _CUE.match(line)]
    anonymous = 0
    for number, index in enumerate(starts):
        match = _CUE.match(lines[index])
        assert match is not None
        groups = match.groups()
        start, end = _ms(*groups[:5]), _ms(*groups[5:])
        limit = starts[number + 1] if number + 1 < len(starts) else len(lines)
        body: list[str] = []
        for line in lines[index + 1:limit]:
            if not line.strip():
                break
            body.append(line.strip())
        payload = " ".join(body)
        if payload.startswith("{") and "spokenText" in payload:
            try:
                row = json.loads(payload)
            except ValueError:
                warnings.append(f"En replik i {name} kunde inte tolkas.")
                continue
            speaker, said = str(row.get("speakerName") or ""), str(row.get("spokenText") or "")
            if spoken_from is None and (stamp := str(row.get("startDateTime") or "")):
                try:
                    spoken_from = datetime.fromisoformat(stamp)
                except ValueError:
                    spoken_from = None
        else:
            voice = _VOICE.search(payload)
            speaker = html.unescape(voice[1]).strip() if voice else ""
            said = html.unescape(_TAG.sub("", payload))
        said = " ".join(said.split())
        if not said:
            continue
        anonymous += not speaker
        cues.append(Utterance(start=start, end=max(end, start), speaker=" ".join(speaker.split()) or UNKNOWN_SPEAKER,
                              text=said))
    if not cues:
        raise RecordingError(f"Transkriptet {name} innehåller inga repliker.")
    if anonymous == len(cues):
        warnings.append(f"{name} anger inte vem som talar.")
    cues.sort(key=lambda c: c.start)
    return Transcript(utterances=tuple(cues), duration=max(c.end for c in cues), source="Teams-transkript",
                      warnings=tuple(dict.fromkeys(warnings)))
