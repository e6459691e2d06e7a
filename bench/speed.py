"""Time and memory of each stage on a recording of given length, beside other ways to run the same Whisper weights.

    python bench/speed.py [--minutes 30] [--peers sequential batched transformers openai]

The sample recording is repeated to the length asked for. The peers transcribe it with the same weights, beam and threads, in
the same run: faster-whisper's sequential and batched modes (int8, as ours), transformers and OpenAI's package (float32, for they
have no int8; bench/whispers.py converts the weights). The last two need torch, and "pip install openai-whisper". Every step
runs in a process of its own, so that peaks of memory are its own.
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
import numpy.typing as npt

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


def ours(folder: str) -> tuple[dict[str, float], float, float]:
    """(seconds of each stage, seconds by the clock, peak of memory)."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as cache:
        run = Run(settings.model_copy(update={"cache_folder": Path(cache)}), Options())
        began = time.perf_counter()
        stages = run.draft(gather(Path(folder))).seconds
        return stages, time.perf_counter() - began, _peak_mb()


def _sound(folder: str) -> npt.NDArray[np.float32]:
    with decode(Path(folder) / "mote.wav") as audio:
        return audio.piece(0, audio.duration)


def _weights() -> tuple[Settings, Path]:
    """The settings, and the folder of the weights that all run."""
    settings = Settings()
    store = ModelStore(settings.models_folder)
    return settings, store.path(chosen_speech(settings, store))


def _faster(folder: str, batch: int | None) -> tuple[float, float]:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    settings, weights = _weights()
    model = WhisperModel(str(weights), device="cpu", compute_type="int8",
                         cpu_threads=settings.threads, local_files_only=True)
    sound = _sound(folder)
    how = {"language": "sv", "beam_size": settings.beam_size, "word_timestamps": True, "vad_filter": True}
    began = time.perf_counter()
    if batch:
        segments, _ = BatchedInferencePipeline(model).transcribe(sound, batch_size=batch, **how)
    else:
        segments, _ = model.transcribe(sound, condition_on_previous_text=False, **how)
    for _ in segments:
        pass
    return time.perf_counter() - began, _peak_mb()


def sequential(folder: str) -> tuple[float, float]:
    return _faster(folder, None)


def batched(folder: str) -> tuple[float, float]:
    return _faster(folder, 8)


def transformers(folder: str) -> tuple[float, float]:
    import torch
    from transformers import pipeline

    from bench.whispers import for_transformers

    settings, weights = _weights()
    torch.set_num_threads(settings.threads)
    model, tokenizer, extractor = for_transformers(weights)
    hear = pipeline("automatic-speech-recognition", model=model, tokenizer=tokenizer, feature_extractor=extractor)
    sound = _sound(folder)
    began = time.perf_counter()
    hear({"raw": sound, "sampling_rate": SAMPLE_RATE}, return_timestamps=True,
         generate_kwargs={"language": "sv", "task": "transcribe", "num_beams": settings.beam_size})
    return time.perf_counter() - began, _peak_mb()


def openai(folder: str) -> tuple[float, float]:
    import torch
    import whisper  # type: ignore[import-untyped]

    from bench.whispers import for_openai

    settings, weights = _weights()
    torch.set_num_threads(settings.threads)
    with tempfile.TemporaryDirectory() as scratch:
        model = whisper.load_model(str(for_openai(weights, Path(scratch) / "model.pt")), device="cpu")
    sound = _sound(folder)
    began = time.perf_counter()
    model.transcribe(sound, language="sv", beam_size=settings.beam_size, fp16=False, condition_on_previous_text=False)
    return time.perf_counter() - began, _peak_mb()


PEERS = {"sequential": ("faster-whisper, one after another", sequential), "batched": ("faster-whisper, batches of 8", batched),
         "transformers": ("transformers", transformers), "openai": ("OpenAI's package", openai)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--peers", nargs="*", choices=tuple(PEERS), default=["sequential", "batched"])
    args = parser.parse_args()
    minutes = args.minutes
    with tempfile.TemporaryDirectory() as scratch, get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        folder = str(repeated(Path(scratch) / "mote", minutes))
        seconds, total, peak = pool.apply(ours, (folder,))
        theirs = {name: pool.apply(PEERS[name][1], (folder,)) for name in args.peers}
    print(f"{minutes:g} minutes of sound, {os.cpu_count()} cores, {platform.processor() or platform.machine()}\n")
    print("| step | seconds | of the recording's length | peak MB |\n| --- | --- | --- | --- |")
    for stage, value in seconds.items():
        print(f"| {stage} | {value:.1f} | {value / minutes / 60:.3f} | |")
    print(f"| recording to draft, by the clock | {total:.1f} | {total / minutes / 60:.3f} | {peak:.0f} |")
    for name, (value, memory) in theirs.items():
        print(f"| transcription alone: {PEERS[name][0]} | {value:.1f} | {value / minutes / 60:.3f} | {memory:.0f} |")
    print("\ntranscription: " + ", ".join(f"{value / seconds['transcribe']:.1f} × the speed of {PEERS[name][0]}" for name, (value, _) in theirs.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
