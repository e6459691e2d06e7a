"""Teams transcripts as Word files: a line with name and offset, then what was said.

"Anna Berg   0:03" (three blanks, a tab or a line break between), text paragraphs below. A line of talk
that ends in a time ("vi ses 10:30") is no speaker line: its words are not followed by a wide gap.
"""

from __future__ import annotations

import re
from pathlib import Path

import docx

from pipeline.errors import RecordingError
from pipeline.meeting import Ms, Transcript, Utterance

_HEADER = re.compile(r"^(?P<name>\S.{0,80}?)(?:\s{2,}|\t|\n)\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*$")
_OLD = re.compile(r"^(\d+:\d+:\d+)(?:\.\d+)?\s*-->\s*\d+:\d+:\d+")
_STOPPED = re.compile(r"(?i)^(?P<name>.+?) (?:started|stopped|startade|stoppade|avslutade) (?:transcription|transkription\w*)$")


def _ms(text: str) -> Ms:
    value = 0
    for part in text.split(":"):
        value = value * 60 + int(part)
    return value * 1000


def read_transcript_docx(path: Path) -> Transcript:
    """The utterances of a Teams transcript in Word. Raises RecordingError when the file is none."""
    try:
        document = docx.Document(str(path))
    except Exception as error:  # python-docx raises many kinds for what is no Word file
        raise RecordingError(f"{path.name} går inte att läsa som Word-dokument.") from error
    lines: list[str] = []
    for paragraph in document.paragraphs:
        text = paragraph.text.strip("\n")
        header = _HEADER.match("\n".join(text.split("\n")[:2])) if "\n" in text else None
        if header and "\n" in text:
            first, *rest = text.split("\n")
            lines += [first + "\t" + rest[0], *rest[1:]] if not _HEADER.match(first) else [first, *rest]
        else:
            lines += text.split("\n")
    return parse_lines(lines, path.name)


def parse_lines(lines: list[str], name: str) -> Transcript:
    """The utterances of a transcript's lines. Raises RecordingError when there is none."""
    turns: list[tuple[Ms, str, list[str]]] = []
    pending: Ms | None = None
    for line in lines:
        if header := _HEADER.match(line):
            turns.append((_ms(header["time"]), " ".join(header["name"].split()), []))
        elif old := _OLD.match(line):
            pending = _ms(old[1])
        elif pending is not None and line.strip():
            turns.append((pending, " ".join(line.split()), []))
            pending = None
        elif turns and line.strip() and not _STOPPED.match(line.strip()):
            turns[-1][2].append(" ".join(line.split()))
    utterances = []
    for number, (start, speaker, said) in enumerate(turns):
        text = " ".join(said)
        if not text:
            continue
        following = turns[number + 1][0] if number + 1 < len(turns) else start + 1000 * max(2, len(text) // 14)
        utterances.append(Utterance(start=start, end=max(start, following), speaker=speaker, text=text))
    if not utterances:
        raise RecordingError(f"{name} ser inte ut som ett Teams-transkript (inga rader med namn och tid).")
    return Transcript(utterances=tuple(utterances), duration=utterances[-1].end, source="Teams-transkript")
