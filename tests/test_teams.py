"""Teams files: the variants met in real life, and that no bytes crash a reader."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.agenda import parse_agenda, read_agenda
from pipeline.errors import DocumentError, ProtokollistError, RecordingError
from pipeline.teams.attendance import parse_stamp, read_attendance
from pipeline.teams.invitation import read_invitation, strip_boilerplate
from pipeline.teams.names import name_key, parse_name
from pipeline.teams.recording import parse_recording_name
from pipeline.teams.transcript_docx import read_transcript_docx
from pipeline.teams.transcript_vtt import parse_vtt, read_vtt

ANY_BYTES = hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.mark.parametrize(("raw", "name", "guest", "room", "phone"), [
    ("Anna Berg", "Anna Berg", False, False, False), ("Öberg, Åsa (Gäst)", "Åsa Öberg", True, False, False),
    ("Ylva Stenhammar (Region Skåne)", "Ylva Stenhammar", False, False, False),
    ("Konferensrum Vättern", "Konferensrum Vättern", False, True, False), ("Sal Vätterns, US", "Sal Vätterns, US", False, True, False),
    ("+46701234567", "+46701234567", False, False, True), ("Kim Ek (Guest)", "Kim Ek", True, False, False),
])
def test_names_are_taken_apart(raw: str, name: str, guest: bool, room: bool, phone: bool) -> None:
    parsed = parse_name(raw)
    assert (parsed.name, parsed.guest, parsed.room, parsed.phone) == (name, guest, room, phone)


def test_two_spellings_of_one_name_have_one_key() -> None:
    assert name_key(parse_name("Brovall, Kjell-Arne").name) == name_key(parse_name("Kjell-Arne Brovall (Gäst)").name)


@pytest.mark.parametrize(("filename", "title", "start"), [
    ("RAG nuklearmedicin-20260114_130015-Meeting Recording.mp4", "RAG nuklearmedicin", "2026-01-14T13:00:15+01:00"),
    ("RAG nuklearmedicin-20260114_120015UTC-Meeting Recording.mp4", "RAG nuklearmedicin", "2026-01-14T13:00:15+01:00"),
    ("M%C3%B6te%20i%20_General_-20210330_100930-M%C3%B6tesinspelning.mp4", "Möte i General", "2021-03-30T10:09:30+02:00"),
    ("Mo\u0308te-20260114_130015-Mo\u0308tesinspelning.mp4", "Möte", "2026-01-14T13:00:15+01:00"),
])
def test_recording_names(filename: str, title: str, start: str) -> None:
    parsed = parse_recording_name(filename)
    assert parsed is not None
    assert (parsed.title, parsed.start.isoformat()) == (title, start)


def test_other_names_are_no_recording_names() -> None:
    assert parse_recording_name("semester.mp4") is None


DIALECTS = {
    "Teams": "WEBVTT\n\n8f2c1d34-7b5e/11-0\n00:00:03.120 --> 00:00:06.480\n<v Anna Berg>Då öppnar jag\nmötet.</v>\n",
    "Graph": "WEBVTT\n\n0:0:3.120 --> 0:0:6.480\n<v Anna Berg>Då öppnar jag mötet.</v>\n",
    "Graph, negative": "WEBVTT\n\n-0:0:3.120 --> 0:0:6.480\n<v Anna Berg>Då öppnar jag mötet.</v>\n",
    "metadata": 'WEBVTT\n\n00:00:03.120 --> 00:00:06.480\n{"startDateTime":"2026-01-14T12:00:30.0461639+00:00","speakerName":"Anna Berg",'
                '"spokenText":"Då öppnar jag mötet.","spokenLanguage":"sv-se"}\n',
    "no end tag, CRLF, mark": "\ufeffWEBVTT\r\n\r\nNOTE hej\r\n\r\n00:03.120 --> 00:06.480\r\n<v Anna Berg>Då öppnar jag mötet.\r\n",
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_of_transcripts_says_the_same(dialect: str) -> None:
    transcript = parse_vtt(DIALECTS[dialect])
    (utterance,) = transcript.utterances
    assert (utterance.speaker, utterance.text, utterance.end) == ("Anna Berg", "Då öppnar jag mötet.", 6480)


def test_a_transcript_without_speakers_is_told() -> None:
    transcript = parse_vtt("WEBVTT\n\n00:01.000 --> 00:02.000\nHej &amp; hå\n")
    assert transcript.utterances[0].text == "Hej & hå"
    assert "anger inte vem" in transcript.warnings[0]


def test_transcript_in_word(tmp_path: Path) -> None:
    document = docx.Document()
    for line in ("RAG-20260114_130015-Meeting Transcript", "January 14, 2026, 12:00PM", "Anna Berg started transcription",
                 "Anna Berg   0:03", "Då öppnar jag mötet.", "Vi ses 10:30", "Konferensrum Vättern\t1:00:15", "Nej, inget."):
        document.add_paragraph(line)
    document.save(str(tmp_path / "t.docx"))
    first, second = read_transcript_docx(tmp_path / "t.docx").utterances
    assert (first.speaker, first.start, first.text) == ("Anna Berg", 3000, "Då öppnar jag mötet. Vi ses 10:30")
    assert (second.speaker, second.start) == ("Konferensrum Vättern", 3_615_000)


NEW = ("1. Summary\r\nMeeting title\tRAG\r\nStart time\t1/2/26, 12:58:41 PM\r\n\r\n2. Participants\r\n"
       "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\r\n"
       "Anna Berg\t1/2/26, 12:58:41 PM\t1/2/26, 2:01:12 PM\t1h 2m 31s\tanna@x.example\tanna@x.example\tOrganizer\r\n"
       "Öberg, Åsa (Guest)\t1/2/26, 1:07:02 PM\t1/2/26, 1:48:30 PM\t38m 11s\t\t\tAttendee\r\n\r\n3. In-Meeting Activities\r\n"
       "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\r\n"
       "Öberg, Åsa (Guest)\t1/2/26, 1:07:02 PM\t1/2/26, 1:20:00 PM\t12m 58s\t\tAttendee\r\n"
       "Öberg, Åsa (Guest)\t1/2/26, 1:23:17 PM\t1/2/26, 1:48:30 PM\t25m 13s\t\tAttendee\r\n")


@pytest.mark.parametrize(("encoding", "text"), [("utf-16", NEW), ("utf-8-sig", NEW), ("cp1252", NEW.replace("\t", ";"))])
def test_attendance_in_any_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "närvaro.csv"
    path.write_bytes(text.encode(encoding))
    report = read_attendance(path, dt.date(2026, 1, 2))
    anna, asa = report.attendees
    assert (report.title, anna.organiser, asa.name.name, len(asa.intervals)) == ("RAG", True, "Åsa Öberg", 2)
    assert asa.seconds == 12 * 60 + 58 + 25 * 60 + 13


def test_attendance_in_the_old_format(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Full Name\tUser Action\tTimestamp\nBerg, Anna\tJoined\t4/15/2026, 12:38:04 PM\n"
                    "Berg, Anna\tLeft\t4/15/2026, 1:38:04 PM\n", "utf-16")
    (anna,) = read_attendance(path).attendees
    assert (anna.name.name, anna.seconds) == ("Anna Berg", 3600)


@pytest.mark.parametrize(("text", "expected"), [
    ("7/20/23, 4:16:29 PM", "2023-07-20T16:16:29"), ("21/10/22 12:00:00", "2022-10-21T12:00:00"),
    ("06.10.26, 18:01:00", "2026-10-06T18:01:00"), ("2026-01-14 12:58:41", "2026-01-14T12:58:41"),
    ("1/14/26, 1:07:02\u202fPM", "2026-01-14T13:07:02"),
])
def test_time_stamps(text: str, expected: str) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    assert stamp.isoformat() == expected


def test_day_and_month_are_told_apart_by_the_meeting() -> None:
    assert parse_stamp("3/4/26 12:00:00", dt.date(2026, 3, 4)) == dt.datetime(2026, 3, 4, 12)
    assert parse_stamp("3/4/26 12:00:00", dt.date(2026, 4, 3)) == dt.datetime(2026, 4, 3, 12)


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
ORGANIZER;CN="Berg, Anna":mailto:anna@x.example
ATTENDEE;CUTYPE=ROOM;CN=Vättern:mailto:v@x.example
ATTENDEE;PARTSTAT=DECLINED;CN="Öberg, Åsa":mailto:asa@x.example
SUMMARY;LANGUAGE=sv-SE:RAG nuklearmedicin
DTSTART:20260114T120000Z
DTEND:20260114T130000Z
LOCATION:Microsoft Teams-möte
DESCRIPTION:Dagordning\\n1. Öppnande\\n2. Övrigt\\n\\n________________\\nMicrosoft Teams-möte\\nMötes-ID: 123
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_whose_time_is_broken_is_read_without_it(tmp_path: Path) -> None:
    (tmp_path / "i.ics").write_text("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Möte\r\nDTSTART;TZID=Europe/Stockholm:20260507T81500\r\n"
                                    "ATTENDEE;CN=Per Ek:mailto:per@region.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "utf-8")
    invitation = read_invitation(tmp_path / "i.ics", dt.date(2026, 5, 7))
    assert (invitation.title, invitation.start, [i.name.name for i in invitation.invitees]) == ("Möte", None, ["Per Ek"])
    assert "tid" in invitation.warnings[0]


def test_invitation(tmp_path: Path) -> None:
    (tmp_path / "i.ics").write_text(ICS.replace("\n", "\r\n"), "utf-8")
    invitation = read_invitation(tmp_path / "i.ics")
    assert invitation.start is not None
    assert (invitation.title, invitation.start.hour, invitation.place) == ("RAG nuklearmedicin", 13, "Teams")
    assert [(i.name.name, i.name.room, i.declined) for i in invitation.invitees] == [
        ("Anna Berg", False, False), ("Vättern", True, False), ("Åsa Öberg", False, True)]
    assert [i.title for i in parse_agenda(invitation.body).agenda] == ["Öppnande", "Övrigt"]


def test_joining_instructions_are_cut() -> None:
    assert strip_boilerplate("Hej\n\nMicrosoft Teams-möte\nAnslut") == "Hej"


def test_agendas_of_many_forms() -> None:
    nested = parse_agenda("# Dagordning – RAG\nDatum: 2026-02-05, kl. 09.00–09.30\n1. Öppnande\n2. Läge (Anna Berg)\n   - Kalmar\n3. Slut – beslut\n")
    assert [(i.id, i.number, i.title, i.note) for i in nested.agenda] == [
        ("1", "1", "Öppnande", None), ("2", "2", "Läge", "Anna Berg"), ("2.1", None, "Kalmar", None), ("3", "3", "Slut", None)]
    assert (nested.date, nested.start) == (dt.date(2026, 2, 5), dt.time(9))
    assert [i.number for i in parse_agenda("§ 31 Öppnande\n§ 32 Val").agenda] == ["§ 31", "§ 32"]
    assert [i.title for i in parse_agenda("Dagordning\nÖppnande\nLäget").agenda] == ["Öppnande", "Läget"]
    sites = parse_agenda("1. Läge\n - Rapport: Linköping, Jönköping, Kalmar")
    assert [i.title for i in sites.agenda] == ["Läge", "Rapport", "Linköping", "Jönköping", "Kalmar"]


def test_an_agenda_of_two_hundred_items_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("\n".join(f"{n}. Punkt {n}" for n in range(1, 201)), "utf-8")
    assert len(read_agenda(path).agenda) == 200


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x00binary", b"bara text utan punkter", b"PK\x03\x04trasig"])
def test_an_unreadable_agenda_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dagordning.md"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"dagordning\.md"):
        read_agenda(path)


@given(st.binary(max_size=400))
@ANY_BYTES
def test_no_bytes_crash_a_reader(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.bin"
    for prefix in (b"", b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b"BEGIN:VCALENDAR\n", b"1. A\n", b"\xff\xfe"):
        path.write_bytes(prefix + data)
        for reader in (read_vtt, read_attendance, read_invitation, read_agenda, read_transcript_docx):
            with contextlib.suppress(ProtokollistError):
                reader(path)


@given(st.text(max_size=300))
def test_any_text_is_a_transcript_or_none(text: str) -> None:
    with contextlib.suppress(RecordingError):
        parse_vtt("WEBVTT\n\n" + text)
    parse_agenda(text)
    parse_name(text)
    parse_recording_name(text)


def test_a_word_agenda(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Dagordning")
    for title in ("Öppnande", "Övrigt"):
        document.add_paragraph(title, style="List Number")
    buffer = io.BytesIO()
    document.save(buffer)
    (tmp_path / "a.docx").write_bytes(buffer.getvalue())
    assert [i.title for i in read_agenda(tmp_path / "a.docx").agenda] == ["Öppnande", "Övrigt"]
