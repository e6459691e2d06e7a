"""Which spoken sentences are worth a line in the minutes: a linear text classifier of spaCy, trained on the pairs.

    python -m models.minutes.worth            # trains it anew, in seconds, and prints how well it ranks

A sentence of a pair counts as worth writing when its words and figures stand in what the writer made of
the talk. The classifier is a bag of words and word halves (``spacy.TextCatBOW.v3``), so that long
compounds that it has not seen are known by their beginning and end.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from models.minutes.pairs import Pair, all_pairs, shared, split
from pipeline.swedish.register import stems
from pipeline.swedish.written import spoken_sentences

if TYPE_CHECKING:
    from spacy.language import Language

FOLDER = Path(str(files("models.minutes") / "worth"))
_PASSES, _BATCH, _DROP = 3, 64, 0.2
_BUCKETS = 1 << 15
_LEAST_SHARED, _LEAST_SHARE = 2.0, 0.3


def features(sentence: str) -> str:
    """What the classifier sees: folded words, beginnings and ends of long ones, "0" for figures, the length.

    >>> features("Vi har 84 sökande.")
    'vi har 0 sökande psökan skande . l1'
    """
    words = re.findall(r"\w+|[^\w\s]", re.sub(r"\d[\d ,.:–]*", "0 ", sentence.casefold()))
    parts = [p for w in words for p in ((w, f"p{w[:5]}", f"s{w[-5:]}") if len(w) > 6 else (w,))]
    return " ".join([*parts, f"l{min(8, len(words) // 3)}"])


def labelled(pairs: Iterable[Pair]) -> list[tuple[str, bool]]:
    """The spoken sentences of pairs (figures as digits) and whether the writer used them."""
    rows = []
    for pair in pairs:
        written = [f"{p.text} {p.due or ''}" for p in pair.out]
        for _, talk in pair.turns:
            for said in spoken_sentences(talk):
                words = set(stems(said))
                most = max((shared(said, w) for w in written), default=0.0)
                share = max((len(words & set(stems(w))) / max(1, len(words)) for w in written), default=0.0)
                rows.append((said, most >= _LEAST_SHARED and share >= _LEAST_SHARE))
    return rows


def train(rows: Sequence[tuple[str, bool]], seed: int = 1) -> Language:
    """A pipeline with a text classifier trained on (sentence, worth writing)."""
    import spacy
    from spacy.tokenizer import Tokenizer
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch

    fix_random_seed(seed)
    nlp = spacy.blank("sv", meta={"name": "worth", "description": "Spoken sentences worth a line in the minutes", "license": "Apache-2.0"})
    nlp.tokenizer = Tokenizer(nlp.vocab, token_match=re.compile(r"\S+").match)
    classifier = nlp.add_pipe("textcat", config={"model": {
        "@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 1, "no_output_layer": False,
        "length": _BUCKETS}})
    for label in ("worth", "not"):
        classifier.add_label(label)
    examples = [Example.from_dict(nlp.make_doc(features(s)), {"cats": {"worth": float(w), "not": float(not w)}}) for s, w in rows]
    optimizer = nlp.initialize(lambda: examples)
    rng = random.Random(seed)
    for _ in range(_PASSES):
        rng.shuffle(examples)
        for batch in minibatch(examples, _BATCH):
            nlp.update(batch, sgd=optimizer, drop=_DROP)
    return nlp


@cache
def _classifier() -> Language:
    import spacy

    return spacy.load(FOLDER)


@cache
def worth(sentence: str) -> float:
    """How probable it is that a writer of minutes uses a spoken sentence (figures as digits), 0–1."""
    return float(_classifier()(features(sentence)).cats["worth"])


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Mean precision at each right one, best first; 1.0 when all right ones come first."""
    hits, total = 0, 0.0
    for place, (_, right) in enumerate(sorted(zip(scores, labels, strict=True), key=lambda x: -x[0]), 1):
        if right:
            hits += 1
            total += hits / place
    return total / hits if hits else 0.0


def main() -> int:
    trained, dev = split(all_pairs())
    nlp, checked = train(labelled(trained)), labelled(dev)
    scores = [d.cats["worth"] for d in nlp.pipe([features(s) for s, _ in checked])]
    print(f"{len(checked)} dev sentences, {sum(w for _, w in checked)} worth writing: average precision "
          f"{average_precision(scores, [w for _, w in checked]):.3f}")
    nlp.to_disk(FOLDER, exclude=["vectors"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
