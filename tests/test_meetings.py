"""Given whole invented meetings, then drafts name who was there, leak nothing, and fall into no trap."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bench.degraded import degrade
from pipeline.gather import gather
from pipeline.run import Options, Run
from pipeline.settings import Settings
from pipeline.stages.render import Look, render_text
from pipeline.swedish.numbers import digits, figures

MEETINGS = Path(__file__).parent / "meetings"
NAMES = sorted(p.stem for p in MEETINGS.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_of_compression_alone(name: str, tmp_path: Path) -> None:
    found = gather(MEETINGS / name)
    truth = json.loads((MEETINGS / name / "truth.json").read_text("utf-8"))
    drafted = Run(Settings(cache_folder=tmp_path), Options(language_model="none")).draft(found)
    draft, meeting = drafted.draft, drafted.draft.meeting
    text = render_text(draft, Look(evidence=False), "md")
    body = text[text.index("\n### "):]
    assert sorted(p.person.name for p in meeting.attendance if p.present) == sorted(truth["present"])
    assert sorted(p.person.name for p in meeting.attendance if not p.present) == sorted(truth["absent"])
    assert meeting.chair == truth["chair"]
    assert not [s["text"] for s in truth["sensitive"] if s["text"].casefold() in body.casefold()]
    assert not [f for t in truth["traps"] for f in t["forbidden"] if f.casefold() in body.casefold()]
    said = set(figures(digits(" . ".join(u.text for u in drafted.transcript.utterances)))) | set(figures(truth["next_meeting"]["time"]))
    assert all(s.evidence for s in draft.statements())
    assert not {f for s in draft.statements() for f in figures(s.text) if f not in said and not re.fullmatch(r"\d\d\.\d\d|20\d\d", f)}
    assert f"{int(truth['next_meeting']['date'][-2:])} " in body


@pytest.mark.parametrize("name", NAMES)
def test_heard_by_a_poor_recogniser_nothing_leaks_and_no_voice_gets_a_wrong_name(name: str, tmp_path: Path) -> None:
    wrong = degrade(MEETINGS / name, tmp_path / name)
    before = re.findall(r"<v ([^>]*)>", (MEETINGS / name / "transcript.vtt").read_text("utf-8"))
    found = gather(tmp_path / name)
    drafted = Run(Settings(cache_folder=tmp_path), Options(language_model="none")).draft(found)
    truth = json.loads((MEETINGS / name / "truth.json").read_text("utf-8"))
    body = render_text(drafted.draft, Look(evidence=False), "md").casefold()
    body = body[body.index("\n### "):]
    assert 0.05 < wrong < 0.3
    assert not [s["text"] for s in truth["sensitive"] if s["text"].casefold() in body]
    assert all(u.person in (None, who) for u, who in zip(drafted.transcript.utterances, before, strict=True))
    assert drafted.draft.meeting.chair in {u.person for u in drafted.transcript.utterances}
