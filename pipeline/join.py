"""Several recordings of one meeting → one transcript on one clock, with the pauses between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from pipeline.meeting import Ms, Recording, Transcript

SHORTEST_PAUSE: Ms = 30_000


@dataclass(frozen=True)
class Heard:
    """One recording's transcript with its file's name and when it began, if that is known."""

    name: str
    start: datetime | None
    transcript: Transcript


def joined(parts: Sequence[Heard]) -> Transcript:
    """One transcript of all parts. A part begins as long after the first as the files' names say, else right after the last."""
    offsets: list[Ms] = []
    for part in parts:
        earliest = offsets[-1] + parts[len(offsets) - 1].transcript.duration if offsets else 0
        known = parts[0].start and part.start and int((part.start - parts[0].start) / timedelta(milliseconds=1))
        offsets.append(max(earliest, known or 0))
    utterances, gaps, recordings = [], [], []
    voices = 0
    for number, (part, offset) in enumerate(zip(parts, offsets, strict=True), 1):
        t = part.transcript
        recordings.append(Recording(id=str(number), name=part.name, offset=offset, duration=t.duration))
        utterances += [u.model_copy(update={
            "start": u.start + offset, "end": u.end + offset, "offset": offset, "recording": str(number),
            "words": tuple(w.model_copy(update={"start": w.start + offset, "end": w.end + offset}) for w in u.words),
            "speaker": _apart(u.speaker, voices), "voice": u.voice and _apart(u.voice, voices),
        }) for u in t.utterances]
        voices += max((n for u in t.utterances for v in (u.speaker, u.voice or "") if (n := _number(v))), default=0)
        gaps += [g.model_copy(update={"start": g.start + offset, "end": g.end + offset}) for g in t.gaps]
    warnings = [w for p in parts for w in p.transcript.warnings]
    for (a, first), (b, second) in pairwise(zip(parts, recordings, strict=True)):
        pause = second.offset - first.offset - first.duration
        clock = f" kl. {b.start:%H.%M}" if b.start else ""
        told = f" efter {round(pause / 60_000)} minuters uppehåll" if pause > SHORTEST_PAUSE and a.start and b.start else ""
        warnings.append(f"Inspelningen avbröts och fortsätter i {b.name}{clock}{told}. Det som sades däremellan finns inte med.")
    return Transcript(
        utterances=tuple(utterances), gaps=tuple(gaps), recordings=tuple(recordings),
        duration=max((r.offset + r.duration for r in recordings), default=0),
        source=" och ".join(dict.fromkeys(p.transcript.source for p in parts)), warnings=tuple(dict.fromkeys(warnings)))


def _number(speaker: str) -> int:
    """The number of an anonymous voice, 0 of a name."""
    label, _, count = speaker.rpartition(" ")
    return int(count) if label in ("Talare", "Speaker") and count.isdigit() else 0


def _apart(speaker: str, before: int) -> str:
    """Voices of different recordings are not known to be the same: numbers go on after those ``before``."""
    number = _number(speaker)
    return f"Talare {number + before}" if number and before else speaker
