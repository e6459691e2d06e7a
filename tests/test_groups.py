"""Given a group in the archive, then its meetings are drafted with its glossary, agenda and template, and only its own see and change it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from fastapi.testclient import TestClient

from pipeline.archive import Archive, groups
from pipeline.archive.access import Person
from pipeline.archive.drafts import add_revision
from pipeline.errors import AccessError, ArchiveError, ConflictError, DocumentError, UsageError
from pipeline.gather import gather
from pipeline.group import Group, read_group, written_group
from pipeline.meeting import Transcript, Utterance
from pipeline.stages.house_template import example_draft
from pipeline.stages.rendering import checked
from pipeline.web.app import create_app
from pipeline.web.security import OneTimeToken

ANNA = Person("anna@regionost.se", "Anna", everything=False)
BO = Person("bo@regionost.se", "Bo", everything=False)
CIA = Person("cia@kommunnord.se", "Cia", everything=False)
CONTENT = {
    "namn": "RAG nuklearmedicin", "mall": "beslutsprotokoll", "avidentifiera": True, "dagordning": ["Mötets öppnande", "Lägesrapport", "- Kalmar"],
    "medlem": [{"namn": "Anna Berg", "roll": "ordförande", "ort": "Linköping", "yrke": "läkare"}, {"namn": "Bo Lind", "epost": "BO@regionost.se"}],
    "term": [{"skrivs": "kolin-PET", "hors": ["kulinpejte", "kolin \"pett\""]}]}


@pytest.fixture
def group(archive: Archive) -> str:
    made = groups.create(archive, "RAG", ANNA)
    groups.change(archive, made, 1, CONTENT, ANNA)
    return made


@pytest.fixture
def meeting(archive: Archive, tmp_path: Path) -> str:
    path = tmp_path / "t.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Hej.</v>\n", "utf-8")
    meeting_id, _ = archive.add_meeting({"t.vtt": path}, title="RAG", who=ANNA.key)
    with archive.session() as session:
        add_revision(session, meeting_id, example_draft(), Transcript(
            utterances=(Utterance(start=65_000, end=70_000, speaker="Talare 1", text="Upphandlingen pågår."),), duration=80_000))
    return meeting_id


def word_file(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_group_written_as_a_file_is_read_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "grupp.toml"
    path.write_text(written_group(Group.model_validate(CONTENT)), "utf-8")
    assert read_group(path) == Group.model_validate(CONTENT)


def test_a_meeting_of_a_group_is_drafted_with_what_the_group_has_decided(archive: Archive, group: str, meeting: str) -> None:
    groups.place(archive, meeting, group, ANNA)
    with archive.material(meeting) as folder:
        found = gather(folder).sources.group
    assert found == Group.model_validate(CONTENT)
    groups.place(archive, meeting, None, ANNA)
    with archive.material(meeting) as folder:
        assert gather(folder).sources.group == Group()


def test_a_groups_page_lists_its_meetings_and_their_tasks_only(archive: Archive, group: str, meeting: str) -> None:
    assert not archive.meetings(group=group)
    assert not archive.tasks(group=group)
    groups.place(archive, meeting, group, ANNA)
    assert [m.id for m in archive.meetings(group=group)] == [meeting]
    assert [t.text for t in archive.tasks(group=group)] == ["Kontaktar leverantören."]
    assert not archive.meetings(group=group, seen_by=BO.key), "that a meeting is a group's opens it to nobody"


def test_members_see_a_group_and_put_words_into_its_glossary_but_only_its_secretaries_change_it(archive: Archive, group: str) -> None:
    assert [g.id for g in groups.groups(archive, BO)] == [group]
    groups.add_term(archive, group, "kolin-PET", "kulin pet", BO)
    groups.add_term(archive, group, "myokardscint", "", BO)
    groups.add_term(archive, group, "Nordmyra", "budgeten", BO)  # a word of its own: never to be corrected everywhere
    terms = {t.skrivs: t.hors for t in groups.group(archive, group, BO).group.term}
    assert terms == {"kolin-PET": ("kulinpejte", 'kolin "pett"', "kulin pet"), "myokardscint": (), "Nordmyra": ()}
    with pytest.raises(AccessError, match="sekreterare"):
        groups.change(archive, group, 5, CONTENT, BO)
    groups.change(archive, group, 5, CONTENT | {"medlem": [{"namn": "Bo Lind", "epost": "bo@regionost.se", "roll": "Sekreterare"}]}, ANNA)
    assert groups.change(archive, group, 6, CONTENT | {"namn": "RAG 2"}, BO).group.namn == "RAG 2"


def test_a_group_does_not_exist_for_others(archive: Archive, group: str, meeting: str) -> None:
    assert groups.groups(archive, CIA) == []
    for attempt in (lambda: groups.group(archive, group, CIA), lambda: groups.place(archive, meeting, group, CIA),
                    lambda: groups.add_term(archive, group, "ord", "od", CIA), lambda: groups.remove(archive, group, CIA)):
        with pytest.raises(ArchiveError, match="finns inte"):
            attempt()


def test_two_who_change_a_group_at_once_do_not_overwrite_each_other(archive: Archive, group: str) -> None:
    groups.change(archive, group, 2, CONTENT | {"namn": "Ny"}, ANNA)
    with pytest.raises(ConflictError, match="Någon annan"):
        groups.change(archive, group, 2, CONTENT, ANNA)


@pytest.mark.parametrize(("wrong", "told"), [
    ({"namn": " "}, "namn"), ({"mall": "../../etc/passwd"}, "Mallen ska vara"), ({"medlem": [{"namn": "A"}]}, "medlem → 1 → namn"),
    ({"okänt": 1}, "okänt"), ({"term": [{"skrivs": f"ord {n}"} for n in range(2001)]}, "högst 2000")])
def test_content_that_cannot_be_used_is_told_of_by_field(archive: Archive, group: str, wrong: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        groups.change(archive, group, 2, CONTENT | wrong, ANNA)
    assert groups.group(archive, group, ANNA).version == 2


def test_a_group_that_is_removed_leaves_its_meetings(archive: Archive, group: str, meeting: str) -> None:
    groups.place(archive, meeting, group, ANNA)
    with pytest.raises(AccessError):
        groups.remove(archive, group, BO)
    groups.remove(archive, group, ANNA)
    assert archive.meeting(meeting).group is None


# ------------------------------------------------------------------ the Word template


def test_the_groups_own_word_template_is_checked_shown_and_used(archive: Archive, group: str, meeting: str) -> None:
    entrance = OneTimeToken("anna")
    client = TestClient(create_app(archive, entrance), base_url="http://127.0.0.1", headers={"X-Protokollist": "1"})
    client.get("/", params={"token": entrance.token})
    given = word_file("Regionens mall: {{ title }} {{ date }}", "{% for s in sections %}{{ s.heading }} {% endfor %}")
    answer = client.put(f"/api/groups/{group}/template", content=given, headers={"X-File-Name": "v%C3%A5r%20mall.docx"})
    assert answer.json()["template"] == "vår mall.docx"
    assert "närvarande" in answer.json()["missing"]
    preview = client.get(f"/g/{group}/preview.docx")
    assert "Regionens mall: Exempelgruppen" in docx.Document(io.BytesIO(preview.content)).paragraphs[0].text
    client.post(f"/api/m/{meeting}/group", json={"group": group})
    page = client.get(f"/m/{meeting}").text
    assert "gruppens egen" in page
    assert "vår mall" not in page
    made = client.get(f"/m/{meeting}/download/grupp.docx")
    assert "Regionens mall" in docx.Document(io.BytesIO(made.content)).paragraphs[0].text
    assert client.get(f"/m/{meeting}/download/grupp.pdf").content.startswith(b"%PDF")
    client.delete(f"/api/groups/{group}/template")
    assert client.get(f"/m/{meeting}/download/grupp.docx").status_code == 404


def bomb() -> bytes:
    """A Word file of some kilobytes that unpacks to more than the child may have."""
    plain, out = zipfile.ZipFile(io.BytesIO(word_file("{{ title }}"))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in plain.namelist():
            if name == "word/document.xml":
                with made.open(name, "w", force_zip64=True) as stream:
                    stream.write(plain.read(name).split(b"<w:body>")[0] + b"<w:body>")
                    for _ in range(200):
                        stream.write(b" " * 2**20)
            else:
                made.writestr(name, plain.read(name))
    return out.getvalue()


ENDLESS = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{{ a }}{% endfor %}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(("template", "told"), [
    (b"", "inget Word-dokument"), (b"PK\x03\x04 skr\xe4p", "inget Word-dokument"), (word_file("{{ personnummer }}"), "inte får användas: personnummer"),
    (word_file("{{ title"), "kan inte läsas"), (word_file("{{ title.__class__.__mro__ }}"), "__class__"),
    (b" " * (5 * 2**20 + 1), "för stor")])
def test_a_template_that_cannot_be_used_is_told_of(archive: Archive, group: str, template: bytes, told: str) -> None:
    with pytest.raises(DocumentError, match=told):
        groups.set_template(archive, group, "mall.docx", template, ANNA)
    assert groups.group(archive, group, ANNA).template_name is None


@pytest.mark.slow
def test_a_template_that_never_ends_or_unpacks_to_gigabytes_harms_nothing() -> None:
    for hostile, told in ((word_file(ENDLESS), "orimligt mycket"), (bomb(), "för stor")):
        with pytest.raises(DocumentError, match=told):
            checked(hostile)
