"""Find what belongs to a meeting in a folder, by content and not by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.agenda import AgendaDocument, parse_agenda, read_agenda
from pipeline.errors import DocumentError, ProtokollistError, RecordingError, UsageError
from pipeline.facts import Sources
from pipeline.meeting import Transcript
from pipeline.stages.ingest import is_recording
from pipeline.teams.attendance import AttendanceReport, is_attendance, read_attendance
from pipeline.teams.invitation import Invitation, is_invitation, read_invitation, read_msg
from pipeline.teams.recording import parse_recording_name
from pipeline.teams.text import text_of
from pipeline.teams.transcript_docx import read_transcript_docx
from pipeline.teams.transcript_vtt import is_vtt, read_vtt

_MINUTES = re.compile(r"(?i)minutes|minnesanteckning|protokoll(?!ist)|motesanteckning|mötesanteckning")
_AGENDA = re.compile(r"(?i)agenda|dagordning|föredragningslista|kallelse")
OUTPUT_FOLDER = "utkast"


@dataclass(frozen=True)
class Found:
    """The material of one meeting: at least a recording or a transcript."""

    recording: Path | None = None
    transcript: Transcript | None = None
    sources: Sources = field(default_factory=Sources)
    files: dict[str, str] | None = None
    warnings: tuple[str, ...] = ()


def _head(path: Path, size: int = 65536) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _agenda_likeness(path: Path) -> tuple[float, AgendaDocument] | None:
    """How much a document is an agenda, with what it says; None when it is none."""
    if path.suffix.casefold() not in (".md", ".txt", ".docx", ".markdown", ""):
        return None
    try:
        document = read_agenda(path)
    except DocumentError:
        return None
    likeness = 1.0
    if _AGENDA.search(path.stem):
        likeness += 3
    if _MINUTES.search(path.stem):
        likeness -= 4
    if path.suffix.casefold() != ".docx":
        text = text_of(path.read_bytes())
        likeness += 2 * bool(re.search(r"(?im)^\W*(?:dagordning|agenda|föredragningslista)\b", text))
        likeness -= 2 * bool(re.search(r"(?im)^\W*(?:frånvarande|närvarande)\W*$", text))
    return likeness, document


def gather(folder: Path) -> Found:
    """Everything in a folder that belongs to its meeting. Raises UsageError when there is nothing to draft from."""
    if not folder.is_dir():
        raise UsageError(f"Mappen {folder} finns inte.")
    recordings: list[Path] = []
    transcripts: list[tuple[Path, Transcript]] = []
    agendas: list[tuple[float, Path, AgendaDocument]] = []
    invitation: Invitation | None = None
    attendance_path: Path | None = None
    files: dict[str, str] = {}
    warnings: list[str] = []
    try:
        entries = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as error:
        raise UsageError(f"Mappen {folder} går inte att läsa: {error.strerror}.") from error
    for path in entries:
        try:
            head = _head(path)
            if is_vtt(head):
                transcripts.append((path, read_vtt(path)))
            elif is_invitation(head):
                invitation = read_invitation(path)
                files["kallelse"] = path.name
            elif path.suffix.casefold() == ".msg":
                invitation = invitation or read_msg(path)
                files.setdefault("kallelse", path.name)
            elif path.suffix.casefold() == ".csv" and is_attendance(head):
                attendance_path = path
                files["närvaro"] = path.name
            elif path.suffix.casefold() == ".docx" and (docx := _transcript_docx(path)):
                transcripts.append((path, docx))
            elif (likely := _agenda_likeness(path)) is not None:
                if likely[0] > 0:
                    agendas.append((likely[0], path, likely[1]))
            elif path.suffix.casefold() not in (".json", ".csv", ".pdf", ".png", ".jpg", ".html", ".toml") and is_recording(path):
                recordings.append(path)
        except ProtokollistError as error:
            warnings.append(f"{path.name} hoppas över: {error}")
        except (OSError, ValueError) as error:
            warnings.append(f"{path.name} kunde inte läsas: {error}")
    if not recordings and not transcripts:
        detail = f" {' '.join(warnings)}" if warnings else ""
        raise UsageError(f"Varken inspelning eller transkript hittades i {folder}.{detail}")
    if len(recordings) > 1:
        warnings.append(f"Flera inspelningar hittades; {recordings[0].name} används.")
    agenda = max(agendas, key=lambda a: a[0], default=None)
    document = agenda[2] if agenda else None
    if agenda:
        files["dagordning"] = agenda[1].name
    if document is None and invitation and len((parsed := parse_agenda(invitation.body)).agenda):
        document = parsed
        files["dagordning"] = f"{files.get('kallelse', 'kallelsen')} (ur kallelsens text)"
    day = (document.date if document else None) or (invitation.start.date() if invitation and invitation.start else None)
    attendance = _attendance(attendance_path, day, warnings)
    transcript = max(transcripts, key=lambda t: len(t[1].utterances), default=None)
    if transcript:
        files["transkript"] = transcript[0].name
        warnings += transcript[1].warnings
    if recordings:
        files["inspelning"] = recordings[0].name
    named = next((n for p in (*recordings, *(t[0] for t in transcripts)) if (n := parse_recording_name(p.name))), None)
    return Found(recordings[0] if recordings else None, transcript[1] if transcript else None,
                 Sources(document, invitation, attendance, named, folder.name), files, tuple(warnings))


def _transcript_docx(path: Path) -> Transcript | None:
    try:
        return read_transcript_docx(path)
    except RecordingError:
        return None


def _attendance(path: Path | None, day: date | None, warnings: list[str]) -> AttendanceReport | None:
    if path is None:
        return None
    try:
        return read_attendance(path, day)
    except DocumentError as error:
        warnings.append(str(error))
        return None


def single(recording: Path, agenda: Path | None) -> Found:
    """A recording or transcript by itself, with an agenda if one is given.

    Raises RecordingError or DocumentError when one of them cannot be used.
    """
    if not recording.exists():
        raise RecordingError(f"Filen {recording} finns inte.")
    if recording.stat().st_size == 0:
        raise RecordingError(f"Filen {recording.name} är tom. Hämta inspelningen på nytt från Teams.")
    document: AgendaDocument | None = None
    invitation: Invitation | None = None
    if agenda:
        if agenda.is_file() and is_invitation(_head(agenda)):
            invitation = read_invitation(agenda)
            document = parse_agenda(invitation.body)
        else:
            document = read_agenda(agenda)
    named = parse_recording_name(recording.name)
    sources = Sources(document, invitation, None, named, recording.stem)
    files = {"dagordning": agenda.name} if agenda else {}
    if is_vtt(_head(recording)):
        transcript = read_vtt(recording)
        return Found(None, transcript, sources, {**files, "transkript": recording.name}, transcript.warnings)
    if recording.suffix.casefold() == ".docx":
        transcript = read_transcript_docx(recording)
        return Found(None, transcript, sources, {**files, "transkript": recording.name})
    return Found(recording, None, sources, {**files, "inspelning": recording.name},
                 document.warnings if document else ())
