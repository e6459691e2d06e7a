"""Given a team's server with a mail server, then who waits for a draft or is given a meeting gets a letter that tells nothing of what was said."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline import mail
from pipeline.archive import Archive
from pipeline.backlog import Submitter
from pipeline.settings import Settings

SECRET = "Vi beslutar att köpa fjorton stolar till salen."


class Box:
    """What the mail server has taken."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.letters.append(message_from_bytes(envelope.content or b"", policy=default))
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, str]]:
    """(letters, address) of a real mail server on this machine."""
    kept = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept, f"127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def settings(tmp_path: Path, box: tuple[Box, str]) -> Settings:
    return Settings(archive_folder=tmp_path / "arkiv", cache_folder=tmp_path / "cache", language_model="none", threads=1,
                    public_address="https://protokoll.se", mail_server=box[1], mail_from="protokollist@protokoll.se")


def waited_for(what: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not what():
        time.sleep(0.2)
    return what()


@pytest.mark.slow
@pytest.mark.parametrize(("talk", "told"), [(f"WEBVTT\n\n00:01.000 --> 00:09.000\n<v Anna Berg>{SECRET}</v>\n", "är klart"),
                                            ("WEBVTT\n\ntrasig", "blev inte gjort")])
def test_who_added_a_meeting_is_told_when_its_draft_is_ready_or_failed(
        settings: Settings, box: tuple[Box, str], tmp_path: Path, talk: str, told: str) -> None:
    archive = Archive(settings)
    (tmp_path / "samtal.vtt").write_text(talk, "utf-8")
    meeting, _ = archive.add_meeting({"samtal.vtt": tmp_path / "samtal.vtt"}, title="Stol\nmöte", who="anna.ek@regionen.se")
    submitter = Submitter(archive)
    submitter.submit(meeting, who="anna.ek@regionen.se")
    worker = subprocess.Popen([sys.executable, "-m", "pipeline.cli", "worker"], env=settings.environment(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        assert waited_for(lambda: len(box[0].letters) > 0, 90)
    finally:
        worker.terminate()
        worker.wait(20)
        submitter.close()
        archive.close()
    [letter] = box[0].letters
    assert letter["To"] == "anna.ek@regionen.se"
    assert told in letter["Subject"]
    assert "Stol möte" in letter["Subject"]
    body = letter.get_content()
    assert f"https://protokoll.se/m/{meeting}" in body
    assert "stolar" not in body


def test_a_mail_server_that_is_away_stops_nothing(settings: Settings) -> None:
    away = settings.model_copy(update={"mail_server": "127.0.0.1:1"})
    assert mail.send(away, "anna.ek@regionen.se", "ready", meeting_id="x", title="Möte") is False


def test_nobody_is_written_to_without_a_server_or_an_address(settings: Settings, box: tuple[Box, str]) -> None:
    assert mail.send(settings.model_copy(update={"mail_server": ""}), "anna.ek@regionen.se", "ready", meeting_id="x", title="Möte") is None
    assert mail.send(settings, "anna", "ready", meeting_id="x", title="Möte") is None
    assert mail.send(settings, None, "ready", meeting_id="x", title="Möte") is None
    assert box[0].letters == []
