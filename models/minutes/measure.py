"""How good an adapter is on pairs: quick measures for the curve of the training, by llama.cpp as in use.

For the real measures see bench/pairs.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from models.language import LlamaCpp, Request
from models.minutes.format import grammar, parse_answer, prompt
from models.minutes.pairs import Pair
from pipeline.swedish.numbers import figures


def quick_score(base: Path, adapter: Path, pairs: Sequence[Pair], threads: int) -> dict[str, float]:
    """{"kinds": share of pairs with the right kinds, "figures": F1 of the figures, "score": their mean in percent}."""
    model = LlamaCpp(base, name="dev", threads=threads, adapter=adapter, prompting="minutes")
    try:
        answers = model.answer([Request(prompt(p.date, p.item, p.turns), grammar=grammar(s for s, _ in p.turns)) for p in pairs])
    finally:
        model.close()
    right = hit = got = wanted = 0
    for pair, answer in zip(pairs, answers, strict=True):
        proposals = parse_answer(answer.text)
        right += Counter(p.kind for p in proposals) == Counter(p.kind for p in pair.out)
        mine, gold = (set(figures(" . ".join(f"{p.text} {p.due or ''}" for p in side))) for side in (proposals, pair.out))
        hit, got, wanted = hit + len(mine & gold), got + len(mine), wanted + len(gold)
    kinds, f1 = right / max(1, len(pairs)), 2 * hit / max(1, got + wanted)
    return {"kinds": round(kinds, 3), "figures": round(f1, 3), "score": round(50 * (kinds + f1), 1)}
