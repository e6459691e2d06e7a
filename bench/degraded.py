"""Transcripts as a recogniser and a diarizer would have given them: misheard words, voices without names.

    python bench/degraded.py MEETINGS INTO [SEED]

Writes every meeting of MEETINGS to INTO with a transcript in which words are split, respelt as they sound and lost, and
speakers are "Talare n". Prints the word error rate that results. Draft and score the copies with bench/minutes.py.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
from pathlib import Path

import jiwer

from models.minutes.augmentation import misheard
from pipeline.swedish.normalised import normalised
from pipeline.swedish.numbers import digits

_SOUNDS = (("ck", "k"), ("tj", "kj"), ("ä", "e"), ("å", "o"), ("sj", "sch"), ("dd", "d"), ("ll", "l"), ("mm", "m"), ("nn", "n"), ("tt", "t"),
           ("ss", "s"), ("rr", "r"), ("v", "w"), ("hj", "j"), ("gg", "g"), ("y", "i"))
RESPELT, LOST = 0.18, 0.05  # of the longer words, and of the short ones
_VOICE = re.compile(r"<v ([^>]*)>(.*?)</v>", re.DOTALL)


def respelt(word: str, rng: random.Random) -> str:
    """A word as it might be written by ear: one sound in another spelling, or its ending lost."""
    if any(c.isdigit() for c in word):
        return word
    fitting = [(a, b) for a, b in _SOUNDS if a in word]
    if fitting and rng.random() < 0.8:
        a, b = rng.choice(fitting)
        return word.replace(a, b, 1)
    return word[:-1] if word[-1] in "taern" else word


def heard(text: str, rng: random.Random) -> str:
    """An utterance as a small Whisper hears it: figures as digits, words by ear."""
    words = []
    for word in misheard(digits(text), rng).split():
        if len(word) >= 5 and rng.random() < RESPELT:
            bare = word.rstrip(".,?!")
            word = respelt(bare, rng) + word[len(bare):]
        elif len(word) <= 3 and word.isalpha() and rng.random() < LOST:
            continue
        words.append(word)
    return " ".join(words) or text


def degrade(folder: Path, into: Path, seed: int = 1) -> float:
    """Copy a meeting with its transcript made worse; the word error rate of the copy."""
    rng = random.Random(f"{seed} {folder.name}")
    shutil.copytree(folder, into, dirs_exist_ok=True)
    voices: dict[str, str] = {}
    said: list[str] = []
    now: list[str] = []

    def worse(match: re.Match[str]) -> str:
        voice = voices.setdefault(match[1], f"Talare {len(voices) + 1}")
        said.append(" ".join(match[2].split()))
        now.append(heard(said[-1], rng))
        return f"<v {voice}>{now[-1]}</v>"

    transcript = into / "transcript.vtt"
    transcript.write_text(_VOICE.sub(worse, transcript.read_text("utf-8")), "utf-8")
    return float(jiwer.wer([normalised(t) or "-" for t in said], [normalised(t) or "-" for t in now]))


def main() -> int:
    meetings, into = Path(sys.argv[1]), Path(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for folder in sorted(p for p in meetings.iterdir() if (p / "truth.json").exists()):
        print(f"{folder.name}: {degrade(folder, into / folder.name, seed):.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
