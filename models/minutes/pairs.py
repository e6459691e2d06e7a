"""Pairs of talk and minutes: reading, checking, splitting and augmenting them.

A pair is a line of JSON: id, date, item, turns ([speaker, talk]), out ([{kind, text, who, due}]),
tags. The rules that every pair keeps are in ``pairs/README.md``.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.minutes.format import Proposal
from pipeline.errors import DocumentError
from pipeline.swedish.numbers import NAMED_BY_NUMBER, cardinal, digits, figures, spell

FOLDER = Path(str(files("models.minutes") / "pairs"))
DEV_SHARE = 0.07


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


# ------------------------------------------------------------------ augmentation

_FIRST = ["Anna", "Karin", "Eva", "Maria", "Lena", "Sara", "Kerstin", "Birgitta", "Margareta", "Elisabet", "Fatima", "Leila", "Amina", "Zahra", "Ingrid", "Åsa", "Ulrika", "Linn", "Hanna", "Johanna", "Erik", "Lars", "Karl", "Anders", "Johan", "Per", "Nils", "Lennart", "Göran", "Farid", "Omar", "Hassan", "Ali", "Mikael", "Jonas", "Fredrik", "Magnus", "Stefan", "Håkan", "Tomas", "Rasmus", "Oskar", "Viktor", "Dragan", "Tove"]
_LAST = ["Andersson", "Johansson", "Karlsson", "Nilsson", "Eriksson", "Larsson", "Olsson", "Persson", "Svensson", "Gustafsson", "Lindqvist", "Ekwall", "Sandell", "Norén", "Rahimi", "Stenmark", "Hedin", "Åkerblom", "Wiik", "Yusuf", "Berglund", "Holm", "Öberg", "Sjödin", "Haddad", "Kowalska", "Björk", "Vestergren", "Malmqvist", "Rosell"]


def _with_names(pair: Pair, whole: dict[str, str], parts: dict[str, str]) -> Pair:
    """The pair with other speakers (``whole``) and other names in talk and minutes (``parts``, word by word)."""
    def swap(text: str) -> str:
        if not parts:
            return text
        names = "|".join(sorted(map(re.escape, parts), key=len, reverse=True))
        return re.sub(rf"\b({names})(s?)\b", lambda m: parts[m[1]] + m[2], text)

    return replace(
        pair,
        turns=tuple((whole.get(s, s), swap(t)) for s, t in pair.turns),
        out=tuple(replace(p, text=swap(p.text), who=whole.get(p.who or "", swap(p.who) if p.who else None))
                  for p in pair.out))


def _is_name(speaker: str) -> bool:
    words = speaker.split()
    return len(words) == 2 and all(w[:1].isupper() for w in words)


def _rename(pair: Pair, rng: random.Random) -> Pair:
    """The same pair with other speakers: new names, or "Talare n" as audio without names gives."""
    speakers = list(dict.fromkeys(s for s, _ in pair.turns))
    if all(re.fullmatch(r"Talare \d+", s) for s in speakers):
        return pair
    anonymous = rng.random() < 0.25
    whole: dict[str, str] = {}
    parts: dict[str, str] = {}
    for n, speaker in enumerate(speakers, 1):
        if anonymous:
            whole[speaker] = f"Talare {n}"
        elif _is_name(speaker):
            new = (rng.choice(_FIRST), rng.choice(_LAST))
            whole[speaker] = " ".join(new)
            parts |= dict(zip(speaker.split(), new, strict=True))
    return _with_names(pair, whole, parts)


def _exchange_figures(pair: Pair, rng: random.Random) -> Pair:
    """The same pair with other figures, changed alike in talk (as digits) and minutes.

    Only figures of two to six digits that stand alone on both sides; ranges, clocks and years stay.
    """
    turns = [(s, digits(t)) for s, t in pair.turns]
    talk = " . ".join(t for _, t in turns)
    written = " . ".join(f"{p.text} {p.due or ''}" for p in pair.out)
    pattern = r"(?<![\w,.–-])(\d{1,3}(?: \d{3})+|\d{2,6})(?![\d,.:–]|\.\d| \d{3}\b)"
    both = set(re.findall(pattern, talk)) & set(re.findall(pattern, written))
    swaps: dict[str, str] = {}
    for figure in both:
        plain = figure.replace(" ", "")
        if re.fullmatch(r"(?:19|20)\d\d", plain) or rng.random() < 0.35:
            continue
        dated = re.search(rf"(?<!\d){re.escape(figure)} (?:januari|februari|mars|april|maj|juni|juli|augusti|"
                          r"september|oktober|november|december)", talk + written)
        if dated:
            new = rng.randint(10, 28)
        elif re.search(rf"vecka {re.escape(figure)}(?!\d)", talk + written):
            new = rng.randint(10, 52)
        else:
            low, high = 10 ** (len(plain) - 1), 10 ** len(plain) - 1
            new = rng.randint(low, high)
            zeros = len(plain) - len(plain.rstrip("0"))
            new = max(low, new // 10**zeros * 10**zeros)
        swaps[figure] = spell(new) if " " in figure else str(new)
    if not swaps or len(set(swaps.values())) < len(swaps) or set(swaps.values()) & both:
        return pair
    names = "|".join(sorted(map(re.escape, swaps), key=len, reverse=True))
    exact = re.compile(rf"(?<![\w,.–-])({names})(?![\d,.:–]|\.\d| \d{{3}}\b)")

    def swap(text: str) -> str:
        return exact.sub(lambda m: swaps[m[1]], text)

    return replace(pair, turns=tuple((s, swap(t)) for s, t in turns),
                   out=tuple(replace(p, text=swap(p.text), due=swap(p.due) if p.due else None)
                             for p in pair.out))


_MISHEARD = (("och", "å"), ("är", "e"), ("det", "de"), ("något", "nåt"), ("någon", "nån"), ("de", "dom"),
             ("sedan", "sen"), ("mycket", "mycke"), ("också", "oxå"), ("jag", "ja"), ("vad", "va"))


def _mishear(pair: Pair, rng: random.Random) -> Pair:
    """Talk with a recogniser's small faults: split compounds, spoken spellings, lost punctuation."""
    def noise(text: str) -> str:
        words = []
        for word in text.split():
            bare = word.strip(".,?!")
            if rng.random() < 0.3 and (spoken := dict(_MISHEARD).get(bare.casefold())):
                word = word.replace(bare, spoken)
            elif len(bare) > 9 and bare.isalpha() and rng.random() < 0.12 and cardinal(bare) is None:
                cut = rng.randint(4, len(bare) - 4)
                word = word[:cut] + " " + word[cut:]
            words.append(word)
        text = " ".join(words)
        return re.sub(r"[,]", "", text) if rng.random() < 0.5 else text

    return replace(pair, turns=tuple((s, noise(t)) for s, t in pair.turns))


