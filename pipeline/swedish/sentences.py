"""Sentences of Swedish text, by spaCy's Swedish tokeniser and rule-based sentence boundaries.

The tokeniser knows abbreviations ("kl.", "ca", "bl.a.") and keeps "13.00–14.00" whole; no trained
model is needed.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from pipeline.swedish.numbers import TEXTS_KEPT


@cache
def _pipeline() -> Any:
    import spacy

    nlp = spacy.blank("sv")
    nlp.add_pipe("sentencizer")
    return nlp


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order.

    >>> sentences("Det blir kl. 13.00 på onsdag. Ca 17 % är klara.")
    ['Det blir kl. 13.00 på onsdag.', 'Ca 17 % är klara.']
    """
    return list(_sentences(text))


@lru_cache(maxsize=TEXTS_KEPT)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(s.text.strip() for s in _pipeline()(text).sents if s.text.strip())
