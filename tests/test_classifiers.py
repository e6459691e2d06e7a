"""The two classifiers trained on the pairs: what is worth writing, and what was decided."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from models.minutes.decided import Linear, decided, stretches_of, train
from models.minutes.pairs import all_pairs, split
from models.minutes.worth import worth


def test_the_sentence_that_says_what_was_decided_ranks_above_what_leads_to_it() -> None:
    talk = ["Antingen hyr vi en ny eller så lagar vi den gamla.", "Vad kostar det?", "Då beslutar vi att vi hyr en ny från 1 mars.", "Ja, bra."]
    ranked = sorted(decided(talk), key=lambda d: -d[1])
    assert ranked[0][0] == talk[2]
    assert ranked[0][1] > 0.5
    assert max(p for _, p in decided(["Vi har 3 kameror.", "Hur många patienter har ni?", "Ungefär 40 i veckan."])) < 0.2


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_talk_can_be_asked_for_what_was_decided(turns: list[str]) -> None:
    assert all(0.0 <= probable <= 1.0 for _, probable in decided(turns))


def test_a_trained_classifier_is_read_as_it_was_trained(tmp_path: Path) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = stretches_of(split(all_pairs())[1])
    file = tmp_path / "stretch.tsv"
    file.write_text(train(rows), encoding="utf-8")
    vectorizer = TfidfVectorizer(analyzer=list, min_df=2, sublinear_tf=True)
    theirs = LogisticRegression(C=10, max_iter=1000).fit(vectorizer.fit_transform(t for t, _ in rows), [label for _, label in rows])
    mine = Linear.read(file)
    for (terms, _), (_, theirs_says) in zip(rows, theirs.predict_proba(vectorizer.transform(t for t, _ in rows)), strict=True):
        assert abs(mine.probability(terms) - theirs_says) < 0.01


def test_what_is_worth_writing_ranks_above_chatter() -> None:
    assert worth("Leveransen är försenad till 15 september.") > 0.6
    assert worth("Ja, precis, det gör vi.") < 0.3
    assert worth("Haha, du är mutad.") < 0.3


@given(st.text(max_size=200))
def test_any_text_gets_a_worth(text: str) -> None:
    assert 0.0 <= worth(text) <= 1.0