CHAIN_WORDS = 110  # about what the program gives the model to read at a time
CHAIN_STATEMENTS = 4


def _words(pair: Pair) -> int:
    return sum(len(talk.split()) for _, talk in pair.turns)


def _joined(pair: Pair, other: Pair) -> Pair:
    """Two stretches as one: what follows in a meeting without a clean cut between, told by the same people."""
    mine = list(dict.fromkeys(s for s, _ in pair.turns))
    theirs = list(dict.fromkeys(s for s, _ in other.turns))
    whole: dict[str, str] = {}
    parts: dict[str, str] = {}
    for old, new in zip(theirs, mine, strict=False):
        if _is_name(old) and _is_name(new):
            parts |= dict(zip(old.split(), new.split(), strict=True))
            whole[old] = new
    other = _with_names(other, whole, parts)
    return replace(pair, turns=pair.turns + other.turns, out=pair.out + other.out)


def _chained(pair: Pair, others: list[Pair], rng: random.Random) -> Pair:
    """The pair with others of its kind after it, up to the length of a stretch of a meeting."""
    for other in rng.sample(others, min(8, len(others))):
        if _words(pair) + _words(other) <= CHAIN_WORDS and len(pair.out) + len(other.out) <= CHAIN_STATEMENTS and other.id != pair.id:
            pair = _joined(pair, other)
    return pair


def augmented(pairs: list[Pair], rng: random.Random) -> Iterator[Pair]:
    """Every pair once, changed alike on both sides; some joined with others, or with talk that yields nothing."""
    empties = [p for p in pairs if not p.out and len(p.turns) <= 5]
    kin: dict[str, list[Pair]] = {}
    for pair in pairs:
        kin.setdefault(pair.id.rpartition("-")[0], []).append(pair)
    for pair in pairs:
        changed = pair
        roll = rng.random()
        if roll < 0.06:
            changed = _joined(changed, rng.choice(empties))
        elif roll < 0.12:
            changed = replace(_joined(rng.choice(empties), changed), date=pair.date, item=pair.item)
        elif roll < 0.45:
            changed = _chained(changed, kin[pair.id.rpartition("-")[0]], rng)
        if rng.random() < 0.6:
            changed = _exchange_figures(changed, rng)
        if rng.random() < 0.6:
            changed = _rename(changed, rng)
        if rng.random() < 0.25:
            changed = _mishear(changed, rng)
        yield changed


def split(pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """(training pairs, dev pairs)."""
    listed = list(pairs)
    return [p for p in listed if not p.is_dev], [p for p in listed if p.is_dev]
