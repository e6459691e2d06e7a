"""Diarization error of a folder of recordings with RTTM references: no collar, overlap counted.

    python bench/der.py FOLDER
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"

from pyannote.core import Annotation, Segment
from pyannote.metrics.diarization import DiarizationErrorRate

from models.catalogue import ModelStore
from models.loading import load_voices
from models.voices import FRAME_OFFSET, FRAME_STEP, mel_features
from pipeline.settings import Settings
from pipeline.stages.diarize import diarize
from pipeline.stages.ingest import decode


def main() -> int:
    settings = Settings()
    voices = load_voices(settings, ModelStore(settings.models_folder))
    total = DiarizationErrorRate()
    exact = count = 0
    seconds = length = 0.0
    print("| clip | DER | speakers | found |\n| --- | --- | --- | --- |")
    for path in sorted(Path(sys.argv[1]).glob("*.wav")):
        began = time.perf_counter()
        with decode(path) as audio:
            duration = audio.duration / 1000
            turns = diarize(audio, voices, mel_features, (FRAME_OFFSET, FRAME_STEP))
            del audio
        seconds, length = seconds + time.perf_counter() - began, length + duration
        reference, found = Annotation(), Annotation()
        for number, line in enumerate(path.with_suffix(".rttm").read_text("utf-8").splitlines()):
            fields = line.split()
            start = float(fields[3])
            reference[Segment(start, start + float(fields[4])), number] = fields[7]
        for number, turn in enumerate(turns):
            found[Segment(turn.start / 1000, turn.end / 1000), number] = turn.speaker
        rate = total(reference, found, uem=Segment(0, duration))
        count, exact = count + 1, exact + (len(reference.labels()) == len(found.labels()))
        print(f"| {path.stem} | {rate:.1%} | {len(reference.labels())} | {len(found.labels())} |")
    print(f"\nDER {abs(total):.1%}, exact count {exact} of {count}, {seconds / length:.3f} of real time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
