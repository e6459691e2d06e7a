"""Who is speaking: local speaker activity and voice embeddings, in onnxruntime, on CPU.

Embeddings live only as long as the run; nothing here writes them anywhere.
"""

from __future__ import annotations

from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import numpy.typing as npt
import onnxruntime

from models.onnxgraph import embedding_model, segmentation_model
from models.torchfile import read_tensors
from pipeline.errors import ModelError

SAMPLE_RATE = 16000
WINDOW_SECONDS = 10.0
FRAME_STEP = 270 / SAMPLE_RATE  # the stride of the network: 10 · 3 · 3 · 3 samples
FRAME_OFFSET = 991 / 2 / SAMPLE_RATE  # half its receptive field
MEL_STEP = 0.01
MAX_EMBEDDING_FRAMES = 200
# The seven classes: nobody, one of three, two of three.
_POWERSET = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], bool)
# Two at once is heard less often than it happens: its log-probabilities count this much more.
_OVERLAP_FAVOUR = np.float32(1.0) * (_POWERSET.sum(axis=1) > 1)

Audio = npt.NDArray[np.float32]


class Voices:
    """The two networks of the embedded speaker model.

    Raises ModelError when the files are no such checkpoints.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            graphs = (segmentation_model(read_tensors(folder / "segmentation-3.0.bin")),
                      embedding_model(read_tensors(folder / "campplus_cn_en_common.pt")))
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"Röstmodellen i {folder} kan inte läsas: {error}") from error
        self._segmentation, self._embedding = (
            onnxruntime.InferenceSession(g, options, providers=["CPUExecutionProvider"]) for g in graphs)

    def activity(self, windows: Audio) -> npt.NDArray[np.bool_]:
        """Who of up to three local speakers is active: (windows, frames, 3) for (windows, samples)."""
        scores = self._segmentation.run(None, {"x": windows[:, None].astype(np.float32)})[0]
        active: npt.NDArray[np.bool_] = _POWERSET[np.argmax(scores + _OVERLAP_FAVOUR, axis=-1)]
        return active

    def embeddings(self, features: list[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """Unit vectors (n, 192) of stretches of mel features, each (frames, 80) of one voice."""
        out = np.zeros((len(features), 192), np.float32)
        for size in sorted({len(f) for f in features}):
            rows = [i for i, f in enumerate(features) if len(f) == size]
            for start in range(0, len(rows), 32):
                part = rows[start:start + 32]
                batch = np.stack([features[i] for i in part])
                batch = batch - batch.mean(axis=1, keepdims=True)
                out[part] = self._embedding.run(None, {"x": batch.astype(np.float32)})[0]
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6), np.float32)


def mel_features(audio: Audio) -> npt.NDArray[np.float32]:
    """Kaldi's 80 log-mel features, a row every 10 ms: (frames, 80)."""
    options = knf.FbankOptions()
    options.frame_opts.dither = 0.0
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.mel_opts.num_bins = 80
    extractor = knf.OnlineFbank(options)
    extractor.accept_waveform(SAMPLE_RATE, audio * 32768)
    extractor.input_finished()
    rows = [extractor.get_frame(i) for i in range(extractor.num_frames_ready)]
    return np.asarray(rows, np.float32).reshape(-1, 80)
