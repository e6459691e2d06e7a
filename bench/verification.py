"""Seed errors into true statements and see which the verification catches.

    python bench/verification.py [--dev] [--show KIND]

Every statement of the pairs is judged against its talk as it stands (true paraphrases, to be accepted) and
with one error each (to be rejected or flagged): another number, a number of something else in the same talk, a dropped or
added "inte", another place or name, planned told as done.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable

from models.minutes.pairs import Pair, all_pairs, split
from pipeline.evaluation import as_meeting
from pipeline.stages.propose import from_model
from pipeline.stages.stretch import Stretch, support_of
from pipeline.stages.verify import Problem
from pipeline.swedish.numbers import FIGURE, figures

PLACES = ["Linköping", "Jönköping", "Kalmar", "Eksjö", "Västervik", "Motala", "Norrköping", "Oskarshamn", "Värnamo"]


def number(text: str, _: str, rng: random.Random) -> str:
    found = list(re.finditer(r"(?<![\d.,])\d+(?![\d.,]*\d)", text))
    if not found:
        return text
    m = rng.choice(found)
    new = str(max(1, int(m[0]) + rng.choice([-3, -2, 2, 3, 7, 10])))
    return text[:m.start()] + new + text[m.end():]


def exchanged(text: str, talk: str, rng: random.Random) -> str:
    """Another figure of the same talk in place of one."""
    found = list(FIGURE.finditer(text))
    others = sorted(set(figures(talk)) - set(figures(text)))
    if not found or not others:
        return text
    m = rng.choice(found)
    return f"{text[:m.start()]}{rng.choice(others)}{text[m.end():]}"


def negation_dropped(text: str, _: str, rng: random.Random) -> str:
    return re.sub(r"(?i)\b(?:ännu inte|inte|ej) ", "", text, count=1)


def negation_added(text: str, _: str, rng: random.Random) -> str:
    if re.search(r"(?i)\b(?:inte|ej|ingen|inget|inga|utan|saknas?)\b", text):
        return text
    return re.sub(r"\b(är|har|ska|kan|var|pågår|planeras|genomförs|används|behöver|kommer)\b", r"\1 inte", text, count=1)


def place(text: str, _: str, rng: random.Random) -> str:
    found = [p for p in PLACES if p in text]
    return text.replace(found[0], rng.choice([p for p in PLACES if p not in text])) if found else text


def done(text: str, _: str, rng: random.Random) -> str:
    """Planned told as done."""
    swaps = ((r"\bplaneras till\b", "genomfördes"), (r"\bplaneras\b", "har genomförts"), (r"\bberäknas vara klar\b", "är klar"),
             (r"\bska genomföras\b", "har genomförts"), (r"\bpreliminärt? ", ""), (r"\bväntas (\w+)s\b", r"har \1ts"), (r"\beventuellt ", ""))
    for old, new in swaps:
        changed = re.sub(old, new, text, count=1)
        if changed != text:
            return changed
    return text


MUTATIONS: dict[str, Callable[[str, str, random.Random], str]] = {
    "true": lambda t, _, __: t, "number": number, "number of something else": exchanged, "negation dropped": negation_dropped,
    "negation added": negation_added, "place": place, "planned → done": done}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="only the pairs kept for checking")
    parser.add_argument("--show", help="print what went wrong with one kind of error")
    args = parser.parse_args()
    pairs = all_pairs()
    if args.dev:
        _, pairs = split(pairs)
    rng = random.Random(1)
    print("| statement | n | rejected | flagged | passed unflagged |\n| --- | --- | --- | --- | --- |")
    for name, mutate in MUTATIONS.items():
        counts = {"rejected": 0, "flagged": 0, "passed": 0}
        for pair in pairs:
            meeting, section = as_meeting(pair)
            stretch = Stretch(meeting.agenda.items[0], pair.item, section.utterances)
            support = support_of(stretch, meeting)
            talk = " . ".join(said for _, said in pair.turns)
            for p in pair.out:
                text = mutate(p.text, talk, rng)
                if name != "true" and text == p.text:
                    continue
                verdict = judged(pair, p.kind, text, stretch, support, meeting)
                counts[verdict[0]] += 1
                wrong = verdict[0] == "rejected" if name == "true" else verdict[0] != "rejected"
                if args.show == name and wrong and rng.random() < 0.1:
                    print(f"   {pair.id}: {text} {verdict[1]}")
        total = sum(counts.values())
        print(f"| {name} | {total} | " + " | ".join(f"{counts[k] / max(1, total):.1%}" for k in ("rejected", "flagged", "passed")) + " |")
    return 0


def judged(pair: Pair, kind: str, text: str, stretch: Stretch, support: object, meeting: object) -> tuple[str, list[str]]:
    """("rejected", "flagged" or "passed", the problems found): of a text in several sentences, all must pass."""
    from models.minutes.format import Proposal

    owner = next((p.who for p in pair.out if p.kind == "åtgärd"), None)
    found = from_model([Proposal(kind, text, owner if kind == "åtgärd" else None, None)], stretch, support, meeting)  # type: ignore[arg-type]
    told = [p.name for c in found for p in c.problems]
    if not found or any(not c.passes for c in found):
        return "rejected", told
    return ("flagged" if any(Problem.NEGATION in c.problems for c in found) else "passed"), told


if __name__ == "__main__":
    sys.exit(main())
