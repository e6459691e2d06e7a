"""ingest: any audio or video that PyAV decodes → 16 kHz mono samples on disk, read in pieces.

The samples lie in a temporary file of 16-bit integers that is mapped into memory, so that three
hours of audio cost no more memory than what is being looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from pipeline.errors import OutputError, RecordingError
from pipeline.meeting import Ms, timecode

RECORDING_ENDINGS = (".mp4", ".m4a", ".mp3", ".wav", ".mkv", ".mov", ".webm", ".ogg", ".opus", ".flac", ".aac", ".wma", ".avi")
SAMPLE_RATE = 16000
MINIMUM: Ms = 3000
LONGEST_HOURS = 24
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Audio:
    """Decoded sound: ``samples`` (n,) int16 at 16 kHz, and what was wrong with the file."""

    samples: npt.NDArray[np.int16]
    warnings: tuple[str, ...] = ()

    @property
    def duration(self) -> Ms:
        return len(self.samples) * 1000 // SAMPLE_RATE

    def piece(self, start: Ms, end: Ms) -> npt.NDArray[np.float32]:
        """The samples from start to end as floats in -1..1."""
        first, last = start * SAMPLE_RATE // 1000, end * SAMPLE_RATE // 1000
        return self.samples[first:last].astype(np.float32) / 32768.0


def is_recording(path: Path) -> bool:
    """Whether a file holds sound or moving pictures, told by its content and never by its name."""
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            return any(s.type in ("audio", "video") for s in container.streams) and (
                container.format.name not in ("tty", "png_pipe", "image2", "jpeg_pipe", "srt", "webvtt"))
    except (av.FFmpegError, OSError, ValueError):
        return False


def read_samples(path: Path, progress: Progress, problems: list[str]) -> Iterator[bytes]:
    """Chunks of int16 mono at 16 kHz. Raises RecordingError when nothing can be read."""
    name = path.name
    if not path.is_file():
        raise RecordingError(f"Inspelningen {path} finns inte.")
    if path.stat().st_size == 0:
        raise RecordingError(f"Filen {name} är tom. Hämta inspelningen på nytt från Teams.")
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise RecordingError(
            f"Filen {name} går inte att läsa som ljud eller film. Den kan vara avbruten under hämtningen eller "
            f"ha fel filändelse. Hämta den på nytt och försök igen. ({error})") from error
    with container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise RecordingError(f"Filen {name} innehåller inget ljudspår.")
        total = float(container.duration or 0) / 1_000_000
        if not stream.codec_context.sample_rate:
            raise RecordingError(f"Ljudspåret i {name} är skadat.")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        written, first = 0, None
        try:
            for frame in container.decode(stream):
                if first is None and frame.pts is not None and frame.time_base is not None:
                    first = float(frame.pts * frame.time_base)
                    lead = min(int(max(0.0, first) * SAMPLE_RATE), 3600 * SAMPLE_RATE)
                    if lead > SAMPLE_RATE // 100:  # sound that begins after time zero keeps its times
                        written += lead
                        yield bytes(2 * lead)
                for converted in resampler.resample(frame):
                    data = converted.to_ndarray().tobytes()
                    written += len(data) // 2
                    yield data
                if total:
                    progress(min(1.0, written / SAMPLE_RATE / total))
        except (av.FFmpegError, ValueError) as error:
            if not written:
                raise RecordingError(f"Ljudet i {name} går inte att avkoda. ({error})") from error
            problems.append(f"Inspelningen är skadad efter {timecode(written * 1000 // SAMPLE_RATE)}; "
                            "resten kunde inte läsas.")
        seconds = written / SAMPLE_RATE
        if not problems and total - seconds > max(5.0, 0.05 * total):
            problems.append(f"Inspelningen är avbruten: {timecode(int(seconds * 1000))} av "
                            f"{timecode(int(total * 1000))} kunde läsas.")


def _decode(path: Path, raw: Path, progress: Progress) -> list[str]:
    """Write the samples of a recording to a file, in a process of its own; what was wrong with it. Raises as ``decode`` does."""
    command = [sys.executable, "-m", "pipeline.stages.decoding", str(path.absolute()), str(raw)]
    told: dict[str, Any] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True) as child:
        try:
            for line in child.stdout or ():
                told = json.loads(line)
                if "progress" in told:
                    progress(told["progress"])
        except BaseException:  # cancelled while reading: nothing may go on behind
            child.kill()
            raise
    if "full" in told:
        raise OutputError(f"Ljudet kunde inte packas upp: {told['full']}. Frigör diskutrymme och försök igen.")
    if "refused" in told:
        raise RecordingError(told["refused"])
    if "problems" not in told:
        raise RecordingError(f"Filen {path.name} gick inte att avkoda: avkodaren avbröts. Spara om inspelningen som .mp4 eller .wav "
                             "och försök igen.")
    return list(told["problems"])


@contextmanager
def decode(path: Path, progress: Progress = lambda _: None) -> Iterator[Audio]:
    """The sound of a recording, for as long as the context lasts.

    Raises RecordingError when the file holds no usable sound, OutputError when the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="protokollist-") as folder:
        raw = Path(folder) / "ljud.s16"
        problems = _decode(path, raw, progress)
        size = raw.stat().st_size // 2
        if size * 1000 // SAMPLE_RATE < MINIMUM:
            raise RecordingError(f"Inspelningen {path.name} är kortare än {MINIMUM // 1000} sekunder.")
        samples: npt.NDArray[np.int16] = np.memmap(raw, dtype=np.int16, mode="r", shape=(size,))
        try:
            yield Audio(samples, tuple(problems))
        finally:
            del samples
