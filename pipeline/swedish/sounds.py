"""How alike two Swedish words sound: names and terms of a group's glossary against what was heard.

A simplified spelling (after the idea of Kölner Phonetik, Postel 1969) in which letters that sound
alike in Swedish are one: sj, stj, skj, sch and sh; tj and k before soft vowels; ä and e; å and o.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import DamerauLevenshtein

_ALIKE = (
    (r"[\W_\d]+", ""), (r"é|è|ê", "e"), (r"ü", "y"), (r"ph", "f"), (r"th", "t"), (r"qu|q", "kv"), (r"w", "v"), (r"x", "ks"),
    (r"z", "s"), (r"ck", "k"), (r"stj|skj|sch|sj|sh|sk(?=[eiyäö])|(?<=.)tion", "§"), (r"tj|kj|k(?=[eiyäö])|ch", "ç"),
    (r"c(?=[eiyäö])", "s"), (r"c", "k"), (r"dj|gj|hj|lj|g(?=[eiyäö])", "j"), (r"ä|æ", "e"), (r"å", "o"), (r"ø", "ö"),
    (r"dt|d(?=t)", "t"), (r"ng|nk|gn", "n"), (r"rs", "s"), (r"b", "p"), (r"(.)\1+", r"\1"))
_PATTERNS = [(re.compile(a), b) for a, b in _ALIKE]


@lru_cache(maxsize=20_000)
def sound(text: str) -> str:
    """A text as it sounds, roughly, without spaces.

    >>> sound("Lindqvist") == sound("Lindkvist"), sound("skintigrafi") == sound("scintigrafi")
    (True, False)
    """
    found = text.casefold()
    for pattern, to in _PATTERNS:
        found = pattern.sub(to, found)
    return found


_LETTERS = {"ä": "[äe]", "å": "[åo]", "Ä": "[ÄE]", "Å": "[ÅO]", "ck": "c?k"}
_SMALL_WORDS = {"är": "(?:är|er|e)", "det": "det?", "jag": "jag?", "och": "(?:och|å)"}
_IN_PATTERN = re.compile(  # what stays as it is, small words, letters, two of a consonant
    r"\[[^\]]*\]|\(\?(?:P[<=]\w+|<[!=][^)]*)|\\.|(?<!\w)(?P<word>är|det|jag|och)(?!\w)|ck|(?P<double>[bdfglmnprst])(?P=double)|[äåÄÅ]")


def as_heard(pattern: str) -> str:
    """A regular expression that takes, too, what a recogniser writes: e for ä, o for å, one consonant for two, "e" for "är".

    >>> bool(re.search(as_heard(r"nästa (?:möte|gång) är det"), "nesta gong e de"))
    True
    """
    def respelt(m: re.Match[str]) -> str:
        if m["word"]:
            return _SMALL_WORDS[m["word"]]
        return f"{m[0]}?" if m["double"] else _LETTERS.get(m[0], m[0])

    return _IN_PATTERN.sub(respelt, pattern)


def likeness(a: str, b: str) -> float:
    """How alike two texts sound and are written, 0..1."""
    return float(max(DamerauLevenshtein.normalized_similarity(sound(a), sound(b)),
                     DamerauLevenshtein.normalized_similarity(a.casefold(), b.casefold())))


@dataclass(frozen=True)
class Term:
    """A word of the glossary as it is written, with mishearings that are known."""

    written: str
    misheard: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corrected:
    """Words ``first`` up to ``last`` (exclusive) of what was heard, and the term that replaces them."""

    first: int
    last: int
    heard: str
    written: str


@cache
def ordinary_words() -> frozenset[str]:
    """Words of everyday meetings, never taken for a misheard term (those said three times in the training pairs)."""
    return frozenset((files("pipeline.swedish") / "common.txt").read_text("utf-8").split())


LEAST_LIKE = 0.82
SHORTEST = 6
MOST_WORDS = 3
_EDGES = re.compile(r"^(\W*)(.*?)(\W*)$")


def _bare(word: str) -> str:
    return _EDGES.sub(r"\2", word)


def corrections(words: Sequence[str], terms: Sequence[Term]) -> list[Corrected]:
    """Where words heard are meant as a term: a known mishearing, or one that sounds nearly the same.

    Only towards the terms given; never a word that is a term itself, nor an ordinary one.
    """
    ordinary = ordinary_words()
    own = {word.casefold() for t in terms for word in (t.written, *t.written.split())}
    exact = {" ".join(m.casefold().split()): t.written for t in terms for m in t.misheard}
    bare = [_bare(w) for w in words]
    found: list[Corrected] = []
    i = 0
    while i < len(words):
        best: tuple[float, Corrected] | None = None
        for size in range(1, min(MOST_WORDS, len(words) - i) + 1):
            if size > 1 and any(mark in words[i + size - 2] for mark in ".?!"):
                break
            heard = " ".join(bare[i:i + size])
            if (written := exact.get(heard.casefold())) is not None:
                best = 1.0, Corrected(i, i + size, heard, written)
                break
            if not any((low := b.casefold()) in own or low in ordinary for b in bare[i:i + size]):
                like, term = _nearest(heard, terms)
                if term and like >= LEAST_LIKE and (best is None or like > best[0]):
                    best = like, Corrected(i, i + size, heard, term)
        if best:
            found.append(best[1])
        i = best[1].last if best else i + 1
    return found


def _nearest(heard: str, terms: Sequence[Term]) -> tuple[float, str | None]:
    """The term that sounds most like what was heard, if it begins alike and is not merely inflected."""
    folded = heard.casefold()
    fitting = [t.written for t in terms if len(t.written) >= SHORTEST and len(folded) >= SHORTEST - 1 and (
        folded[:1] == t.written[:1].casefold() or sound(folded)[:1] == sound(t.written)[:1])
        and not re.fullmatch(rf"(?i){re.escape(t.written)}(?:e?n|e?t|s|er|erna|ar|arna)", heard)]
    return max(((likeness(heard, t), t) for t in fitting), key=lambda found: found[0], default=(0.0, None))


def apply(words: Sequence[str], made: Sequence[Corrected]) -> list[str]:
    """The words with the corrections made; punctuation around them stays."""
    out = list(words)
    for c in reversed(made):
        before = _EDGES.match(words[c.first])
        after = _EDGES.match(words[c.last - 1])
        out[c.first:c.last] = [f"{before[1] if before else ''}{c.written}{after[3] if after else ''}"]
    return out
