"""The question to a general instruction model: the task in words, a few worked examples, the talk."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from models.minutes.format import answer, prompt
from models.minutes.pairs import FOLDER, read_pairs

EXAMPLES = ("rapport-53", "dialog-3", "styrgrupp-5", "kommun-3", "radiologi2-55")


@cache
def _instruction() -> str:
    return (files("models.minutes") / "instruktion.txt").read_text("utf-8").strip()


@cache
def _examples() -> tuple[tuple[str, str], ...]:
    wanted = {name.rsplit("-", 1)[0] for name in EXAMPLES}
    pairs = {p.id: p for stem in sorted(wanted) for p in read_pairs(FOLDER / f"{stem}.jsonl")}
    shown: list[tuple[str, str]] = []
    for name in EXAMPLES:
        p = pairs[name]
        shown += [("user", prompt(p.date, p.item, p.turns)), ("assistant", answer(p.out))]
    return tuple(shown)


def messages(text: str) -> tuple[tuple[str, str], ...]:
    """(role, text) of a chat that ends with the question about ``text``."""
    return (("system", _instruction()), *_examples(), ("user", text))
