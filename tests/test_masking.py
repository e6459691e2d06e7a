"""Given minutes that somebody asks for, then nobody can be told from the masked copy."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from pipeline.masking import MASK, masked, masker
from pipeline.meeting import Draft, DraftSection, Evidence, Kind, Meeting, Person, Presence, Provenance, Statement

PEOPLE = ["Karin Ekwall", "Johan Lindqvist", "Karin Bo"]


def test_every_form_of_a_name_has_the_same_mask() -> None:
    mask = masker(PEOPLE)
    assert mask("Johan Lindqvist och Ekwalls förslag; Lindqvist skickar.") == "[person 2] och [person 1]s förslag; [person 2] skickar."
    assert mask("Karin tar det.") == "[namn] tar det."


def test_addresses_numbers_and_chosen_words_are_masked() -> None:
    mask = masker(PEOPLE, ["storgatan"])
    assert mask("Ring 070-123 45 67 eller skriv till karin.ekwall@region.se om 850101-1234 på Storgatans skola.") == (
        f"Ring {MASK} eller skriv till {MASK} om {MASK} på {MASK} skola.")


def test_words_that_only_contain_a_name_are_left() -> None:
    assert masker(["Bo Ek"])("Boendet har 4 ekar i Ekerö.") == "Boendet har 4 ekar i Ekerö."


@given(st.text(max_size=40), st.sampled_from(PEOPLE), st.text(max_size=40))
def test_no_full_name_survives(before: str, name: str, after: str) -> None:
    text = f"{before} {name} {after}"
    assert f" {name} " not in masker(PEOPLE)(text)


def test_a_whole_draft_is_masked_and_nothing_else_changes() -> None:
    statement = Statement(id="s1-0", kind=Kind.ACTION, text="Johan skickar 14 mallar.", owner="Johan Lindqvist", due="15 maj",
                          evidence=(Evidence(recording="", start=0, end=10, digest="a"),), made_by="compression", speakers=("Johan Lindqvist",))
    draft = Draft(
        meeting=Meeting(title="RAG", date=dt.date(2026, 2, 11), chair="Karin Ekwall",
                        attendance=tuple(Presence(person=Person(name=n), present=True) for n in PEOPLE)),
        sections=(DraftSection(item=None, title="Utrustning", statements=(statement,)),), provenance=Provenance(program="1"))
    copy = masked(draft)
    assert not [n for n in ("Karin", "Johan", "Ekwall", "Lindqvist") if n in copy.model_dump_json()]
    [kept] = copy.statements()
    assert (kept.text, kept.owner, kept.due) == ("[person 2] skickar 14 mallar.", "[person 2]", "15 maj")
    assert copy.meeting.date == draft.meeting.date
