"""Word error rate of the sample recordings and of real clips, with and without hotwords.

    python bench/wer.py [MANIFEST.jsonl ...]

A manifest has lines {"audio", "text"}. The samples are synthetic speech; the control recording was
never tuned on. Texts are compared by pipeline.swedish.normalised; correction is that of the group's glossary and the
participants' names by sound.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import jiwer

from models.catalogue import ModelStore
from models.loading import chosen_speech, load_speech
from models.speech import Whisper, voiced_spans
from pipeline.facts import meeting_facts
from pipeline.gather import gather
from pipeline.run import _expected_words, expected_names
from pipeline.settings import Settings
from pipeline.stages.ingest import decode
from pipeline.stages.transcribe import transcribe
from pipeline.swedish.normalised import normalised
from pipeline.swedish.sounds import Term, apply, corrections

SAMPLES = Path(__file__).parent.parent / "samples"


def heard_words(path: Path, model: Whisper, expected: Sequence[str], terms: Sequence[Term]) -> str:
    """What is heard, with terms put right when there are any."""
    with decode(path) as audio:
        words = [w.text for w in transcribe(audio, model, voiced_spans, expected).words]
        del audio
    return normalised(" ".join(apply(words, corrections(words, terms)) if terms else words))


def recall(reference: str, heard: str, terms: Sequence[str]) -> str:
    """The share of the terms said that are heard."""
    said = [t for t in {normalised(t) for t in terms} if f" {t} " in f" {reference} "]
    return f"{sum(f' {t} ' in f' {heard} ' for t in said) / len(said):.0%} of {len(said)}" if said else "–"


def interval(said: Sequence[str], got: Sequence[str], rng: random.Random) -> str:
    """Word error rate with a 95 % bootstrap interval over the pieces."""
    rates = []
    for _ in range(500):
        picked = [rng.randrange(len(said)) for _ in said]
        rates.append(jiwer.wer([said[i] for i in picked], [got[i] for i in picked]))
    rates.sort()
    return f"{jiwer.wer(list(said), list(got)):.1%} ({rates[12]:.0%}–{rates[487]:.0%})"


def main() -> int:
    settings, rng = Settings(), random.Random(1)
    store = ModelStore(settings.models_folder)
    name = chosen_speech(settings, store)
    model = load_speech(name, settings, store)
    print(f"{name}, beam {settings.beam_size}\n\n| material | way | WER | names and terms heard |\n| --- | --- | --- | --- |")
    for folder in ("mote", "kontroll"):
        manuscript = (SAMPLES / folder / "manus.txt").read_text("utf-8").splitlines()
        reference = normalised(" ".join(line.partition(": ")[2] for line in manuscript))
        found = gather(SAMPLES / folder)
        expected, names = _expected_words(found), expected_names(meeting_facts(found.sources))
        speakers = [Term(w) for w in dict.fromkeys(part for line in manuscript for part in line.partition(": ")[0].split())]
        listed = [t.written for t in (*found.sources.group.terms, *names, *speakers)]
        for way, hotwords, terms in (("plain", (), ()), ("hotwords", expected, ()), ("hotwords and correction", expected, (
                *found.sources.group.terms, *names))):
            heard = heard_words(SAMPLES / folder / "mote.m4a", model, hotwords, terms)
            print(f"| {folder} (synthetic) | {way} | {jiwer.wer(reference, heard):.1%} | {recall(reference, heard, listed)} |", flush=True)
    for manifest in map(Path, sys.argv[1:]):
        rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines() if line.strip()]
        said = [normalised(r["text"]) for r in rows]
        got = [heard_words(manifest.parent / r["audio"], model, (), ()) for r in rows]
        for r, a, b in zip(rows, said, got, strict=True):
            print(f"| {Path(r['audio']).name} | plain | {jiwer.wer(a, b):.1%} | – |")
        print(f"| {manifest.name}, {len(rows)} clips | plain | {interval(said, got, rng)} | – |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
