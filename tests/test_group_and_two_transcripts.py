"""Given a group's file, the last minutes, or a recording with its Teams transcript, then they work together."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import pytest
from conftest import SAMPLES
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from test_recordings import protokollist

from pipeline.errors import DocumentError, ProtokollistError, UsageError
from pipeline.gather import gather
from pipeline.group import Group, Member, read_group, without_names
from pipeline.join import Heard, joined
from pipeline.meeting import DoubtKind, Draft, OpenAction, Transcript, Turn, Utterance, Word
from pipeline.previous import open_actions
from pipeline.run import Options, Run
from pipeline.settings import Settings
from pipeline.stages.attribute import with_terms
from pipeline.stages.compare import checked_transcript, clock_offset, names_of_voices, with_doubts
from pipeline.swedish.sounds import Term, apply, corrections, sound
from pipeline.teams.graph import is_graph_attendance, read_graph_attendance, read_transcript_particulars

TEAMS = Path(__file__).parent / "data" / "mote.vtt"
ANY_BYTES = hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def said(text: str, start: int, speaker: str = "Anna Berg", seconds: int = 4) -> Utterance:
    return Utterance(start=start, end=start + seconds * 1000, speaker=speaker, text=text)


def heard_words(text: str, start: int) -> list[Word]:
    return [Word(start=start + 300 * n, end=start + 300 * n + 250, text=w) for n, w in enumerate(text.split())]


# ------------------------------------------------------------------ grupp.toml

GROUP = """
namn = "RAG nuklearmedicin"
avidentifiera = true
dagordning = ["Mötets öppnande", "Lägesrapport", "- Linköping", "- Kalmar", "Nästa möte"]
[[medlem]]
namn = "Anna Berg"
roll = "ordförande"
ort = "Linköping"
yrke = "läkare"
[[medlem]]
namn = "Åsa Öberg"
ort = "Kalmar"
[[term]]
skrivs = "kolin-PET"
hors = ["kulinpejte", "kolin pett"]
[[term]]
skrivs = "myokardscintigrafi"
"""


def test_a_file_that_is_not_what_its_name_says_is_told(tmp_path: Path) -> None:
    (tmp_path / "mote.mp4").write_text("hej")
    (tmp_path / "mote.vtt").write_text("hej")
    with pytest.raises(UsageError) as told:
        gather(tmp_path)
    assert "mote.mp4 hoppas över: innehållet är inte ljud eller video" in str(told.value)
    assert "mote.vtt hoppas över: innehållet är inte ett transkript" in str(told.value)


def test_a_groups_file_gives_members_standing_agenda_and_glossary(tmp_path: Path) -> None:
    (tmp_path / "grupp.toml").write_text(GROUP, "utf-8")
    (tmp_path / "m.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna Berg>Då öppnar jag mötet.</v>\n", "utf-8")
    found = gather(tmp_path)
    drafted = Run(Settings(cache_folder=tmp_path / "c"), Options(language_model="none")).draft(found)
    meeting = drafted.draft.meeting
    assert [(i.id, i.title) for i in meeting.agenda] == [
        ("1", "Mötets öppnande"), ("2", "Lägesrapport"), ("2.1", "Linköping"), ("2.2", "Kalmar"), ("3", "Nästa möte")]
    assert [(p.person.name, p.present) for p in meeting.attendance] == [("Anna Berg", True), ("Åsa Öberg", False)]
    assert (meeting.chair, meeting.title, meeting.provenance["titel"]) == ("Anna Berg", "RAG nuklearmedicin", "gruppfil")
    assert meeting.glossary == ("kolin-PET", "myokardscintigrafi")


@pytest.mark.parametrize(("text", "word"), [
    ("namn = ", "TOML"), ("medlemar = []", "medlemar"), ("[[medlem]]\nroll = 'x'", "namn"), ("avidentifiera = 'kanske'", "avidentifiera")])
def test_a_broken_groups_file_is_told(text: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "grupp.toml").write_text(text, "utf-8")
    with pytest.raises(DocumentError, match=word):
        read_group(tmp_path / "grupp.toml")


def test_staff_are_told_by_profession_and_place_where_the_group_wants_it() -> None:
    group = Group(medlem=(Member(namn="Maria Ek", yrke="läkare", ort="Kalmar"), Member(namn="Per Holm")))
    assert without_names("Maria Ek återgår i maj. Per slutar.", ("Maria Ek", "Per Holm"), group) == (
        "En läkare i Kalmar återgår i maj. En medarbetare slutar.")


def test_misheard_terms_are_put_right_and_can_be_taken_back() -> None:
    terms = [Term("kolin-PET", ("kulinpejte",)), Term("myokardscintigrafi"), Term("Lindqvist")]
    words = ["Vi", "gör", "kulinpejte,", "och", "myokardsintigrafi", "sa", "Lindkvist", "i", "kalmar."]
    made = corrections(words, terms)
    assert " ".join(apply(words, made)) == "Vi gör kolin-PET, och myokardscintigrafi sa Lindqvist i kalmar."
    [utterance] = with_terms([said(" ".join(words), 0)], terms)
    assert {(d.kind, d.ours, d.theirs) for d in utterance.doubts} >= {(DoubtKind.CORRECTED, "kulinpejte", "kolin-PET")}


@pytest.mark.parametrize("text", ["Kammaren i kommunen är klar.", "Linköpings lasarett har mottagningen öppen.", "upphandlingen av läkemedel"])
def test_ordinary_words_are_never_taken_for_terms(text: str) -> None:
    terms = [Term("Kalmar"), Term("Linköping"), Term("upphandling"), Term("läkemedelsskåp"), Term("Kammarmed")]
    assert corrections(text.split(), terms) == []


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=20), max_size=4))
def test_no_text_breaks_the_correction(text: str, terms: list[str]) -> None:
    words = text.split()
    apply(words, corrections(words, [Term(t) for t in terms]))
    sound(text)


# ------------------------------------------------------------------ the last meeting's tasks


def test_open_tasks_are_read_from_minutes_in_both_house_styles(tmp_path: Path) -> None:
    path = tmp_path / "förra.md"
    path.write_text("2. Lägesrapport\nÅtgärd: Karin undersöker kostnaden. Klart: 2026-03-11\n\n"
                    "| Nr | Åtgärd | Ansvarig | Klart | Status |\n|---|---|---|---|---|\n"
                    "| 1 | Bokar sal | Per Holm | vecka 12 | pågår |\n| 2 | Skickar kallelse | Anna Berg | - | klar |\n", "utf-8")
    assert open_actions(path) == (
        OpenAction(text="Karin undersöker kostnaden.", due="2026-03-11"), OpenAction(text="Bokar sal", owner="Per Holm", due="vecka 12"))


def test_open_tasks_stand_under_the_item_on_previous_minutes(tmp_path: Path) -> None:
    (tmp_path / "m.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna Berg>Då öppnar jag mötet.</v>\n", "utf-8")
    (tmp_path / "dagordning.md").write_text("1. Öppnande\n2. Föregående minnesanteckningar\n3. Övrigt\n", "utf-8")
    previous = tmp_path / "gammal.txt"
    previous.write_text("Åtgärd: Per bokar sal. Klart: vecka 12\n", "utf-8")
    done = protokollist("draft", str(tmp_path), "--previous", str(previous), "--language-model", "none", "--out", str(tmp_path / "ut"),
                        settings=Settings(cache_folder=tmp_path / "c"))
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "ut" / "minnesanteckningar.md").read_text("utf-8")
    assert text.index("2. Föregående") < text.index("Öppen åtgärd från föregående möte: Per bokar sal. Klart: vecka 12.") < text.index("3. Övrigt")


# ------------------------------------------------------------------ several recordings


def test_a_meeting_in_two_recordings_is_one_draft_with_its_pause_noted(tmp_path: Path) -> None:
    for stamp, text in (("20260211_130000", "Då öppnar jag mötet."), ("20260211_134500", "Då fortsätter vi efter pausen.")):
        (tmp_path / f"RAG-{stamp}-Meeting Transcript.vtt").write_text(
            f"WEBVTT\n\n00:01.000 --> 20:02.000\n<v Anna Berg>{text}</v>\n", "utf-8")
    found = gather(tmp_path)
    drafted = Run(Settings(cache_folder=tmp_path / "c"), Options(language_model="none")).draft(found)
    first, second = drafted.transcript.utterances
    assert (first.recording, second.recording, second.start, second.offset) == ("1", "2", 45 * 60_000 + 1000, 45 * 60_000)
    assert any("fortsätter" in w and "25 minuters uppehåll" in w for w in drafted.draft.warnings)


def test_one_talk_as_vtt_and_docx_is_told_once(tmp_path: Path) -> None:
    shutil.copy(TEAMS, tmp_path / "a.vtt")
    shutil.copy(TEAMS, tmp_path / "b.vtt")
    assert len(gather(tmp_path).parts) == 1


def test_voices_of_two_recordings_are_not_taken_for_each_other() -> None:
    part = Transcript(utterances=(said("Hej.", 0, "Talare 1"), said("Hej.", 5000, "Talare 2")), duration=9000)
    both = joined([Heard("a", None, part), Heard("b", None, part)])
    assert [u.speaker for u in both.utterances] == ["Talare 1", "Talare 2", "Talare 3", "Talare 4"]


# ------------------------------------------------------------------ two transcripts check each other

TALK = ["Då öppnar jag mötet och hälsar alla välkomna hit", "Vi börjar med lägesrapporten från Linköping idag",
        "Antalet undersökningar har ökat från fyra till nio patienter", "Vi har inte fattat något beslut om generatorn ännu",
        "Nästa punkt handlar om upphandlingen av radiofarmaka", "Tack för idag och välkomna åter nästa månad"]


@pytest.mark.parametrize("offset", [0, 12_400, -95_000, 1_800_000])
def test_the_offset_of_two_clocks_is_estimated(offset: int) -> None:
    heard = [Utterance(start=9000 * n, end=9000 * n + 3000, speaker="Talare 1", text=t, words=tuple(heard_words(t, 9000 * n)))
             for n, t in enumerate(TALK)]
    written = [said(t, 9000 * n - offset) for n, t in enumerate(TALK)]
    found = clock_offset(heard, written)
    assert found is not None
    assert abs(found - offset) < 1_500


def test_without_common_words_there_is_no_offset() -> None:
    assert clock_offset([said("helt andra ord här nu då", 0)], [said("inget av det sades någonsin", 0)]) is None


@pytest.mark.parametrize(("ours", "theirs", "kind"), [
    ("Antalet har ökat från fyra till nio patienter", "Antalet har ökat från fyra till nitton patienter", DoubtKind.NUMBER),
    ("Vi har inte fattat något beslut om det", "Vi har fattat något beslut om det", DoubtKind.NEGATION),
    ("Det ska Lindblom i Kalmar ta hand om", "Det ska Lindqvist i Kalmar ta hand om", DoubtKind.NAME),
])
def test_figures_negations_and_names_that_differ_become_doubts(ours: str, theirs: str, kind: DoubtKind) -> None:
    [cue] = with_doubts([said(theirs, 0)], heard_words(ours, 0), ["Anna Lindqvist", "Lindqvist"])
    assert [d.kind for d in cue.doubts] == [kind]


def test_what_both_hear_alike_is_in_no_doubt() -> None:
    [cue] = with_doubts([said("Antalet har ökat från 4 till 9 patienter", 0)], heard_words("antalet har ökat från fyra till nio patienter.", 0), [])
    assert cue.doubts == ()


def test_voices_are_named_by_the_cues_that_they_overlap() -> None:
    turns = [Turn(start=0, end=5000, speaker="Talare 1"), Turn(start=5000, end=9000, speaker="Talare 2")]
    names = names_of_voices(turns, [said("a", 200, "Anna Berg"), said("b", 5200, "Per Holm")])
    assert {v: n for v, (n, _) in names.items()} == {"Talare 1": "Anna Berg", "Talare 2": "Per Holm"}


def test_a_transcript_in_the_wrong_language_gives_way_to_what_is_heard() -> None:
    heard = Transcript(utterances=tuple(said(t, 9000 * n, "Talare 1") for n, t in enumerate(TALK)), duration=60_000, source="whisper")
    written = Transcript(utterances=(said("Though open your mattress a hell sir all of them", 0),), duration=60_000, source="Teams")
    found = checked_transcript(written, heard, [], [], [])
    assert found.utterances[0].text == TALK[0]
    assert any("stämmer inte" in w for w in found.warnings)


@pytest.mark.models
def test_recording_and_transcript_together_give_names_and_flags(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "mote"
    shutil.copytree(SAMPLES / "mote", folder)
    shutil.copy(TEAMS, folder / "mote.vtt")
    done = protokollist("draft", str(folder), "--out", str(tmp_path / "ut"), "--language-model", "none", settings=settings)
    assert done.returncode == 0, done.stderr
    draft = Draft.model_validate_json((tmp_path / "ut" / "draft.json").read_text("utf-8"))
    assert set(draft.speakers.values()) == {"Karin Ekwall", "Johan Lindqvist", "Amina Yusuf", "Per Sandell", "Elisabet Norén"}
    review = (tmp_path / "ut" / "att-granska.md").read_text("utf-8")
    assert "nitton" in review or "19" in review  # Teams wrote 19 where 9 is said
    decided = next(s for s in draft.statements() if "avtalet" in s.text.casefold())
    assert abs(decided.evidence[0].start - 205_000) < 30_000  # on the recording's clock, 12 s after the transcript's


# ------------------------------------------------------------------ Graph JSON

REPORT = {"id": "c9", "totalParticipantCount": 2, "meetingStartDateTime": "2026-01-14T11:58:41.1Z", "meetingEndDateTime": "2026-01-14T13:01:12.4Z",
          "attendanceRecords": [
              {"emailAddress": "anna.berg@regionost.example", "totalAttendanceInSeconds": 3751, "role": "Organizer",
               "identity": {"displayName": "Anna Berg"}, "attendanceIntervals": [
                   {"joinDateTime": "2026-01-14T11:58:41.6027225Z", "leaveDateTime": "2026-01-14T13:01:12.7702391Z", "durationInSeconds": 3751}]},
              {"emailAddress": None, "role": "Attendee", "identity": {"displayName": "Öberg, Åsa (Gäst)"},
               "attendanceIntervals": [{"joinDateTime": None, "leaveDateTime": None, "durationInSeconds": 0}]}]}


@pytest.mark.parametrize("wrapped", [False, True])
def test_graphs_attendance_is_read_in_local_time(wrapped: bool, tmp_path: Path) -> None:
    path = tmp_path / "närvaro.json"
    path.write_text(json.dumps({"value": [REPORT]} if wrapped else REPORT), "utf-8")
    assert is_graph_attendance(path)
    report = read_graph_attendance(path)
    assert [(a.name.name, a.organiser, round(a.seconds)) for a in report.attendees] == [("Anna Berg", True, 3751), ("Åsa Öberg", False, 0)]
    assert report.start is not None
    assert f"{report.start:%H.%M}" == "12.58"


def test_graphs_transcript_particulars_tell_when_it_began(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"id": "M", "createdDateTime": "2026-01-14T12:00:15.8968037Z", "endDateTime": None,
                                "contentCorrelationId": "bc-0", "transcriptContentUrl": "https://graph.example/content"}), "utf-8")
    found = read_transcript_particulars(path)
    assert found is not None
    assert (f"{found.start:%Y-%m-%d %H.%M}", found.end, found.correlation) == ("2026-01-14 13.00", None, "bc-0")


@ANY_BYTES
@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.text(max_size=5) | st.integers(), lambda c: st.lists(c, max_size=3) | st.dictionaries(st.sampled_from(
        ["value", "attendanceRecords", "identity", "attendanceIntervals", "joinDateTime", "displayName", "x"]), c, max_size=4),
    max_leaves=12).map(lambda v: json.dumps(v).encode()))
def test_no_bytes_crash_the_json_and_group_readers(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    for reader in (is_graph_attendance, read_graph_attendance, read_transcript_particulars, read_group, open_actions):
        with contextlib.suppress(ProtokollistError):
            reader(path)
