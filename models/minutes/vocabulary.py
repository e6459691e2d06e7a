"""The words that an answer may be written with, as rules of a grammar: words of the talk, inflected at will, its
figures, and words that minutes use whatever the matter.

A small model that may write anything makes words up; one that may write only these says the same with what was said.
``skrivord.txt`` is made from the training pairs: ``python -m models.minutes.vocabulary``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

FREE_LETTERS = 4  # words up to this length carry no matter of their own
ENDING = 5  # letters that may follow what is left of a word of the talk
LEAST_STEM = 5
LEAST_USES = 2

_WORD = re.compile(r"[^\W\d_]+")
Trie = dict[str, "Trie"]
_WHOLE, _OPEN = "\0", "\1"  # leaves: the word ends here; an ending may follow


@cache
def written_words() -> frozenset[str]:
    return frozenset((files("models.minutes") / "skrivord.txt").read_text("utf-8").split())


def _stem(word: str) -> str:
    return word if len(word) <= LEAST_STEM else word[:max(LEAST_STEM, len(word) - 3)]


def stems_of(talk: str) -> set[str]:
    """What the words of a talk may begin with in writing, also from the middle of a compound ("gammakameran" → "kamer")."""
    found: set[str] = set()
    for word in set(_WORD.findall(talk.casefold())):
        if len(word) > 2:
            found |= {_stem(word[i:]) for i in range(max(1, len(word) - LEAST_STEM + 1))}
    return found


def _add(trie: Trie, word: str, leaf: str) -> None:
    for letter in word:
        trie = trie.setdefault(letter, {})
    trie[leaf] = {}


def literal(text: str) -> str:
    """A text as a terminal of GBNF."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _rule(trie: Trie) -> str:
    """The trie as alternatives of a GBNF rule, branches in parentheses."""
    ways = []
    for letter, below in sorted(trie.items()):
        if letter == _WHOLE:
            ways.append('""')
        elif letter == _OPEN:
            ways.append("ending")
        else:
            run = letter
            while len(below) == 1 and (only := next(iter(below))) not in (_WHOLE, _OPEN):
                run, below = run + only, below[only]
            rest = "" if set(below) == {_WHOLE} else " ending" if set(below) == {_OPEN} else f" ({_rule(below)})"
            ways.append(literal(run) + rest)
    return " | ".join(ways)


def _words(trie: Trie) -> str:
    """The same with the first letter small or capital."""
    ways = []
    for letter, below in sorted(trie.items()):
        both = f"[{letter}{letter.upper()}]" if len(letter.upper()) == 1 and letter.upper() != letter else literal(letter)
        ways.append(f"{both} ({_rule(below)})")
    return " | ".join(ways)


def rules(talk: str, figures: Iterable[str]) -> tuple[str, ...]:
    """GBNF rules: ``text`` and ``due`` are runs of words that may be written of a talk, with ``figures`` and no others."""
    trie: Trie = {}
    for stem in stems_of(talk):
        _add(trie, stem, _OPEN)
    for word in written_words():
        _add(trie, word, _WHOLE)
    special = {w for w in re.findall(r"[^\W_]+", talk) if (w[1:] != w[1:].lower() and len(w) > FREE_LETTERS) or (
        re.search(r"\d", w) and not w.isdigit())}  # "SPECT", "I131"
    numbers = sorted({*figures, *special}, key=lambda n: (-len(n), n))
    return (
        'text ::= token (" " token){1,55}',
        'token ::= "%" | "§" | "–" | ["(”]? part ([-–/:] part){0,3} [.,;:)%”"!?]{0,2}',
        "part ::= word | number" if numbers else "part ::= word",
        *([f"number ::= {' | '.join(map(literal, numbers))}"] if numbers else []),
        f"word ::= [A-ZÅÄÖa-zåäöéü]{{1,{FREE_LETTERS}}} | {_words(trie)}",
        f"ending ::= [a-zåäöé]{{0,{ENDING}}}",
        'due ::= "-" | token (" " token){0,7}',
    )


def main() -> int:
    """Write the list anew: words that writers used at least twice in the training pairs without their being said."""
    from models.minutes.format import heading, prepare_talk
    from models.minutes.pairs import all_pairs, split

    unsaid: Counter[str] = Counter()
    for pair in split(all_pairs())[0]:
        stems = stems_of(" ".join([heading(pair.date, pair.item), *(f"{who} {prepare_talk(talk)}" for who, talk in pair.turns)]))
        for word in {w for p in pair.out for w in _WORD.findall(f"{p.text} {p.due or ''}".casefold())}:
            said = any(word[:k] in stems and len(word) - k <= ENDING for k in range(3, len(word) + 1))
            unsaid[word] += len(word) > FREE_LETTERS and not said
    kept = sorted(w for w, n in unsaid.items() if n >= LEAST_USES)
    Path(str(files("models.minutes") / "skrivord.txt")).write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(len(kept))
    return 0


if __name__ == "__main__":
    sys.exit(main())
