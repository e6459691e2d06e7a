"""Short scenes of meetings, put together by machine: how one and the same matter is asked for, promised,
turned down, decided or put off.

A frame (``scenes/samtal.txt``) is a small dialogue with its minutes and with gaps; a matter
(``scenes/arenden.txt``) or a fact (``scenes/uppgifter.txt``) fills them. The same words thus stand in the
minutes as a task, as a decision or not at all, and only the answer that somebody gives tells which.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from models.minutes.augmentation import FIRST_NAMES, LAST_NAMES
from models.minutes.format import EMPTY, Proposal
from models.minutes.pairs import Pair

_ITEMS = ["Övriga frågor", "Lägesrapport", "Arbetsmiljö", "Utrustning", "Verksamheten", "Ekonomi", "Uppföljning", "Rapporter",
          "Kvalitet och säkerhet", "Läget på enheterna", "Beslutsärenden", "Planering", "Laget runt"]
_PLACES = ["Kalmar", "Värnamo", "Tranås", "Hudiksvall", "Västervik", "Arvika", "Boden", "Ystad", "Motala", "Lycksele",
           "Norra mottagningen", "Ängsgården", "Björkskolan", "Västra distriktet"]
_DEADLINES = ["till fredag", "i morgon", "före jul", "till nästa möte", "före den 15 mars", "senast den 3 juni", "i slutet av månaden",
              "nästa vecka", "till vecka 9", "innan sommaren", "till den 20", "före lunch på torsdag", "under hösten", "på måndag"]
_TIMES = ["årsskiftet", "den 1 mars", "vecka 36", "hösten", "nästa möte", "den 15 september", "mars månad", "första kvartalet"]
_LATER = ["på nästa möte", "i mars", "efter sommaren", "om två veckor", "den 4 maj", "när budgeten är klar"]
_DAYS = ["den 14 april", "den 9 maj", "den 21 november", "den 6 februari", "den 30 september", "den 12 juni", "den 25 oktober"]


@dataclass(frozen=True)
class _Matter:
    infinitive: str
    present: str
    passive: str
    what: str

    def gaps(self, number: str = "") -> dict[str, str]:
        what = self.what[:1].upper() + self.what[1:]
        verb, _, rest = self.passive.partition(" ")
        refused = " ".join(filter(None, [what, verb, "inte", rest]))
        return {f"inf{number}": f"{self.infinitive} {self.what}", f"pres{number}": f"{self.present} {self.what}",
                f"pass{number}": f"{what} {self.passive}", f"pass_inte{number}": refused}


def _lines(name: str) -> list[str]:
    text = (files("models.minutes") / "scenes" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@cache
def matters() -> tuple[_Matter, ...]:
    return tuple(_Matter(*(part.strip() for part in line.split("|"))) for line in _lines("arenden.txt") if line.strip())


@cache
def facts() -> tuple[tuple[str, str], ...]:
    """(as it is said, as it is written)"""
    return tuple((said.strip(), written.strip()) for said, _, written in (line.partition("|") for line in _lines("uppgifter.txt")) if said)


@cache
def frames() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(block.splitlines()) for block in "\n".join(_lines("samtal.txt")).strip().split("\n\n"))


def _gaps(rng: random.Random) -> dict[str, str]:
    """What fills every gap of one scene."""
    first = rng.sample(FIRST_NAMES, 3)
    gaps: dict[str, str] = {}
    for letter, name in zip("abc", first, strict=True):
        gaps |= {letter: name, f"{letter}_long": f"{name} {rng.choice(LAST_NAMES)}"}
    (one, two), (due, due2), (day, day2) = rng.sample(matters(), 2), rng.sample(_DEADLINES, 2), rng.sample(_DAYS, 2)
    gaps |= one.gaps() | two.gaps("2") | {"due": due, "due2": due2, "day": day, "day2": day2, "when": rng.choice(_TIMES), "later": rng.choice(_LATER)}
    gaps["s"], gaps["s2"] = rng.sample(_PLACES, 2)
    for number, (said, written) in zip(("", "2"), rng.sample(facts(), 2), strict=True):
        small = rng.sample(range(2, 10), 2)
        figures = {"n": str(rng.randint(21, 480)), "m": str(rng.randint(11, 20)), "k": str(small[0]), "p": str(rng.randint(41, 99)),
                   "v": str(rng.randint(4, 51)), "s": rng.choice(_PLACES)}
        gaps |= {f"said{number}": said.format(**figures), f"written{number}": written.format(**figures)}
    gaps |= {"n": str(rng.randint(21, 90)), "m": str(rng.randint(3, 20))}
    return gaps


def _scene(frame: tuple[str, ...], number: int, rng: random.Random) -> Pair:
    gaps = _gaps(rng)
    turns: list[tuple[str, str]] = []
    out: list[Proposal] = []
    for line in frame:
        filled = re.sub(r"\{(\w+)\}", lambda m: gaps[m[1]], line)
        mark, _, rest = filled.partition(" ")
        if mark == EMPTY:
            continue
        if mark in ("=", "!"):
            out.append(Proposal("info" if mark == "=" else "beslut", rest))
        elif mark == ">":
            who, text, due = (part.strip() for part in rest.split("|"))
            who = gaps.get(f"{who.casefold()}_long", who) if len(who) == 1 else who
            out.append(Proposal("åtgärd", text, who, None if due == "-" else due))
        else:
            turns.append((gaps[f"{mark[0].casefold()}_long"], rest))
    day = date(2025, 1, 7) + timedelta(days=rng.randrange(700))
    return Pair(f"scen-{number}", day, rng.choice(_ITEMS), tuple(turns), tuple(out))


def scenes(rng: random.Random, count: int) -> Iterator[Pair]:
    """``count`` scenes, each frame about equally often, filled anew."""
    chosen: list[tuple[str, ...]] = []
    while len(chosen) < count:
        chosen += rng.sample(frames(), len(frames()))
    for number, frame in enumerate(chosen[:count]):
        yield _scene(frame, number, rng)
