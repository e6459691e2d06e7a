"""What the reviewer's player needs: sound whose time zero is ours, in a form every browser plays, and its waveform.

A Teams file may begin at another time than zero, and a browser's clock then differs from ours. So the player gets
sound encoded anew from the very samples that were transcribed, with an index to seek by.
"""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock

import av
import numpy as np

from pipeline.archive import Archive
from pipeline.archive.drafts import recording_name
from pipeline.errors import ArchiveError
from pipeline.stages.ingest import SAMPLE_RATE, decode
from pipeline.store import write_atomically

BLOCK_MS = 60_000
PEAKS_PER_SECOND = 4
_MAKING = Lock()


def listening_files(archive: Archive, meeting_id: str, recording: str) -> tuple[Path, Path]:
    """(sound as .m4a, peaks as .json) of a meeting's recording, made on first use. Raises ArchiveError, RecordingError."""
    with archive.session() as session:
        wanted = recording_name(session, meeting_id, recording)
    sha256 = next((sha for kind, name, sha, _ in archive.artefacts(meeting_id) if kind == "recording" and name == wanted), None)
    if sha256 is None:
        raise ArchiveError("Mötet har ingen inspelning att lyssna på.")
    folder = archive.settings.cache_folder / "lyssna"
    folder.mkdir(parents=True, exist_ok=True)
    sound, peaks = folder / f"{sha256}.m4a", folder / f"{sha256}.json"
    with _MAKING:  # the page asks for both files at once
        if not (sound.is_file() and peaks.is_file()):
            with archive.files.local(sha256) as source:
                _encode(source, sound, peaks)
    return sound, peaks


def _encode(source: Path, sound: Path, peaks: Path) -> None:
    partial = sound.with_suffix(".partial")
    heights: list[float] = []
    with decode(source, lambda _: None) as audio, av.open(str(partial), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("aac", rate=SAMPLE_RATE)
        stream.bit_rate, stream.layout = 48_000, "mono"
        for start in range(0, audio.duration, BLOCK_MS):
            samples = audio.piece(start, min(audio.duration, start + BLOCK_MS))
            step = SAMPLE_RATE // PEAKS_PER_SECOND
            heights += [round(float(np.abs(samples[i:i + step]).max()), 3) for i in range(0, len(samples), step)]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None, :], dtype=np.float32), format="fltp", layout="mono")
            frame.rate, frame.pts = SAMPLE_RATE, start * SAMPLE_RATE // 1000
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    partial.replace(sound)
    write_atomically(peaks, json.dumps({"per_second": PEAKS_PER_SECOND, "peaks": heights}).encode())
