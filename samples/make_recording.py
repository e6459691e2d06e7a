"""Make a synthetic meeting recording from a manuscript, to try the program with.

    python -m samples.make_recording samples/mote/manus.txt samples/mote/mote.m4a --kokoro FOLDER

Swedish phonemes come from espeak-ng, the voices from Kokoro-82M (Apache-2.0), which speaks no Swedish:
phonemes outside its vocabulary are mapped to near ones. FOLDER holds ``model.onnx``, ``config.json``
(of the package kokoro-onnx) and ``voices/*.bin`` (of the npm package kokoro-js). Needs the extra
``voices``. Synthetic speech is labelled as such; no claim of quality rests on it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

import av
import espeakng_loader
import numpy as np
import onnxruntime
from phonemizer.backend import EspeakBackend
from phonemizer.backend.espeak.wrapper import EspeakWrapper

RATE = 24_000
VOICES = ("if_sara", "em_alex", "ff_siwis", "bm_george", "pf_dora", "im_nicola")
NEAR = {"ʉ": "u", "ɵ": "ʊ", "ɧ": "ʃ", "ɕ": "ʃ", "ʂ": "ʃ", "ɖ": "d", "ʈ": "t", "ɳ": "n", "ɭ": "l", "r": "ɾ", "ʏ": "y", "ɐ": "a",
        "ʁ": "ɾ", "ɹ": "ɾ", "_": "", "-": "", "‿": "", "ˑ": "", "̃": ""}


def phonemes(text: str, backend: EspeakBackend, vocabulary: dict[str, int]) -> str:
    """Swedish IPA in Kokoro's vocabulary, with the text's punctuation."""
    ipa = " ".join(backend.phonemize([text], strip=True))
    ipa = "".join(NEAR.get(c, c) for c in ipa)
    return "".join(c for c in ipa if c in vocabulary)


class Speaker:
    """Kokoro with one voice a speaker."""

    def __init__(self, folder: Path) -> None:
        self._vocabulary: dict[str, int] = json.loads((folder / "config.json").read_text("utf-8"))["vocab"]
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        self._folder = folder
        EspeakWrapper.set_library(espeakng_loader.get_library_path())
        EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
        self._backend = EspeakBackend("sv", preserve_punctuation=True, with_stress=True)

    def say(self, text: str, voice: str, speed: float = 0.92) -> np.ndarray:
        """Samples at 24 kHz."""
        style = np.fromfile(self._folder / "voices" / f"{voice}.bin", np.float32).reshape(-1, 1, 256)
        pieces = []
        for sentence in re.split(r"(?<=[.?!])\s+", text):
            tokens = [self._vocabulary[c] for c in phonemes(sentence, self._backend, self._vocabulary)][:500]
            names = [i.name for i in self._session.get_inputs()]
            ids = np.array([[0, *tokens, 0]], np.int64)
            speed_type = np.float32 if "float" in self._session.get_inputs()[-1].type else np.int32
            feed = {names[0]: ids, names[1]: style[len(tokens)], names[2]: np.array([speed], speed_type)}
            audio = np.asarray(self._session.run(None, feed)[0], np.float32).reshape(-1)
            pieces += [audio, np.zeros(int(0.18 * RATE), np.float32)]
        return np.concatenate(pieces)


def write_m4a(samples: np.ndarray, path: Path) -> None:
    """AAC at 16 kHz mono and 48 kbit/s, near what Teams records."""
    with av.open(str(path), "w", format="mp4") as container:
        container.metadata["title"] = "Syntetiskt tal: exempelmöte för Protokollist"
        stream = container.add_stream("aac", rate=16_000)
        stream.bit_rate, stream.layout = 48_000, "mono"
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=16_000)
        for start in range(0, len(samples), 24_000):
            frame = av.AudioFrame.from_ndarray(samples[None, start:start + 24_000], format="fltp", layout="mono")
            frame.rate, frame.pts = RATE, start
            for converted in resampler.resample(frame):
                container.mux(stream.encode(converted))
        container.mux(stream.encode(None))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manuscript", type=Path)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--kokoro", type=Path, required=True)
    args = parser.parse_args()
    speaker = Speaker(args.kokoro)
    voices: dict[str, str] = {}
    rng = np.random.default_rng(1)
    pieces = [np.zeros(RATE, np.float32)]
    for line in args.manuscript.read_text("utf-8").splitlines():
        name, _, text = line.partition(": ")
        voice = voices.setdefault(name, VOICES[len(voices) % len(VOICES)])
        audio = speaker.say(text, voice)
        pieces += [audio / max(1e-6, float(np.abs(audio).max())) * 0.7, np.zeros(int(rng.uniform(0.35, 0.8) * RATE), np.float32)]
    samples = np.concatenate(pieces)
    samples += rng.normal(0, 0.0008, len(samples)).astype(np.float32)
    write_m4a(samples, args.recording)
    print(f"{args.recording}: {len(samples) / RATE:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
