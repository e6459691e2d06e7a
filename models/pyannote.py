"""Speaker diarization by pyannote's own pipeline (community-1) from a local folder.

Needs pyannote.audio, which the user installs beside this program, and the gated weights in a folder;
nothing is fetched, and its telemetry is off.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError

SAMPLE_RATE = 16000
Span = tuple[float, float, str]


class PyannotePipeline:
    """Raises ModelError when pyannote.audio is missing or the folder holds no pipeline."""

    def __init__(self, folder: Path) -> None:
        os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
        try:
            import torch
            from pyannote.audio import Pipeline
        except ImportError as error:
            raise ModelError("Röstmodellen kräver pyannote.audio: pip install pyannote.audio") from error
        try:
            self._pipeline = Pipeline.from_pretrained(folder)
        except Exception as error:  # the library raises many kinds for what is no pipeline
            raise ModelError(f"Röstmodellen i {folder} kan inte laddas: {error}") from error
        if self._pipeline is None:
            raise ModelError(f"Röstmodellen i {folder} kan inte laddas.")
        self._torch = torch
        if torch.cuda.is_available():
            self._pipeline.to(torch.device("cuda"))

    def spans(self, audio: npt.NDArray[np.float32]) -> list[Span]:
        """(start, end, label) in seconds of every stretch of one voice."""
        output = self._pipeline({"waveform": self._torch.from_numpy(audio)[None], "sample_rate": SAMPLE_RATE})
        annotation = getattr(output, "speaker_diarization", output)
        return [(float(s.start), float(s.end), str(label)) for s, _, label in annotation.itertracks(yield_label=True)]
