"""Which tokens of the base's vocabulary Swedish minutes are read and written with, as a bit each (``tokens.bin``).

A tokenizer of pieces joins letters to tokens by way of shorter tokens, so a text is cut as with the whole vocabulary when every
token that stands anywhere in its words is kept. Kept are those of the training pairs and of common Swedish words (wordfreq), all
of up to three letters, signs and bytes; a rarer word is cut into shorter pieces. ``python -m models.minutes.tokens BASE.gguf``.
"""

from __future__ import annotations

import hashlib
import re
import struct
import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.ggufcut import Gguf, cut, read

COMMON_WORDS = 60_000
LONGEST_TOKEN = 20  # letters of a token that is looked for in words
SHORT = re.compile(r"▁?[A-Za-zåäöéüÅÄÖÉÜ]{1,3}|▁+|[\n\t ]+|▁?[\x21-\x7e–—’“”…§°½·•×²³µ€]")
_BYTE, _UNKNOWN = 6, 2  # kinds of tokens in tokenizer.ggml.token_type


def kept() -> npt.NDArray[np.bool_]:
    """A truth value a token of the base's vocabulary."""
    return np.unpackbits(np.frombuffer((files("models.minutes") / "tokens.bin").read_bytes(), np.uint8)).astype(bool)


def cut_base(base: Path) -> Path:
    """The base with the kept tokens only, written beside it the first time; the base itself where that cannot be done."""
    keep = kept()
    target = base.with_suffix(f".{hashlib.sha256(keep.tobytes()).hexdigest()[:8]}.gguf")
    if target.is_file() and target.stat().st_mtime_ns >= base.stat().st_mtime_ns:
        return target
    try:
        cut(base, keep, target)
    except (ValueError, OSError):  # another vocabulary; a read-only or full disk
        return base
    return target


def needed(head: Gguf, words: Iterable[str]) -> npt.NDArray[np.bool_]:
    """The tokens that may stand in the words, small or capitalised, and those that must be there for any text."""
    parts: set[str] = set()
    for word in {form for w in words for form in (w, w.casefold(), w.capitalize())}:
        text = f"▁{word}"
        parts |= {text[i:j] for i in range(len(text)) for j in range(i + 1, min(len(text), i + LONGEST_TOKEN) + 1)}
    tokens = [t.decode("utf-8", "replace") for t in head.tokens]
    keep = np.array([t in parts or bool(SHORT.fullmatch(t)) for t in tokens])
    kinds = np.frombuffer(head.fields["tokenizer.ggml.token_type"][1][12:], np.int32)
    named = [struct.unpack("<I", value)[0] for key, (_, value) in head.fields.items() if key.endswith("_token_id")]
    keep |= np.isin(kinds, (_BYTE, _UNKNOWN))
    keep[named] = True
    return keep


def main(base: Path) -> int:
    """Write ``tokens.bin`` anew for the vocabulary of a base."""
    import wordfreq

    from models.minutes.pairs import all_pairs

    said = (f"{p.item} {who} {talk}" for p in all_pairs() for who, talk in p.turns)
    written = (f"{o.text} {o.who or ''} {o.due or ''}" for p in all_pairs() for o in p.out)
    words = {w for text in (*said, *written) for w in text.split()}
    keep = needed(read(base), words | set(wordfreq.top_n_list("sv", COMMON_WORDS)))
    Path(str(files("models.minutes") / "tokens.bin")).write_bytes(np.packbits(keep).tobytes())
    print(int(keep.sum()))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
