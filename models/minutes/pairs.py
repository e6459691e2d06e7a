"""Pairs of talk and minutes: reading, checking and splitting them.

A pair is a line of JSON: id, date, item, turns ([speaker, talk]), out ([{kind, text, who, due}]),
tags. The rules that every pair keeps are in ``pairs/README.md``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.minutes.format import Proposal
from pipeline.errors import DocumentError
from pipeline.swedish.numbers import NAMED_BY_NUMBER, digits, figures
from pipeline.swedish.register import stems

FOLDER = Path(str(files("models.minutes") / "pairs"))
DEV_SHARE = 0.07


def shared(said: str, written: str) -> float:
    """Words, and half as much again for figures, that a spoken sentence (figures as digits) has in common with a written text."""
    return len(set(stems(said)) & set(stems(written))) + 1.5 * len(set(figures(said)) & set(figures(digits(written))))


@dataclass(frozen=True)
class Pair:
    id: str
    date: date
    item: str
    turns: tuple[tuple[str, str], ...]
    out: tuple[Proposal, ...]
    tags: tuple[str, ...] = ()

    @property
    def is_dev(self) -> bool:
        """Whether the pair is kept for checking, by a hash of its id."""
        return int(hashlib.sha256(self.id.encode()).hexdigest()[:8], 16) / 16**8 < DEV_SHARE


def pair_from(row: dict[str, Any]) -> Pair:
    """A pair from its JSON object. Raises KeyError, TypeError or ValueError when it is not one."""
    return Pair(
        id=str(row["id"]), date=date.fromisoformat(row["date"]), item=str(row["item"]),
        turns=tuple((str(s), str(t)) for s, t in row["turns"]),
        out=tuple(Proposal(o["kind"], o["text"], o.get("who"), o.get("due")) for o in row.get("out", ())),
        tags=tuple(row.get("tags", ())))


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a .jsonl file. Raises DocumentError naming the line that is not a pair."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield pair_from(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise DocumentError(f"{path.name}, rad {number}: inte ett giltigt par ({error}).") from error


def all_pairs(folder: Path = FOLDER) -> list[Pair]:
    return [pair for path in sorted(folder.glob("*.jsonl")) for pair in read_pairs(path)]


_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+]\d{4}(?!\d)")
# What a writer may conclude: hours ("nio" → "09.00"), years ("27" → 2027), month ends ("sista mars" → 31).
_CONCLUDED = {"28", "29", "30", "31", "0", "00", "1", "100", "50", "0,5"}


def problems(pair: Pair) -> list[str]:
    """What breaks the rules of pairs: figures that were not said, personal data, foreign owners."""
    talk = digits(" . ".join(t for _, t in pair.turns))
    said = set(figures(talk)) | set(figures(pair.item)) | set(figures(pair.date.isoformat()))
    small = {int(f) for f in said if f.isdigit() and len(f) <= 2}
    said |= {f"{h % 24}.{m}" for n in small for h in (n, n + 12) for m in ("00", "30")}
    said |= {str(n) for word, n in NAMED_BY_NUMBER.items() if re.search(rf"(?i)\b{word}s?\b", talk)}
    said |= {str(2000 + n) for n in small} | {str(n * 1000) for f in said if f.isdigit() and (n := int(f))}
    found = []
    speakers = " ".join(s for s, _ in pair.turns).casefold()
    for p in pair.out:
        for figure in figures(f"{p.text} {p.due or ''}"):
            if figure not in said | _CONCLUDED:
                found.append(f"{figure} sägs inte i samtalet")
        if _PERSONAL_NUMBER.search(p.text):
            found.append("personnummer")
        if p.kind == "åtgärd" and p.who and p.who.split()[0][:1].isupper() and not any(
                part.casefold() in speakers + talk.casefold() for part in p.who.split()):
            found.append(f"ansvarig {p.who} talar inte")
    return found


def split(pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """(training pairs, dev pairs)."""
    listed = list(pairs)
    return [p for p in listed if not p.is_dev], [p for p in listed if p.is_dev]
