"""Given a draft and a reviewer's changes, then the draft stands as the reviewer meant, and nothing is lost."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.minutes.pairs import pair_from
from pipeline.again import in_child
from pipeline.archive import Archive, audit, groups, learning
from pipeline.archive.access import Person
from pipeline.archive.approval import appoint, approve, ask_until, opinions, remark, settle
from pipeline.archive.drafts import add_revision
from pipeline.archive.retention import carry_out, plan
from pipeline.archive.reviews import change, current, history, set_state
from pipeline.archive.tables import StruckPair, now
from pipeline.errors import ArchiveError, ConflictError, ProtokollistError, UsageError
from pipeline.gather import gather
from pipeline.meeting import Draft, Flag, Kind, Transcript, Utterance
from pipeline.review import Add, CorrectWord, Merge, Move, NameSpeaker, Reword, reviewed
from pipeline.run import Options, Run
from pipeline.settings import Settings
from pipeline.stages.house_template import example_draft
from pipeline.web.app import create_app
from pipeline.web.security import OneTimeToken

ANNA = Person("anna", "Anna")
TALK = Transcript(utterances=(Utterance(start=65_000, end=70_000, speaker="Talare 1", text="Upphandlingen pågår i Kallmar."),), duration=80_000)


def example() -> Draft:
    return example_draft().model_copy(update={"speakers": {"Talare 1": "Talare 1"}})


@pytest.fixture
def meeting(archive: Archive, tmp_path: Path) -> str:
    path = tmp_path / "t.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Hej.</v>\n", "utf-8")
    meeting_id, _ = archive.add_meeting({"t.vtt": path}, title="RAG", who="anna")
    with archive.session() as session:
        add_revision(session, meeting_id, example(), TALK)
    return meeting_id


# ------------------------------------------------------------------ changes


def texts(draft: Draft, item: str) -> list[str]:
    return next([x.text for x in s.statements] for s in draft.sections if s.item == item)


def test_sentences_are_reworded_moved_and_joined() -> None:
    draft, _ = reviewed(example(), TALK, [Reword(id="s1", text="Upphandlingen  fortgår."), Move(id="s1", item="2.1", before="s3"), Merge(id="s3")])
    assert texts(draft, "2") == []
    assert texts(draft, "2.1")[1] == "Upphandlingen fortgår. Kontaktar leverantören."


def test_a_sentence_of_ones_own_has_the_evidence_that_was_chosen() -> None:
    draft, _ = reviewed(example(), TALK, [Add(id="own-1", item="3", text="Nytt.", start=66_000, end=67_000), Add(id="own-2", item="3", text="Utan.")])
    with_evidence, without = next(s.statements for s in draft.sections if s.item == "3")
    assert (with_evidence.evidence[0].start, with_evidence.made_by, without.evidence) == (65_000, "person", ())


def test_a_named_speaker_is_present_and_named_everywhere() -> None:
    draft, talk = reviewed(example(), TALK, [NameSpeaker(speaker="Talare 1", name="Per Holm")])
    assert draft.speakers["Talare 1"] == talk.utterances[0].person == "Per Holm"
    assert any(p.person.name == "Per Holm" and p.present for p in draft.meeting.attendance)


def test_a_corrected_word_follows_into_the_text_and_marks_what_rests_on_it() -> None:
    draft, talk = reviewed(example(), TALK, [Reword(id="s1", text="Upphandlingen i Kallmar pågår."), CorrectWord(heard="kallmar", meant="Kalmar")])
    assert talk.utterances[0].text == "Upphandlingen pågår i Kalmar."
    statement = next(s for s in draft.statements() if s.id == "s1")
    assert statement.text == "Upphandlingen i Kalmar pågår."
    assert Flag.NAME in statement.flags


CHANGES = st.one_of(
    st.builds(lambda i, t: {"do": "reword", "id": i, "text": t}, st.sampled_from(["s1", "s2", "s9"]), st.text(min_size=1, max_size=9)),
    st.builds(lambda i: {"do": "remove", "id": i}, st.sampled_from(["s1", "s2", "s3"])),
    st.builds(lambda i, t: {"do": "move", "id": i, "item": t}, st.sampled_from(["s1", "s2"]), st.sampled_from(["1", "2", "9", None])),
    st.builds(lambda i: {"do": "merge", "id": i}, st.sampled_from(["s2", "s3"])), st.just({"do": "undo"}),
    st.builds(lambda a, b: {"do": "correct", "heard": a, "meant": b}, st.text(min_size=1, max_size=4), st.text(min_size=1, max_size=4)))


@hypothesis_settings(max_examples=20, deadline=None)
@given(st.lists(CHANGES, max_size=6))
def test_no_row_of_changes_breaks_a_review_and_undoing_all_leads_back(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    folder = tmp_path_factory.mktemp("a")
    archive = Archive(Settings(archive_folder=folder, cache_folder=folder))
    (folder / "t.vtt").write_text("x")
    meeting_id, _ = archive.add_meeting({"t.vtt": folder / "t.vtt"}, title="x", who="a")
    with archive.session() as session:
        add_revision(session, meeting_id, example(), TALK)
    made = 0
    for row in rows:
        try:
            change(archive, meeting_id, current(archive, meeting_id).version, row, "a")
            made += 1 if row["do"] != "undo" else -1
        except UsageError:
            pass
    for _ in range(made):
        change(archive, meeting_id, current(archive, meeting_id).version, {"do": "undo"}, "a")
    assert current(archive, meeting_id).draft.sections == example().sections
    archive.close()


def test_two_reviewers_do_not_overwrite_each_other(archive: Archive, meeting: str) -> None:
    seen = current(archive, meeting).version
    change(archive, meeting, seen, {"do": "remove", "id": "s1"}, "anna")
    with pytest.raises(ConflictError, match="Någon annan"):
        change(archive, meeting, seen, {"do": "remove", "id": "s2"}, "per")
    assert [line.who for line in history(archive, meeting)] == ["anna"]


def test_finished_minutes_are_read_only_and_reopening_leaves_a_trace(archive: Archive, meeting: str) -> None:
    done = set_state(archive, meeting, current(archive, meeting).version, "färdigställd", "anna")
    assert done.draft.state == "färdigställd"
    with pytest.raises(UsageError, match="färdigställda"):
        change(archive, meeting, done.version, {"do": "remove", "id": "s1"}, "per")
    set_state(archive, meeting, done.version, "utkast", "per")
    with archive.session() as session:
        assert sum("färdigställd → utkast" in line for line in audit.exported(session)) == 1


def learning_group(archive: Archive, meeting: str, *, wants_it: bool = True) -> None:
    """A group that has decided whether its reviews may be learnt from, and owns the meeting."""
    group_id = groups.create(archive, "RAG", ANNA)
    groups.change(archive, group_id, 1, {"namn": "RAG", "lar_av_granskning": wants_it}, ANNA)
    groups.place(archive, meeting, group_id, ANNA)


def finished(archive: Archive, meeting: str) -> None:
    made = change(archive, meeting, current(archive, meeting).version, {"do": "reword", "id": "s1", "text": "Upphandlingen fortgår."}, "anna")
    set_state(archive, meeting, made.version, "färdigställd", "anna")


def test_what_a_reviewer_let_stand_becomes_pairs_of_finished_meetings_of_groups_that_want_it(archive: Archive, meeting: str) -> None:
    learning_group(archive, meeting)
    assert learning.export(archive, "anna") == []
    finished(archive, meeting)
    [row] = [r for r in learning.export(archive, "anna") if r["item"] == "Lägesrapport"]
    pair = pair_from(row)
    assert (pair.item, pair.turns[0][1], [o.text for o in pair.out], [o["text"] for o in row["machine"]]) == (
        "Lägesrapport", "Upphandlingen pågår i Kallmar.", ["Upphandlingen fortgår."], [texts(example(), "2")[0]])


@pytest.mark.parametrize("wants_it", [False, None])
def test_nothing_is_learnt_where_nobody_decided_so(archive: Archive, meeting: str, wants_it: bool | None) -> None:
    if wants_it is not None:
        learning_group(archive, meeting, wants_it=wants_it)
    finished(archive, meeting)
    assert learning.sources(archive) == []
    with pytest.raises(ArchiveError):
        learning.pairs_of(archive, meeting)


def test_what_is_struck_is_not_exported_however_the_talk_is_cut(archive: Archive, meeting: str) -> None:
    learning_group(archive, meeting)
    finished(archive, meeting)
    learning.strike(archive, meeting, 66_000, 67_000, True, "anna")  # a part of the pair's talk
    pairs = learning.pairs_of(archive, meeting)
    assert all(p.struck for p in pairs)
    assert learning.export(archive, "anna") == []
    learning.strike(archive, meeting, pairs[0].start, pairs[0].end, False, "anna")
    assert len(learning.export(archive, "anna")) == len(pairs)
    with pytest.raises(UsageError):
        learning.strike(archive, meeting, 5, 5, True, "anna")


def test_pairs_are_deleted_with_their_draft(archive: Archive, meeting: str) -> None:
    learning_group(archive, meeting)
    finished(archive, meeting)
    learning.strike(archive, meeting, 66_000, 67_000, True, "anna")
    carry_out(archive, plan(archive, {"drafts": "1d efter färdigställd"}, now() + dt.timedelta(days=2)), "gallring")
    with archive.session() as session:
        assert session.scalars(select(StruckPair)).all() == []


@pytest.mark.parametrize("given_change", [{"do": "explode"}, {"do": "reword", "id": "s1", "text": ""}, {"do": "reword", "id": "s1"}, {}, {"do": "undo"},
                                          {"do": "add", "id": "../x", "item": "1", "text": "a"}, {"do": "classify", "id": "s1", "kind": "dikt"}])
def test_a_change_that_cannot_be_made_is_told(archive: Archive, meeting: str, given_change: dict[str, Any]) -> None:
    with pytest.raises(ProtokollistError):
        change(archive, meeting, current(archive, meeting).version, given_change, "anna")


def test_the_machine_writes_an_item_again_after_a_correction(tmp_path: Path) -> None:
    """Given a word corrected in the talk, the item is written from what was meant; undo takes the old text back."""
    archive = Archive(Settings(archive_folder=tmp_path / "arkiv", cache_folder=tmp_path / "cache", language_model="none"))
    talk = tmp_path / "t.vtt"
    talk.write_text("WEBVTT\n\n00:01.000 --> 00:09.000\n<v Anna Berg>Då öppnar jag mötet. Vi beslutar att köpa 13 stolar till kalmar.</v>\n", "utf-8")
    meeting_id, _ = archive.add_meeting({"t.vtt": talk}, title="RAG", who="anna")
    with archive.material(meeting_id) as folder:
        drafted = Run(archive.settings, Options()).draft(gather(folder))
    with archive.session() as session:
        add_revision(session, meeting_id, drafted.draft, drafted.transcript)
    before = current(archive, meeting_id)
    [section] = before.draft.sections
    with pytest.raises(UsageError, match="samma sak igen"):
        in_child(archive, meeting_id, before.version, section.item, "anna")
    made = change(archive, meeting_id, before.version, {"do": "correct", "heard": "stolar", "meant": "skärmar"}, "anna")
    made = change(archive, meeting_id, made.version, {"do": "remove", "id": section.statements[-1].id}, "anna")
    after = in_child(archive, meeting_id, made.version, section.item, "anna")
    assert "skärmar" in after.draft.sections[0].statements[-1].text
    undone = change(archive, meeting_id, after.version, {"do": "undo"}, "anna")
    assert undone.draft.sections == made.draft.sections
    with pytest.raises(ConflictError):
        in_child(archive, meeting_id, before.version, section.item, "anna")
    archive.close()


# ------------------------------------------------------------------ who is asked


def test_an_approval_holds_until_the_draft_is_changed(archive: Archive, meeting: str) -> None:
    appoint(archive, meeting, "Per  Ek", "anna")
    seen = current(archive, meeting).version
    with pytest.raises(UsageError, match="inte utsedd"):
        approve(archive, meeting, "Eva Lund", seen, "anna")
    approve(archive, meeting, "Per Ek", seen, "anna")
    [approval] = opinions(archive, meeting).approvals
    assert (approval.name, approval.holds, approval.noted_by) == ("Per Ek", True, "anna")
    done = set_state(archive, meeting, seen, "färdigställd", "anna")
    assert opinions(archive, meeting).approvals[0].holds, "a state changes no text"
    reopened = set_state(archive, meeting, done.version, "utkast", "anna")
    change(archive, meeting, reopened.version, {"do": "remove", "id": "s1"}, "anna")
    assert not opinions(archive, meeting).approvals[0].holds
    with pytest.raises(ConflictError):
        approve(archive, meeting, "Per Ek", seen, "anna")


def test_remarks_stand_until_they_are_settled(archive: Archive, meeting: str) -> None:
    ask_until(archive, meeting, "2026-12-01", "anna")
    remark(archive, meeting, "Det var i Kalmar.", "Per Ek", "anna", "s1")
    remark(archive, meeting, "Bra!", "", "anna")
    found = opinions(archive, meeting)
    assert (found.until, [(r.who, r.statement, r.settled) for r in found.remarks]) == ("2026-12-01", [("Per Ek", "s1", False), ("anna", None, False)])
    settle(archive, meeting, found.remarks[0].id, "anna")
    assert [r.settled for r in opinions(archive, meeting).remarks] == [True, False]
    for wrong in (lambda: ask_until(archive, meeting, "snart", "a"), lambda: remark(archive, meeting, " ", "a", "a"), lambda: settle(archive, meeting, 999, "a")):
        with pytest.raises(UsageError):
            wrong()


def test_meetings_are_found_by_what_was_said_and_written(archive: Archive, meeting: str) -> None:
    assert [m.id for m in archive.meetings(search="KALLMAR")] == [meeting]
    change(archive, meeting, current(archive, meeting).version, {"do": "reword", "id": "s1", "text": "Ärendet om Öland är klart."}, "anna")
    assert [m.id for m in archive.meetings(search="öland")] == [meeting]
    assert archive.meetings(search="100 %") == []
    assert archive.meetings(search="rag")[0].flags is not None


# ------------------------------------------------------------------ the application


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    entrance = OneTimeToken("anna")
    with TestClient(create_app(archive, entrance, hosts=("testserver",))) as found:
        found.get(f"/?token={entrance.token}")
        found.headers["X-Protokollist"] = "1"
        yield found


def test_nothing_is_told_without_the_token(archive: Archive) -> None:
    with TestClient(create_app(archive, OneTimeToken("anna"), hosts=("testserver",))) as stranger:
        for path in ("/", "/upload", "/m/x", "/api/m/x", "/api/events", "/metrics", "/?token=fel", "/?token=%C3%A5"):
            assert stranger.get(path).status_code == 401
        assert stranger.get("/health").status_code == 200
        assert stranger.get("/", headers={"Host": "ond.example"}).status_code == 421


def test_the_token_is_taken_out_of_the_address_each_time(archive: Archive) -> None:
    entrance = OneTimeToken("anna")
    with TestClient(create_app(archive, entrance, hosts=("testserver",))) as own:
        for _ in range(2):
            assert own.get(f"/?token={entrance.token}").url.query == b""


def test_another_sites_form_changes_nothing(client: TestClient, meeting: str) -> None:
    del client.headers["X-Protokollist"]
    assert client.post(f"/api/m/{meeting}/changes", json={"do": "remove", "id": "s1"}, headers={"If-Match": '"1.0.utkast"'}).status_code == 403


def test_pages_carry_a_strict_policy(client: TestClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_change_over_http_needs_the_version_seen(client: TestClient, meeting: str) -> None:
    seen = client.get(f"/api/m/{meeting}").headers["ETag"]
    made = client.post(f"/api/m/{meeting}/changes", json={"do": "reword", "id": "s1", "text": "Nytt."}, headers={"If-Match": seen})
    assert made.status_code == 200
    assert client.post(f"/api/m/{meeting}/changes", json={"do": "remove", "id": "s1"}, headers={"If-Match": seen}).status_code == 412
    assert client.post(f"/api/m/{meeting}/changes", json={"do": "remove", "id": "s1"}).status_code == 428


def metadata(name: str) -> str:
    return f"filename {base64.b64encode(name.encode()).decode()}"


def test_an_upload_goes_on_where_it_was_broken_off(client: TestClient, archive: Archive) -> None:
    body = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna Berg>Hej.</v>\n"
    made = client.post("/files", headers={"Upload-Length": str(len(body)), "Upload-Metadata": metadata("../../möte.vtt")})
    place = made.headers["Location"]
    patch = {"Content-Type": "application/offset+octet-stream"}
    assert client.patch(place, content=body[:10], headers={**patch, "Upload-Offset": "0"}).headers["Upload-Offset"] == "10"
    assert client.patch(place, content=body[10:], headers={**patch, "Upload-Offset": "3"}).status_code == 409
    assert client.head(place).headers["Upload-Offset"] == "10"
    unfinished = client.post("/api/meetings", json={"uploads": [place.split("/")[-1]]})
    assert (unfinished.status_code, "inte färdiguppladdad" in unfinished.json()["detail"]) == (409, True)
    client.patch(place, content=body[10:], headers={**patch, "Upload-Offset": "10"})
    added = client.post("/api/meetings", json={"uploads": [place.split("/")[-1]], "title": "", "agenda": "1. Öppnande\n2. Övrigt"})
    assert added.status_code == 201
    names = {name for _, name, _, _ in archive.artefacts(added.json()["meeting"])}
    assert names == {"_.._möte.vtt", "dagordning.md"}


@pytest.mark.parametrize(("headers", "status"), [({"Upload-Length": "0"}, 413), ({}, 400), ({"Upload-Length": str(10**13)}, 413)])
def test_uploads_that_cannot_be_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/files", headers=headers).status_code == status


def test_more_than_was_said_is_refused(client: TestClient) -> None:
    place = client.post("/files", headers={"Upload-Length": "3", "Upload-Metadata": metadata("a.vtt")}).headers["Location"]
    answer = client.patch(place, content=b"12345", headers={"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"})
    assert answer.status_code == 413


def test_a_meeting_without_talk_is_refused_in_swedish(client: TestClient) -> None:
    place = client.post("/files", headers={"Upload-Length": "3", "Upload-Metadata": metadata("a.txt")}).headers["Location"]
    client.patch(place, content=b"abc", headers={"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"})
    answer = client.post("/api/meetings", json={"uploads": [place.split("/")[-1]]})
    assert (answer.status_code, "inspelning" in answer.json()["error"]) == (422, True)


@pytest.mark.parametrize("template", ["minnesanteckningar", "beslutsprotokoll", "diskussionsprotokoll"])
def test_the_reviewed_draft_is_downloaded_as_word_and_pdf(client: TestClient, meeting: str, template: str) -> None:
    answer = client.get(f"/m/{meeting}/download/{template}.docx")
    assert answer.content[:4] == b"PK\x03\x04"
    assert client.get(f"/m/{meeting}/download/{template}.pdf").content[:5] == b"%PDF-"
    assert client.get(f"/m/{meeting}/download/annat.docx").status_code == 404


def test_reading_and_changing_stand_in_the_log(client: TestClient, archive: Archive, meeting: str) -> None:
    client.get(f"/m/{meeting}")
    client.get(f"/m/{meeting}/download/minnesanteckningar.md")
    with archive.session() as session:
        told = "".join(audit.exported(session))
    assert '"läst"' in told
    assert '"hämtat"' in told
    assert "Upphandlingen" not in told


def test_tasks_of_all_meetings_stand_on_one_page(client: TestClient, archive: Archive, meeting: str) -> None:
    change(archive, meeting, current(archive, meeting).version,
           {"do": "classify", "id": "s1", "kind": "åtgärd", "owner": "Per Ek", "due": "vecka 9"}, "anna")
    page = client.get("/tasks").text
    assert "Per Ek" in page
    assert "vecka 9" in page
    assert "Per Ek" not in client.get("/tasks?q=ingenting").text


def test_remarks_and_approvals_over_http(client: TestClient, archive: Archive, meeting: str) -> None:
    client.post(f"/api/m/{meeting}/approvals/appoint", json={"name": "Per Ek"})
    told = client.post(f"/api/m/{meeting}/remarks", json={"text": "Fel datum.", "statement": "s1"}).json()["opinions"]
    assert [r["text"] for r in told["remarks"]] == ["Fel datum."]
    assert told["approvals"] == [{"name": "Per Ek", "at": None, "holds": False}]
    seen = client.get(f"/api/m/{meeting}").headers["ETag"]
    done = client.post(f"/api/m/{meeting}/approvals/approve", json={"name": "Per Ek"}, headers={"If-Match": seen})
    assert done.json()["opinions"]["approvals"][0]["holds"] is True
    assert client.post(f"/api/m/{meeting}/approvals/explode", json={"name": "Per Ek"}).status_code == 422
    assert client.post(f"/api/m/{meeting}/changes", json={"do": "redraft", "item": "1", "statements": []}, headers={"If-Match": seen}).status_code == 422


def test_an_administrator_looks_through_what_is_learnt_and_strikes_out(client: TestClient, archive: Archive, meeting: str) -> None:
    assert "hör till en grupp" in client.get("/learning").text
    learning_group(archive, meeting)
    finished(archive, meeting)
    assert "RAG" in client.get("/learning").text
    shown = client.get(f"/learning/{meeting}").text
    assert "Kallmar" in shown
    assert "Upphandlingen fortgår." in shown
    assert client.post(f"/api/learning/{meeting}", json={"start": 65_000, "end": 70_000, "struck": True}).status_code == 204
    assert client.get("/learning/pairs.jsonl").text == ""
    assert client.get(f"/learning/{meeting}").text.count("Stryk") == 0
    assert client.get("/learning/okänt").status_code == 404
    with archive.session() as session:
        told = "\n".join(audit.exported(session))
    assert "par struket" in told
    assert "par exporterade" in told


def test_numbers_for_monitoring_tell_no_content(client: TestClient, meeting: str) -> None:
    text = client.get("/metrics").text
    assert 'protokollist_jobs{status="klar"} 0' in text
    assert client.get("/ready").json() == {"status": "ok"}
    assert Kind.DECISION.value not in text
