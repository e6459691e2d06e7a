"""Word error rate of the sample recordings and of real clips, with and without hotwords.

    python bench/wer.py [MANIFEST.jsonl ...]

A manifest has lines {"audio", "text"}. The samples are synthetic speech; the control recording was
never tuned on. Words are compared folded, without punctuation, figures as digits.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import jiwer

from models.catalogue import ModelStore
from models.loading import chosen_speech, load_speech
from models.speech import voiced_spans
from pipeline.gather import gather
from pipeline.run import _expected_words
from pipeline.settings import Settings
from pipeline.stages.ingest import decode
from pipeline.stages.transcribe import transcribe
from pipeline.swedish.numbers import digits

SAMPLES = Path(__file__).parent.parent / "samples"


def plain(text: str) -> str:
    return " ".join(re.findall(r"[\w%]+", digits(text).casefold().replace("-", " ")))


def main() -> int:
    settings = Settings()
    store = ModelStore(settings.models_folder)
    name = chosen_speech(settings, store)
    model = load_speech(name, settings, store)
    print(f"| material | {name}, utan hotwords | med hotwords |\n| --- | --- | --- |")
    for folder in ("mote", "kontroll"):
        manuscript = (SAMPLES / folder / "manus.txt").read_text("utf-8").splitlines()
        reference = plain(" ".join(line.partition(": ")[2] for line in manuscript))
        terms = _expected_words(gather(SAMPLES / folder))
        row = []
        for expected in ((), terms):
            with decode(SAMPLES / folder / "mote.m4a") as audio:
                heard = transcribe(audio, model, voiced_spans, expected)
                del audio
            row.append(jiwer.wer(reference, plain(" ".join(w.text for w in heard.words))))
        print(f"| {folder} (syntetiskt) | {row[0]:.1%} | {row[1]:.1%} |")
    for manifest in map(Path, sys.argv[1:]):
        said, got = [], []
        for line in manifest.read_text("utf-8").splitlines():
            entry = json.loads(line)
            with decode(manifest.parent / entry["audio"]) as audio:
                heard = transcribe(audio, model, voiced_spans, ())
                del audio
            said.append(plain(entry["text"]))
            got.append(plain(" ".join(w.text for w in heard.words)))
        print(f"| {manifest.name}, {len(said)} klipp | {jiwer.wer(said, got):.1%} | – |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
