"""Find what belongs to a meeting in a folder, by content and not by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from pipeline.agenda import AgendaDocument, parse_agenda, read_agenda
from pipeline.errors import DocumentError, ProtokollistError, RecordingError, UsageError
from pipeline.facts import Sources
from pipeline.group import FILE_NAME, Group, read_group
from pipeline.meeting import Transcript
from pipeline.previous import open_actions
from pipeline.stages.ingest import RECORDING_ENDINGS, is_recording
from pipeline.teams.attendance import AttendanceReport, is_attendance, read_attendance, sessions
from pipeline.teams.graph import is_graph_attendance, read_graph_attendance, read_transcript_particulars
from pipeline.teams.invitation import Invitation, is_invitation, read_invitation, read_msg
from pipeline.teams.recording import parse_recording_name
from pipeline.teams.text import text_of
from pipeline.teams.transcript_docx import read_transcript_docx
from pipeline.teams.transcript_vtt import is_vtt, read_vtt

_MINUTES = re.compile(r"(?i)minutes|minnesanteckning|protokoll(?!ist)|motesanteckning|mötesanteckning")
_AGENDA = re.compile(r"(?i)agenda|dagordning|föredragningslista|kallelse")
OUTPUT_FOLDER = "utkast"


@dataclass(frozen=True)
class Part:
    """One recording of a meeting, its Teams transcript, or both; ``start`` is when it began, if its name tells."""

    recording: Path | None = None
    transcript: Transcript | None = None
    name: str = ""
    start: datetime | None = None


@dataclass(frozen=True)
class Found:
    """The material of one meeting: at least one recording or transcript."""

    parts: tuple[Part, ...] = ()
    sources: Sources = field(default_factory=Sources)
    files: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


SAME_START = timedelta(minutes=10)
SAME_TALK = 0.3


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


_ENDINGS = {".vtt": "ett transkript"} | dict.fromkeys(RECORDING_ENDINGS, "ljud eller video")


def gather(folder: Path, group: Path | None = None, previous: Path | None = None) -> Found:
    """Everything in a folder that belongs to its meeting.

    ``group`` is the group's file (else grupp.toml in the folder or the one above), ``previous`` the
    minutes of the last meeting. Raises UsageError when there is nothing to draft from, DocumentError
    when a file that was named cannot be used.
    """
    if not folder.is_dir():
        raise UsageError(f"Mappen {folder} finns inte.")
    recordings: list[Path] = []
    transcripts: list[tuple[Path, Transcript]] = []
    agendas: list[tuple[float, Path, AgendaDocument]] = []
    invitations: list[Path] = []
    reports: list[Path] = []
    files: dict[str, str] = {}
    warnings: list[str] = []
    begun: datetime | None = None
    try:
        entries = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as error:
        raise UsageError(f"Mappen {folder} går inte att läsa: {error.strerror}.") from error
    for path in entries:
        ending = path.suffix.casefold()
        try:
            head = _head(path)
            if is_vtt(head):
                transcripts.append((path, read_vtt(path)))
            elif is_invitation(head) or ending == ".msg":
                invitations.append(path)
            elif ending == ".csv" and is_attendance(head):
                reports.append(path)
            elif ending == ".json":
                if is_graph_attendance(path):
                    reports.append(path)
                elif particulars := read_transcript_particulars(path):
                    begun = begun or particulars.start
            elif ending == ".docx" and (docx := _transcript_docx(path)):
                transcripts.append((path, docx))
            elif (likely := _agenda_likeness(path)) is not None:
                if likely[0] > 0:
                    agendas.append((likely[0], path, likely[1]))
            elif ending not in (".csv", ".pdf", ".png", ".jpg", ".html", ".toml") and is_recording(path):
                recordings.append(path)
            elif ending in _ENDINGS:
                warnings.append(f"{path.name} hoppas över: innehållet är inte {_ENDINGS[ending]}. Hämta filen på nytt från Teams.")
        except ProtokollistError as error:
            warnings.append(f"{path.name} hoppas över: {error}")
        except (OSError, ValueError) as error:
            warnings.append(f"{path.name} kunde inte läsas: {error}")
    if not recordings and not transcripts:
        detail = f" {' '.join(warnings)}" if warnings else ""
        raise UsageError(f"Varken inspelning eller transkript hittades i {folder}.{detail}")
    parts = _parts(recordings, transcripts, warnings)
    named = next((n for p in (*recordings, *(t[0] for t in transcripts)) if (n := parse_recording_name(p.name))), None)
    agenda = max(agendas, key=lambda a: a[0], default=None)
    document = agenda[2] if agenda else None
    if agenda:
        files["dagordning"] = agenda[1].name
    day = (document.date if document else None) or (named.start.date() if named else None) or (begun.date() if begun else None)
    invitation = _invitation(invitations, day, files, warnings)
    if document is None and invitation and len((parsed := parse_agenda(invitation.body)).agenda):
        document = parsed
        files["dagordning"] = f"{files.get('kallelse', 'kallelsen')} (ur kallelsens text)"
    day = day or (invitation.start.date() if invitation and invitation.start else None)
    attendance = _attendance(reports, day, files, warnings)
    for kind, found in (("inspelning", [p.recording.name for p in parts if p.recording]),
                        ("transkript", [n for n, _ in _used(transcripts, parts)])):
        if found:
            files[kind] = ", ".join(found)
    return Found(parts, Sources(document, invitation, attendance, named, folder.name, _group(folder, group, files),
                                open_actions(previous) if previous else ()), files, tuple(warnings))


def _used(transcripts: Sequence[tuple[Path, Transcript]], parts: Sequence[Part]) -> list[tuple[str, Transcript]]:
    return [(path.name, t) for path, t in transcripts if any(p.transcript is t for p in parts)]


def _group(folder: Path, named: Path | None, files: dict[str, str]) -> Group:
    """The group's file that was named, or that lies beside the meeting or above it. Raises DocumentError."""
    beside = [folder / FILE_NAME, folder.parent / FILE_NAME]
    path = named or next((p for p in beside if p.is_file()), None)
    if path is None:
        return Group()
    files["grupp"] = path.name
    return read_group(path)


