"""How well talk is given to agenda items: Pk, WindowDiff (segeval) and the share of utterances in the right item.

    python bench/segmentation.py MEETINGS [MEETINGS ...]

Each folder in MEETINGS holds transcript.vtt, agenda and truth.json, whose items have the first and last utterance of their
talk ("cues", counted from 0; a list of such where an item is taken up again). A baseline that moves on only where an item's title is said stands beside.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import segeval

from pipeline.facts import meeting_facts
from pipeline.gather import gather
from pipeline.meeting import Meeting, Utterance
from pipeline.stages.attribute import persons_of
from pipeline.stages.segment import assign


def masses(labels: Sequence[object]) -> tuple[int, ...]:
    """Lengths of the runs of one label."""
    found = [0]
    for before, label in zip([labels[0], *labels], labels, strict=False):
        if label != before:
            found.append(0)
        found[-1] += 1
    return tuple(found)


def by_title(meeting: Meeting, utterances: Sequence[Utterance]) -> list[str | None]:
    """Move to an item when its title is said, word for word."""
    where: str | None = None
    out = []
    for u in utterances:
        where = next((i.id for i in meeting.agenda if re.search(rf"\b{re.escape(i.title.casefold())}\b", u.text.casefold())), where)
        out.append(where)
    return out


def main() -> int:
    print("| meeting | utterances | right item | Pk | WindowDiff | by title: right item | Pk |\n| --- | --- | --- | --- | --- | --- | --- |")
    for folder in sorted(f for place in sys.argv[1:] for f in Path(place).iterdir() if (f / "truth.json").is_file()):
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        found = gather(folder)
        talk = found.parts[0].transcript
        assert talk is not None
        meeting = meeting_facts(found.sources, talk.utterances)
        utterances = persons_of(meeting, talk.utterances)
        gold: list[str | None] = [None] * len(utterances)
        for item, known in zip(truth["items"], meeting.agenda, strict=False):
            cues = item["cues"] or []
            for first, last in [cues] if cues and isinstance(cues[0], int) else cues:
                gold[first:last + 1] = [known.id] * (last + 1 - first)
        cells = [folder.name, str(len(utterances))]
        for way in (assign(meeting, utterances), by_title(meeting, utterances)):
            judged = [(a, b) for a, b in zip(way, gold, strict=True) if b is not None]
            share = sum(a == b for a, b in judged) / max(1, len(judged))
            mine, theirs = masses([a for a, _ in judged]), masses([b for _, b in judged])
            cells += [f"{share:.2f}", f"{float(segeval.pk(mine, theirs)):.2f}", f"{float(segeval.window_diff(mine, theirs)):.2f}"]
        print("| " + " | ".join(cells[:-1]) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
