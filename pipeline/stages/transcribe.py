"""transcribe: audio → words with times and probabilities; nothing that was voiced is lost in silence.

The audio is heard in blocks that end in a pause, so that memory does not grow with its length. Voiced
time without words is heard a second time without hotwords, and then reported as a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import RecordingError
from pipeline.meeting import Gap, Ms, Word
from pipeline.stages.ingest import SAMPLE_RATE, Audio
from pipeline.swedish.hallucinations import is_hallucination, is_loop

Samples = npt.NDArray[np.float32]
Span = tuple[float, float]
BLOCK: Ms = 300_000
LONGEST_WINDOW = 28.0
UNHEARD_SECONDS = 2.4  # voiced time without words, padding included, that is worth a second try
HOTWORD_CHARACTERS = 420
# Languages that Swedish offices do speak: a detector that says Latin or Welsh is only unsure.
FOREIGN = frozenset(("en", "de", "fi", "fr", "es", "nl", "pl", "ar", "so", "fa", "ru", "uk", "tr"))


class SpeechModel(Protocol):
    """What hears words in spans of samples (models.speech.Whisper)."""

    def transcribe(self, audio: Samples, spans: Sequence[Span], hotwords: str | None) -> Sequence[HeardSegment]: ...

    def language(self, audio: Samples) -> tuple[str, float]: ...


class HeardWord(Protocol):
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def probability(self) -> float: ...


class HeardSegment(Protocol):
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def words(self) -> Sequence[HeardWord]: ...
    @property
    def compression_ratio(self) -> float: ...


@dataclass(frozen=True)
class Heard:
    """The words of a recording, the voiced stretches without words, and warnings in Swedish."""

    words: tuple[Word, ...]
    gaps: tuple[Gap, ...]
    warnings: tuple[str, ...] = ()


def hotwords(terms: Iterable[str]) -> str:
    """The words that the recogniser should expect, the most telling first, cut to its window."""
    chosen: list[str] = []
    for term in dict.fromkeys(t.strip() for t in terms):
        if term and sum(len(c) + 2 for c in chosen) + len(term) <= HOTWORD_CHARACTERS:
            chosen.append(term)
    return ", ".join(chosen)


def _windows(spans: Iterable[Span]) -> list[Span]:
    """Voiced spans joined into windows of at most LONGEST_WINDOW seconds."""
    windows: list[Span] = []
    for start, end in spans:
        if windows and end - windows[-1][0] <= LONGEST_WINDOW and start - windows[-1][1] < 3.0:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _is_real(segment: HeardSegment) -> bool:
    """Whether a segment is speech: no loop, and not a phrase that Whisper makes up from silence."""
    return not (is_loop(segment.text) or segment.compression_ratio > 3.2 or is_hallucination(segment.text))


def _unheard(spans: Iterable[Span], heard: Sequence[HeardSegment]) -> list[Span]:
    """The parts of voiced spans, of UNHEARD_SECONDS or more, in which there is no word."""
    times = sorted((w.start, w.end) for s in heard for w in s.words)
    missing: list[Span] = []
    for start, end in spans:
        at = start
        for a, b in times:
            if b <= at or a >= end:
                continue
            if a - at >= UNHEARD_SECONDS:
                missing.append((at, a))
            at = max(at, b)
        if end - at >= UNHEARD_SECONDS:
            missing.append((at, end))
    return missing


def _blocks(audio: Audio, voiced: Callable[[Samples], list[Span]]) -> Iterable[tuple[Ms, Samples, list[Span]]]:
    """(start, samples, voiced spans) of pieces of about five minutes that begin and end in a pause."""
    start: Ms = 0
    while start < audio.duration:
        end = min(audio.duration, start + BLOCK)
        samples = audio.piece(start, end)
        spans = voiced(samples)
        if end < audio.duration and len(spans) > 1 and spans[-1][1] * 1000 > end - start - 1000:
            last = spans.pop()  # it may go on beyond the block: leave it to the next one
            end = start + int(last[0] * 1000) - 50
        yield start, samples, spans
        start = max(end, start + 1000)


def transcribe(audio: Audio, model: SpeechModel, voiced: Callable[[Samples], list[Span]], terms: Iterable[str],
               progress: Callable[[float], None] = lambda _: None) -> Heard:
    """What was said. Raises RecordingError when there is no speech at all."""
    expected = hotwords(terms)
    words: list[Word] = []
    gaps: list[Gap] = []
    warnings: list[str] = []
    voiced_seconds = 0.0
    languages: dict[str, int] = {}
    for start, samples, spans in _blocks(audio, voiced):
        voiced_seconds += sum(b - a for a, b in spans)
        windows = _windows(spans)
        heard: list[HeardSegment] = [s for s in model.transcribe(samples, windows, expected) if _is_real(s)]
        if again := _unheard(spans, heard):
            heard += [s for s in model.transcribe(samples, again, None) if _is_real(s)]
            gaps += [Gap(start=start + int(a * 1000), end=start + int(b * 1000)) for a, b in _unheard(spans, heard)]
        if windows:
            longest = max(windows, key=lambda w: w[1] - w[0])
            code, certainty = model.language(samples[int(longest[0] * SAMPLE_RATE):int(longest[1] * SAMPLE_RATE)])
            if certainty > 0.8:
                languages[code] = languages.get(code, 0) + 1
        words += [Word(start=start + int(w.start * 1000), end=start + max(int(w.start * 1000) + 1, int(w.end * 1000)),
                       text=w.text, probability=round(w.probability, 3))
                  for s in sorted(heard, key=lambda s: s.start) for w in s.words if w.text]
        progress(min(1.0, (start + len(samples) / 16) / max(1, audio.duration)))
    if not words:
        if voiced_seconds < 1.0:
            raise RecordingError("Inget tal hittades i inspelningen. Kontrollera att det är rätt fil och att ljudet hörs.")
        raise RecordingError("Tal anas i inspelningen men inga ord gick att uppfatta. Kontrollera ljudkvaliteten.")
    words.sort(key=lambda w: w.start)
    other = {c: n for c, n in languages.items() if c in FOREIGN}
    if sum(other.values()) * 2 > sum(languages.values()):
        warnings.append(f"Talet verkar inte vara svenska (tolkat som {max(other, key=lambda c: other[c])}). "
                        "Utkastet är sannolikt oanvändbart.")
    return Heard(tuple(words), tuple(gaps), tuple(warnings))