def _started(path: Path) -> datetime | None:
    named = parse_recording_name(path.name)
    return named.start if named else None


def _same_talk(a: Transcript, b: Transcript) -> bool:
    """Whether two transcripts tell the same talk (as .vtt and .docx) and not one after the other."""
    def runs(t: Transcript) -> set[tuple[str, ...]]:
        words = " ".join(u.text.casefold() for u in t.utterances).split()
        return {tuple(words[i:i + 3]) for i in range(len(words) - 2)}

    one, two = runs(a), runs(b)
    return len(one & two) > SAME_TALK * max(1, min(len(one), len(two)))


def _parts(recordings: Sequence[Path], transcripts: Sequence[tuple[Path, Transcript]], warnings: list[str]) -> tuple[Part, ...]:
    """Recordings and transcripts side by side, in the order of the meeting.

    A transcript belongs to the recording that began within ten minutes of it, or that has its name;
    where there is one of each, they belong together.
    """
    distinct: list[tuple[Path, Transcript]] = []
    for path, transcript in sorted(transcripts, key=lambda t: (-len(t[1].utterances), t[0].suffix != ".vtt")):
        if any(_same_talk(transcript, kept) for _, kept in distinct):
            continue
        distinct.append((path, transcript))
    distinct.sort(key=lambda t: (str(_started(t[0]) or ""), t[0].name))
    ordered = sorted(recordings, key=lambda p: (str(_started(p) or ""), p.name))
    left = list(distinct)
    parts: list[Part] = []
    for recording in ordered:
        began = _started(recording)
        fitting = [t for t in left if t[0].stem == recording.stem or (
            began and (at := _started(t[0])) and abs(at - began) < SAME_START)]
        if not fitting and len(ordered) == 1 and len(left) == 1:
            fitting = left
        if not fitting and len(ordered) == len(left) + len(parts) and not any(_started(t[0]) for t in left):
            fitting = left[:1]
        chosen = fitting[0] if fitting else None
        if chosen:
            left.remove(chosen)
        parts.append(Part(recording, chosen[1] if chosen else None, recording.name, began))
    if ordered and left:
        warnings += [f"Transkriptet {p.name} hör inte till någon inspelning och används inte." for p, _ in left]
    elif left:
        parts = [Part(None, t, p.name, _started(p)) for p, t in left]
    for part in parts:
        warnings += part.transcript.warnings if part.transcript else ()
    return tuple(parts)


def _invitation(paths: Sequence[Path], day: date | None, files: dict[str, str], warnings: list[str]) -> Invitation | None:
    """The invitation; an .ics before a .msg, which tells less."""
    for path in sorted(paths, key=lambda p: p.suffix.casefold() == ".msg"):
        try:
            found = read_msg(path) if path.suffix.casefold() == ".msg" else read_invitation(path, day)
        except DocumentError as error:
            warnings.append(f"{path.name} hoppas över: {error}")
            continue
        files["kallelse"] = path.name
        warnings += found.warnings
        return found
    return None


def _transcript_docx(path: Path) -> Transcript | None:
    try:
        return read_transcript_docx(path)
    except RecordingError:
        return None


def _attendance(paths: Sequence[Path], day: date | None, files: dict[str, str], warnings: list[str]) -> AttendanceReport | None:
    """The attendance report; of several sessions, those of the meeting's day as one."""
    read: list[tuple[Path, AttendanceReport]] = []
    for path in paths:
        try:
            graph = path.suffix.casefold() == ".json"
            read.append((path, read_graph_attendance(path, day) if graph else read_attendance(path, day)))
        except DocumentError as error:
            warnings.append(str(error))
    that_day = [(p, r) for p, r in read if day and r.start and r.start.date() == day]
    if len(read) > 1 and not that_day:
        warnings.append(f"Flera närvarorapporter hittades; {read[0][0].name} används.")
    chosen = that_day or read[:1]
    if not chosen:
        return None
    files["närvaro"] = ", ".join(p.name for p, _ in chosen)
    warnings += [w for _, r in chosen for w in r.warnings]
    return sessions([r for _, r in chosen])


def single(recording: Path, agenda: Path | None, group: Path | None = None, previous: Path | None = None) -> Found:
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
    files = {"dagordning": agenda.name} if agenda else {}
    sources = Sources(document, invitation, None, named, recording.stem, _group(recording.parent, group, files),
                      open_actions(previous) if previous else ())
    transcript = read_vtt(recording) if is_vtt(_head(recording)) else (
        read_transcript_docx(recording) if recording.suffix.casefold() == ".docx" else None)
    part = Part(None if transcript else recording, transcript, recording.name, named.start if named else None)
    warnings = transcript.warnings if transcript else document.warnings if document else ()
    return Found((part,), sources, {**files, "transkript" if transcript else "inspelning": recording.name}, warnings)
