"""Which spoken sentence says what was decided: two linear classifiers trained on the pairs, one of stretches, one of their sentences.

    python -m models.minutes.decided          # trains them anew, in seconds, and prints how well they tell

Words and pairs of words that follow each other, weighted by how rare they are (tf-idf, logarithmic counts, vectors of length one), and a
logistic regression. Training needs scikit-learn (``pip install -e '.[train]'``), reading none.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from models.minutes.pairs import Pair, all_pairs, shared, split
from pipeline.swedish.written import spoken_sentences

_TURN, _SENTENCE, _OUTSIDE = "¤", "|", "§"
_LEAST_USES, _PENALTY = 2, 10.0
_BESIDE = 4  # words at the beginning of the sentences before and after one that tell what it is
_LEAST_SHARED = 2.0  # words, and half as much again for figures, that a sentence shares with the decision it tells


@dataclass(frozen=True)
class Linear:
    """A logistic regression on weighted terms: for each term its rareness and its weight."""

    intercept: float
    weights: dict[str, tuple[float, float]]

    @classmethod
    def read(cls, file: Path) -> Linear:
        (_, intercept), *rows = (line.split("\t") for line in file.read_text("utf-8").splitlines())
        return cls(float(intercept), {term: (float(rareness), float(weight)) for term, rareness, weight in rows})

    def probability(self, terms: Sequence[str]) -> float:
        """How probable the class is, 0–1."""
        known = {t: (1 + math.log(n)) * self.weights[t][0] for t, n in Counter(terms).items() if t in self.weights}
        length = math.sqrt(sum(v * v for v in known.values())) or 1.0
        return 1 / (1 + math.exp(-self.intercept - sum(v * self.weights[t][1] for t, v in known.items()) / length))


def _terms(talk: str) -> list[str]:
    words = re.findall(rf"\w+|[{_TURN}{_SENTENCE}{_OUTSIDE}?]", re.sub(r"\d[\d.,:–]*", "0", talk.casefold()))
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def stretch_terms(turns: Iterable[Sequence[str]]) -> list[str]:
    """Words and pairs of neighbours of turns (their sentences), with figures alike and the places where sentences and turns end.

    >>> stretch_terms([["Ska vi säga 14?"], ["Ja."]])
    ['ska', 'vi', 'säga', '0', '?', '¤', 'ja', 'ska vi', 'vi säga', 'säga 0', '0 ?', '? ¤', '¤ ja']
    """
    return _terms(f" {_TURN} ".join(f" {_SENTENCE} ".join(turn) for turn in turns))


def sentence_terms(turns: Iterable[Sequence[str]]) -> list[tuple[str, list[str]]]:
    """The sentences of turns, each with its terms and the first words of the sentences before and after it.

    >>> sentence_terms([["Ska vi?"], ["Ja."]])[1]
    ('Ja.', ['ja', '<ska', '<vi', '<?', '<ska vi', '<¤', '<?', '>§'])
    """
    said = [(n, s) for n, turn in enumerate(turns) for s in turn]
    found = []
    for at, (turn, sentence) in enumerate(said):
        before, after = said[at - 1] if at else (turn, _OUTSIDE), said[at + 1] if at + 1 < len(said) else (turn, _OUTSIDE)
        beside = [f"<{t}" for t in _terms(before[1])[:_BESIDE] + [_TURN] * (before[0] != turn) + ["?"] * before[1].endswith("?")]
        beside += [f">{t}" for t in _terms(after[1])[:_BESIDE] + [_TURN] * (after[0] != turn)]
        found.append((sentence, _terms(sentence) + beside))
    return found


def _file(name: str) -> Path:
    return Path(str(files("models.minutes") / f"decided-{name}.tsv"))


@cache
def _read(name: str) -> Linear:
    return Linear.read(_file(name))


def decided(turns: Sequence[str]) -> list[tuple[str, float]]:
    """The spoken sentences of turns (figures as digits), each with how probable it is that it says what was decided, 0–1: the geometric
    mean of what the sentence and the whole stretch tell."""
    said = [spoken_sentences(turn) for turn in turns]
    here = _read("stretch").probability(stretch_terms(said))
    return [(sentence, math.sqrt(here * _read("sentence").probability(terms))) for sentence, terms in sentence_terms(said)]


def _sentences(pair: Pair) -> list[list[str]]:
    return [spoken_sentences(talk) for _, talk in pair.turns]


Rows = list[tuple[list[str], bool]]  # terms, and whether the class is theirs


def stretches_of(pairs: Iterable[Pair]) -> Rows:
    """The pairs' talk, and whether a writer made a decision of it."""
    return [(stretch_terms(_sentences(pair)), any(p.kind == "beslut" for p in pair.out)) for pair in pairs]


def sentences_of(pairs: Iterable[Pair]) -> Rows:
    """The pairs' sentences, and whether a decision tells what they say, and no other statement does so better."""
    rows = []
    for pair in pairs:
        decisions = [p.text for p in pair.out if p.kind == "beslut"]
        others = [p.text for p in pair.out if p.kind != "beslut"]
        for sentence, terms in sentence_terms(_sentences(pair)):
            most = max((shared(sentence, w) for w in decisions), default=0.0)
            rows.append((terms, most >= max([_LEAST_SHARED, *(shared(sentence, w) for w in others)])))
    return rows


def train(rows: Rows) -> str:
    """The lines of a file: the intercept, then term, rareness and weight."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(analyzer=list, min_df=_LEAST_USES, sublinear_tf=True)
    table = vectorizer.fit_transform(terms for terms, _ in rows)
    model = LogisticRegression(C=_PENALTY, max_iter=1000).fit(table, [label for _, label in rows])
    terms = zip(vectorizer.get_feature_names_out(), vectorizer.idf_, model.coef_[0], strict=True)
    return "\n".join([f"\t{model.intercept_[0]:.3f}", *(f"{term}\t{rareness:.2f}\t{weight:.2f}" for term, rareness, weight in terms)]) + "\n"


def best_f1(scores: Sequence[float], labels: Sequence[bool]) -> tuple[float, float]:
    """(F1, threshold) where F1 is highest.

    >>> best_f1([0.9, 0.6, 0.2], [True, True, False])
    (1.0, 0.6)
    """
    ways = []
    for threshold in sorted(set(scores)):
        hits = sum(right for s, right in zip(scores, labels, strict=True) if s >= threshold)
        ways.append((2 * hits / (sum(s >= threshold for s in scores) + sum(labels)), threshold))
    return max(ways)


def main() -> int:
    trained, dev = split(all_pairs())
    for name, rows_of in (("stretch", stretches_of), ("sentence", sentences_of)):
        _file(name).write_text(train(rows_of(trained)), encoding="utf-8")
        checked = rows_of(dev)
        f1, threshold = best_f1([Linear.read(_file(name)).probability(terms) for terms, _ in checked], [label for _, label in checked])
        print(f"{name}: {sum(label for _, label in checked)} of {len(checked)} decided: best F1 {f1:.3f} at {threshold:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
