"""transcribe: gaps, second tries, loops and foreign speech, with a recogniser that hears as told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.speech import HeardSegment, HeardWord
from pipeline.errors import RecordingError
from pipeline.stages.ingest import Audio
from pipeline.stages.transcribe import hotwords, transcribe

MINUTE = Audio(np.zeros(60 * 16_000, np.int16))
Span = tuple[float, float]


class Recogniser:
    """Hears the given words; ``second`` is what it hears without hotwords."""

    def __init__(self, first: Sequence[HeardWord], second: Sequence[HeardWord] = (), language: str = "sv") -> None:
        self.first, self.second, self.spoken = first, second, language
        self.asked: list[tuple[Sequence[Span], str | None]] = []

    def transcribe(self, audio: object, spans: Sequence[Span], hotwords: str | None) -> list[HeardSegment]:
        words = self.second if self.asked else self.first
        self.asked.append((spans, hotwords))
        return [HeardSegment(w.start, w.end, w.text, (w,), 1.0, -0.1) for w in words]

    def language(self, audio: object) -> tuple[str, float]:
        return self.spoken, 0.99


def _voiced(samples: object) -> list[Span]:
    return [(1.0, 20.0)]


def _word(start: float, end: float, text: str = "ord") -> HeardWord:
    return HeardWord(start, end, text, 0.9)


WHOLE = [_word(1.0, 7.0), _word(7.0, 14.0), _word(14.0, 20.0)]


def test_voiced_time_without_words_is_heard_again_without_hotwords() -> None:
    recogniser = Recogniser(WHOLE[:2], [WHOLE[2]])
    heard = transcribe(MINUTE, recogniser, _voiced, ["Karin"])
    assert recogniser.asked == [([(1.0, 20.0)], "Karin"), ([(14.0, 20.0)], None)]
    assert len(heard.words) == 3
    assert heard.gaps == ()


def test_what_is_not_heard_the_second_time_is_reported_as_a_gap() -> None:
    heard = transcribe(MINUTE, Recogniser(WHOLE[:2]), _voiced, [])
    assert [(g.start, g.end) for g in heard.gaps] == [(14_000, 20_000)]


def test_a_made_up_segment_leaves_a_gap_and_no_words() -> None:
    heard = transcribe(MINUTE, Recogniser([*WHOLE[:2], _word(14.0, 20.0, "Svensktextning.nu")]), _voiced, [])
    assert [w.text for w in heard.words] == ["ord", "ord"]
    assert len(heard.gaps) == 1


def test_foreign_speech_is_told() -> None:
    assert "inte vara svenska" in transcribe(MINUTE, Recogniser(WHOLE, language="en"), _voiced, []).warnings[0]
    assert transcribe(MINUTE, Recogniser(WHOLE), _voiced, []).warnings == ()


def test_a_recording_without_speech_is_told() -> None:
    with pytest.raises(RecordingError, match="Inget tal"):
        transcribe(MINUTE, Recogniser([]), lambda _: [], [])


def test_hotwords_fit_the_recognisers_window() -> None:
    assert hotwords(["Karin Ekwall", "", "Karin Ekwall", "FDG"]) == "Karin Ekwall, FDG"
    assert len(hotwords(f"ord{n}" for n in range(1000))) <= 420
