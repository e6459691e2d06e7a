"""Speech to words: Whisper through faster-whisper (CTranslate2), batched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps

from pipeline.errors import ModelError

SAMPLE_RATE = 16000
MAX_WINDOW_SECONDS = 30
Audio = npt.NDArray[np.float32]
Span = tuple[float, float]


@dataclass(frozen=True)
class HeardWord:
    """A word with its time in seconds from the start of the audio and its probability."""

    start: float
    end: float
    text: str
    probability: float


@dataclass(frozen=True)
class HeardSegment:
    start: float
    end: float
    text: str
    words: tuple[HeardWord, ...]
    compression_ratio: float
    average_log_probability: float


class Whisper:
    """A Whisper model in CTranslate2's format, from a local folder.

    Raises ModelError when the folder holds no such model or it is damaged.
    """

    def __init__(self, folder: Path, threads: int, beam_size: int = 5) -> None:
        try:
            self._model = WhisperModel(str(folder), device="auto", compute_type="default" if _has_gpu() else "int8",
                                       cpu_threads=threads, local_files_only=True)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"Talmodellen i {folder} kan inte laddas: {error}") from error
        self._batched = BatchedInferencePipeline(self._model)
        self.beam_size = beam_size

    def transcribe(self, audio: Audio, spans: Sequence[Span], hotwords: str | None) -> list[HeardSegment]:
        """The words said within the given spans (seconds, each at most 30 s), in Swedish."""
        if not spans:
            return []
        segments, _ = self._batched.transcribe(
            audio, language="sv", beam_size=self.beam_size, batch_size=8, word_timestamps=True,
            hotwords=hotwords or None, vad_filter=False, condition_on_previous_text=False,
            clip_timestamps=[{"start": a, "end": b} for a, b in spans])
        return [HeardSegment(
            s.start, s.end, s.text.strip(),
            tuple(HeardWord(w.start, w.end, w.word.strip(), w.probability) for w in s.words or ()),
            s.compression_ratio, s.avg_logprob) for s in segments]

    def language(self, audio: Audio) -> tuple[str, float]:
        """The language most likely spoken, with its probability."""
        code, probability, _ = self._model.detect_language(audio)
        return code, float(probability)


def _has_gpu() -> bool:
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count())


def voiced_spans(audio: Audio, *, minimum_silence_ms: int = 400) -> list[Span]:
    """Where there is speech, in seconds (Silero VAD, carried by faster-whisper)."""
    options = VadOptions(min_silence_duration_ms=minimum_silence_ms, speech_pad_ms=200, min_speech_duration_ms=200,
                         max_speech_duration_s=MAX_WINDOW_SECONDS)
    return [(t["start"] / SAMPLE_RATE, t["end"] / SAMPLE_RATE) for t in get_speech_timestamps(audio, options)]
