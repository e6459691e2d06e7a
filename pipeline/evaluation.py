"""Predictions for pairs of talk and minutes, through the same stage that drafts meetings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.language import LanguageModel
from models.minutes.format import KIND_NAMES
from models.minutes.pairs import Pair
from pipeline.meeting import Agenda, AgendaItem, Meeting, Section, Utterance
from pipeline.stages.condense import condense_one


def as_meeting(pair: Pair) -> tuple[Meeting, Section]:
    """A pair as a meeting of one item and one stretch of talk."""
    item = AgendaItem(id="1", number="1", title=pair.item)
    utterances = tuple(Utterance(start=n * 5000, end=n * 5000 + 4000, speaker=s, text=t, person=s)
                       for n, (s, t) in enumerate(pair.turns))
    return (Meeting(title=pair.item, date=pair.date, agenda=Agenda(items=(item,))),
            Section(item="1", utterances=utterances))


def predict(pairs: Sequence[Pair], model: LanguageModel | None) -> list[dict[str, Any]]:
    """{"id", "out": [{"kind", "text", "who", "due"}]} for every pair, in order."""
    rows = []
    for pair, statements in zip(pairs, condense_one([as_meeting(p) for p in pairs], model), strict=True):
        rows.append({"id": pair.id, "out": [
            {"kind": KIND_NAMES[s.kind], "text": s.text, "who": s.owner, "due": s.due} for s in statements]})
    return rows
