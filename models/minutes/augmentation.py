"""Training pairs changed alike on both sides, anew in every epoch: other names, figures and words, a recogniser's
faults, and stretches that follow each other without a clean cut.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from models.minutes.pairs import Pair
from pipeline.swedish.numbers import cardinal, digits, spell

FIRST_NAMES = [
    "Anna", "Karin", "Eva", "Maria", "Lena", "Sara", "Kerstin", "Birgitta", "Margareta", "Elisabet", "Fatima", "Leila", "Amina", "Zahra",
    "Ingrid", "Åsa", "Ulrika", "Linn", "Hanna", "Johanna", "Erik", "Lars", "Karl", "Anders", "Johan", "Per", "Nils", "Lennart", "Göran",
    "Farid", "Omar", "Hassan", "Ali", "Mikael", "Jonas", "Fredrik", "Magnus", "Stefan", "Håkan", "Tomas", "Rasmus", "Oskar", "Viktor",
    "Dragan", "Tove",
]
LAST_NAMES = [
    "Andersson", "Johansson", "Karlsson", "Nilsson", "Eriksson", "Larsson", "Olsson", "Persson", "Svensson", "Gustafsson", "Lindqvist",
    "Ekwall", "Sandell", "Norén", "Rahimi", "Stenmark", "Hedin", "Åkerblom", "Wiik", "Yusuf", "Berglund", "Holm", "Öberg", "Sjödin", "Haddad",
    "Kowalska", "Björk", "Vestergren", "Malmqvist", "Rosell",
]


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
            new = (rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES))
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


# Endings that tell how a Swedish noun is inflected, so that one may stand for another in the same sentence.
_NOUN = re.compile(r"(ning|tion|else|het)(en|ar|er|r|n|arna|erna|rna)?$|(arna|orna|erna)$|(?<=[dgklmnrstv])et$|(?<!ig)(?<!lig)en$"
                   r"|(?<!ed)(?<!ell)(?<!ut)an$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SHORTEST_NOUN = 8


def _ending(word: str) -> str | None:
    match = _NOUN.search(word) if len(word) >= _SHORTEST_NOUN and word.isalpha() and word.islower() else None
    return match[0] if match else None


def nouns(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """The long nouns that the pairs talk about, by ending."""
    found = {w for p in pairs for _, talk in p.turns for w in _WORD.findall(talk) if _ending(w)}
    pool: dict[str, list[str]] = {}
    for word in sorted(found):
        pool.setdefault(_ending(word) or "", []).append(word)
    return pool


def _exchange_words(pair: Pair, pool: dict[str, list[str]], rng: random.Random) -> Pair:
    """The same pair about other things: a noun of the talk that the minutes repeat becomes one that is inflected alike.

    Sense suffers, and that is the use of it: what stands in the minutes can then only come from the talk.
    """
    said = set(_WORD.findall(" ".join(t for _, t in pair.turns)))
    written = {w[:1].lower() + w[1:] for p in pair.out for w in _WORD.findall(p.text)}
    everything = [w.casefold() for w in said | written | set(_WORD.findall(pair.item))]
    swaps: dict[str, str] = {}
    for word in sorted(said & written):
        ending = _ending(word)
        kin = sum(other[:5] == word[:5] or word in other for other in everything)
        if ending and kin == 1 and rng.random() < 0.6:
            swaps[word] = rng.choice(pool[ending]) if ending in pool else word
    if not swaps:
        return pair

    def swap(text: str) -> str:
        def other(match: re.Match[str]) -> str:
            new = swaps.get(match[0][:1].lower() + match[0][1:])
            return match[0] if new is None else new[:1].upper() + new[1:] if match[0][:1].isupper() else new
        return _WORD.sub(other, text)

    return replace(pair, turns=tuple((s, swap(t)) for s, t in pair.turns), out=tuple(replace(p, text=swap(p.text)) for p in pair.out))


_MISHEARD = (("och", "å"), ("är", "e"), ("det", "de"), ("något", "nåt"), ("någon", "nån"), ("de", "dom"),
             ("sedan", "sen"), ("mycket", "mycke"), ("också", "oxå"), ("jag", "ja"), ("vad", "va"))


def misheard(text: str, rng: random.Random) -> str:
    """Talk with a recogniser's small faults: split compounds, spoken spellings, lost punctuation."""
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


def _mishear(pair: Pair, rng: random.Random) -> Pair:
    return replace(pair, turns=tuple((s, misheard(t, rng)) for s, t in pair.turns))


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
    pool = nouns(pairs)
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
        if rng.random() < 0.35:
            changed = _exchange_words(changed, pool, rng)
        if rng.random() < 0.6:
            changed = _rename(changed, rng)
        if rng.random() < 0.25:
            changed = _mishear(changed, rng)
        yield changed
