"""The base with a part of its tokens: the same model where it matters, the whole one where it cannot be cut."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import ModelStore
from models.ggufcut import EMBEDDING, cut, read
from models.language import LlamaCpp, Request
from models.minutes.format import grammar, prompt
from models.minutes.pairs import all_pairs, split
from models.minutes.tokens import cut_base, kept

PAIRS = 6


@pytest.fixture(scope="module")
def base(store: ModelStore) -> Path:
    store.verify("gemma-3-270m")
    return store.file("gemma-3-270m", "gemma-3-270m-q4_k_m.gguf")


def test_the_tokens_that_are_kept_stand_in_their_order_with_their_own_rows(base: Path, tmp_path: Path) -> None:
    keep = kept()
    cut(base, keep, tmp_path / "cut.gguf")
    whole, less = read(base), read(tmp_path / "cut.gguf")
    assert less.tokens == [t for t, k in zip(whole.tokens, keep, strict=True) if k]
    assert whole.fields.keys() == less.fields.keys()
    bytes_of = {path: np.memmap(path, np.uint8, "r") for path in (base, tmp_path / "cut.gguf")}
    for one, other in zip(whole.tensors, less.tensors, strict=True):
        mine, theirs = bytes_of[base][one.begin:one.end], bytes_of[tmp_path / "cut.gguf"][other.begin:other.end]
        if one.name == EMBEDDING:
            row = len(mine) // len(keep)
            mine = mine[:row * len(keep)].reshape(len(keep), row)[keep].ravel()
            theirs = theirs[:len(mine)]
            assert other.dimensions == (one.dimensions[0], keep.sum())
        assert np.array_equal(mine, theirs[:len(mine)]), one.name


def test_what_swedish_needs_is_kept_and_most_other_languages_are_not(base: Path) -> None:
    tokens = {t.decode("utf-8", "replace") for t, k in zip(read(base).tokens, kept(), strict=True) if k}
    assert {"▁och", "▁inte", "å", "Ä", "0", "%", "▁", "\n", "<0xE4>", "<bos>", "<eos>"} <= tokens
    assert not {"▁который", "的", "▁étudiants", "▁Regierung"} & tokens
    assert len(tokens) < 70_000


def test_the_cut_model_answers_as_the_whole_one(base: Path, store: ModelStore) -> None:
    requests = [Request(prompt(p.date, p.item, p.turns), grammar=grammar([who for who, _ in p.turns]))
                for p in random.Random(1).sample(split(all_pairs())[1], PAIRS)]
    answers = []
    for path in (base, cut_base(base)):
        model = LlamaCpp(path, name="m", threads=2, adapter=store.file("minutes-sv", "adapter.gguf"), prompting="minutes")
        answers.append([a.text for a in model.answer(requests)])
        model.close()
    assert answers[0] == answers[1]
    assert any(a.strip() != "–" for a in answers[0])


def test_the_cut_base_is_made_once_and_anew_for_a_newer_base(base: Path, tmp_path: Path) -> None:
    mine = tmp_path / "bas.gguf"
    shutil.copy(base, mine)
    first = cut_base(mine)
    made = first.stat().st_mtime_ns
    assert first != mine
    assert cut_base(mine).stat().st_mtime_ns == made
    mine.touch()
    assert cut_base(mine).stat().st_mtime_ns > made


def test_where_it_cannot_be_written_the_base_itself_is_used(base: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "bas.gguf"
    shutil.copy(base, mine)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert cut_base(mine) == mine
    assert list(tmp_path.iterdir()) == [mine]


def test_another_vocabulary_is_refused_and_used_whole(tmp_path: Path, base: Path) -> None:
    keep = np.arange(len(kept())) % 2 == 0
    keep[:300] = True  # with what the model cannot do without
    cut(base, keep, tmp_path / "other.gguf")
    with pytest.raises(ValueError, match="tokens"):
        cut(tmp_path / "other.gguf", kept(), tmp_path / "cut.gguf")
    assert cut_base(tmp_path / "other.gguf") == tmp_path / "other.gguf"


@given(st.binary(max_size=200).map(lambda b: b"GGUF\3\0\0\0" + b) | st.binary(max_size=200))
def test_what_is_no_model_is_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("gguf") / "x.gguf"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"GGUF|breaks off"):
        read(path)


@pytest.mark.parametrize("size", [100, 10_000, 12_000_000, 100_000_000])
def test_a_model_that_breaks_off_is_told(size: int, tmp_path: Path, base: Path) -> None:
    path = tmp_path / "x.gguf"
    with base.open("rb") as whole:
        path.write_bytes(whole.read(size))
    with pytest.raises(ValueError, match="breaks off"):
        read(path)
