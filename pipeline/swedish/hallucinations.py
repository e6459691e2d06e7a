"""What Whisper writes in Swedish where nothing was said, and loops.

Only whole segments are matched: "tack så mycket" and "vi ses" close real meetings, and a reviewer
may well say "textning". Phrases gathered from public reports (docs/decisions/0003-phrases-made-up-from-silence.md).
"""

from __future__ import annotations

import re

_PHRASES = tuple(re.compile(p) for p in (
    r"(?:svensk|svansk)?\s?textning(?:nu)?(?: av(?: \w+){1,4})?",
    r"textat av [\w ]{1,60}", r"undertext(?:er|ning|ad)? (?:från|av) [\w \-]{1,60}",
    r"(?:textning )?stina hedin[\w ]*", r"[\w ]*btistudios ?com",
    r"tack till elever och personal[\w ]*",
    r"tack för att (?:du|ni) (?:har )?(?:tittat|tittade|lyssnat|lyssnade)(?: på den här videon)?",
    r"tack för (?:visningen|tittandet)", r"glöm inte att prenumerera[\w ]*", r"prenumerera på kanalen[\w ]*",
    r"vi ses i nästa video", r"(?:musik ?)+", r"påst",
))


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " " if "." not in text else "", text.casefold()).split())


def is_hallucination(text: str) -> bool:
    """Whether a whole segment is one of the phrases.

    >>> is_hallucination("Svensktextning.nu"), is_hallucination("Tack för idag, vi ses.")
    (True, False)
    """
    bare = _bare(text)
    return any(p.fullmatch(bare) for p in _PHRASES)


def is_loop(text: str) -> bool:
    """Whether a segment repeats the same few words over and over.

    >>> is_loop("ja det är det ja det är det ja det är det ja det är det ja det är det")
    True
    """
    words = _bare(text).split()
    for size in range(1, 9):
        repeats = 6 if size == 1 else 4
        if len(words) < size * repeats:
            continue
        for start in range(len(words) - size * repeats + 1):
            unit = words[start:start + size]
            if all(words[start + k * size:start + (k + 1) * size] == unit for k in range(repeats)):
                return True
    return False
