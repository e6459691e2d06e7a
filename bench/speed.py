"""Time and memory of each stage on a recording of given length, beside faster-whisper's sequential mode.

    python bench/speed.py [--minutes 30]

The sample recording is repeated to the length asked for. The peer is ``WhisperModel.transcribe`` on the
same weights, beam and threads, in the same run. Every step runs in a process of its own, so that peaks of
memory are its own.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import av
import numpy as np

from models.catalogue import ModelStore
from models.loading import chosen_speech
from pipeline.gather import gather
from pipeline.run import Options, Run
from pipeline.settings import Settings
from pipeline.stages.ingest import SAMPLE_RATE, decode

SAMPLE = Path(__file__).parent.parent / "samples" / "mote"


def repeated(folder: Path, minutes: float) -> Path:
    """A folder with the sample's documents and its sound repeated to a length."""
    with decode(SAMPLE / "mote.m4a") as audio:
        once = np.array(audio.samples)
        del audio
    whole = np.resize(once, int(minutes * 60 * SAMPLE_RATE))
    folder.mkdir()
    for name in ("dagordning.md", "närvarorapport.csv"):
        (folder / name).write_bytes((SAMPLE / name).read_bytes())
    with av.open(str(folder / "mote.wav"), "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=SAMPLE_RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
        frame.rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return folder


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(folder: str) -> tuple[dict[str, float], float]:
    settings = Settings()
    with tempfile.TemporaryDirectory() as cache:
        run = Run(settings.model_copy(update={"cache_folder": Path(cache)}), Options())
        return run.draft(gather(Path(folder))).seconds, _peak_mb()


def sequential(folder: str) -> tuple[float, float]:
    from faster_whisper import WhisperModel

    settings = Settings()
    store = ModelStore(settings.models_folder)
    model = WhisperModel(str(store.path(chosen_speech(settings, store))), device="cpu", compute_type="int8",
                         cpu_threads=settings.threads, local_files_only=True)
    with decode(Path(folder) / "mote.wav") as audio:
        sound = audio.piece(0, audio.duration)
        del audio
    began = time.perf_counter()
    segments, _ = model.transcribe(sound, language="sv", beam_size=settings.beam_size, word_timestamps=True, vad_filter=True,
                                   condition_on_previous_text=False)
    for _ in segments:
        pass
    return time.perf_counter() - began, _peak_mb()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as scratch, get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        folder = str(repeated(Path(scratch) / "mote", minutes))
        seconds, peak = pool.apply(ours, (folder,))
        theirs, their_peak = pool.apply(sequential, (folder,))
    total = sum(seconds.values())
    print(f"{minutes:g} minutes of sound, {os.cpu_count()} cores, {platform.processor() or platform.machine()}\n")
    print("| step | seconds | of the recording's length |\n| --- | --- | --- |")
    for stage, value in seconds.items():
        print(f"| {stage} | {value:.1f} | {value / minutes / 60:.3f} |")
    print(f"| recording to draft | {total:.1f} | {total / minutes / 60:.3f} |")
    print(f"| faster-whisper sequential, transcription alone | {theirs:.1f} | {theirs / minutes / 60:.3f} |")
    print(f"\ntranscription {theirs / seconds['transcribe']:.1f} × the sequential mode's speed; "
          f"peak memory {peak:.0f} MB (sequential {their_peak:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
