"""Many meetings: durable queues and workers, on DBOS.

A job passes two queues: "speech" (hear the recordings) and "language" (write the draft). Each stage runs
in a child process; its result goes to the archive in one transaction with the mark that it is done, and only
the job's number goes to the queue's database. A worker renews a lease every few seconds; the work of one that
falls silent is handed to DBOS's recovery under its name, by whoever notices first.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from dbos import DBOS, DBOSClient, EnqueueOptions, run_dbos_database_migrations
from sqlalchemy.exc import InterfaceError, OperationalError

from pipeline import mail
from pipeline.archive.archive import BACKLOG, CANCELLED, DONE, FAILED, PAUSED, RUNNING, WAITING, Archive, JobView, kind_of
from pipeline.archive.database import database_url
from pipeline.archive.retention import carry_out, plan
from pipeline.archive.tables import now
from pipeline.errors import ArchiveError, ModelError, OutputError, UsageError
from pipeline.gather import OUTPUT_FOLDER
from pipeline.job import HEAR, WRITE
from pipeline.logs import Level, log
from pipeline.settings import Settings
from pipeline.stages.ingest import is_recording
from pipeline.teams.recording import parse_recording_name

QUEUES = {"speech": HEAR, "language": WRITE}
HEARTBEAT, SILENCE = 3.0, 20.0
ATTEMPTS = 3
PATIENCE = 900.0  # seconds that a stage waits for a database that does not answer
RETENTION_BEATS = 1200  # an hour
VERSION = "1"  # of the queue's protocol, not of the program: jobs queued before an upgrade go on after it
_TRANSIENT = {ModelError.exit_code, OutputError.exit_code, ArchiveError.exit_code, 1}


def queue_url(settings: Settings) -> str:
    """The queue's database: a file beside the archive's, or the same server."""
    url = database_url(settings)
    return url if settings.database_url else f"sqlite:///{settings.archive_folder / 'kö.sqlite'}"


# ------------------------------------------------------------------ what there is to do


T = TypeVar("T")


@dataclass(frozen=True)
class Waiting:
    """A meeting found in a folder: its title and its files by name."""

    title: str
    day: str | None
    files: dict[str, Path]


def _is_talk(path: Path) -> bool:
    """Whether a file is taken for talk: also one that only calls itself a recording, so that its failure is told."""
    return kind_of(path.name) in ("recording", "transcript") or (path.suffix.casefold() not in (
        ".md", ".txt", ".docx", ".csv", ".ics", ".msg", ".json", ".toml", ".pdf", ".html", ".png", ".jpg") and is_recording(path))


def find_meetings(folder: Path) -> list[Waiting]:
    """The meetings below a folder: a sub-folder with talk in it is one; loose Teams files are grouped by title and day.

    Raises UsageError when the folder does not exist.
    """
    if not folder.is_dir():
        raise UsageError(f"Mappen {folder} finns inte.")
    found: list[Waiting] = []
    for place in sorted({folder, *(p for p in folder.rglob("*") if p.is_dir())}):
        if place.name in (OUTPUT_FOLDER, ".git") or any(part.startswith(".") for part in place.relative_to(folder).parts):
            continue
        files = sorted(p for p in place.iterdir() if p.is_file() and not p.name.startswith(".") and p.stat().st_size)
        talks = [p for p in files if _is_talk(p)]
        if not talks:
            continue
        if place != folder:
            named = next((n for p in talks if (n := parse_recording_name(p.name))), None)
            found.append(Waiting(place.name, named.start.date().isoformat() if named else None, {p.name: p for p in files}))
            continue
        found += _loose(files, talks)
    return found


def _loose(files: Sequence[Path], talks: Sequence[Path]) -> list[Waiting]:
    groups: dict[tuple[str, str], dict[str, Path]] = {}
    for path in talks:
        named = parse_recording_name(path.name)
        key = (named.title, named.start.date().isoformat()) if named else (path.stem, "")
        groups.setdefault(key, {})[path.name] = path
    for path in files:
        if path in talks:
            continue
        for (title, _), material in groups.items():
            if path.stem == title or any(path.stem.startswith(Path(name).stem) for name in material) or (
                    re.match(re.escape(title) + r"\b", path.stem) and len([g for g in groups if g[0] == title]) == 1):
                material[path.name] = path
    return [Waiting(title, day or None, material) for (title, day), material in groups.items()]


class Submitter:
    """Puts jobs on the queue; needs no worker in this process."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        run_dbos_database_migrations(queue_url(archive.settings))
        self._client = DBOSClient(system_database_url=queue_url(archive.settings))

    def add(self, found: Waiting, *, who: str, priority: int = BACKLOG, options: dict[str, Any] | None = None) -> tuple[str, bool]:
        """(job, whether it is new)."""
        meeting, _ = self.archive.add_meeting(found.files, title=found.title, who=who, day=found.day)
        return self.submit(meeting, who=who, priority=priority, options=options)

    def submit(self, meeting_id: str, *, who: str, priority: int = BACKLOG, options: dict[str, Any] | None = None) -> tuple[str, bool]:
        job_id, new = self.archive.enqueue(meeting_id, priority=priority, options=options, who=who)
        self.queue(self.archive.job(job_id))
        return job_id, new

    def queue(self, job: JobView) -> None:
        """Hand a waiting job to DBOS; the same run of a job is handed over once however often this is called."""
        if job.status == WAITING:
            options: EnqueueOptions = {"workflow_name": "listen", "queue_name": "speech", "workflow_id": f"{job.id}-{job.run}",
                                       "priority": job.priority, "app_version": VERSION}
            self._client.enqueue(options, job.id, job.run)

    def queue_forgotten(self) -> None:
        """Hand over jobs that were stored but not queued when a process died in between."""
        for job in self.archive.jobs(status=WAITING):
            self.queue(job)

    def retry(self, job: JobView, who: str) -> None:
        """Begin a job anew; stages that were done keep their results in the store."""
        if self.archive.set_job(job.id, unless=(WAITING, RUNNING), status=WAITING, run=job.run + 1, error=None, percent=0, attempts=0):
            self.queue(self.archive.job(job.id))

    def cancel(self, job: JobView) -> None:
        """Take a job off the queue, or stop it where it runs."""
        self.archive.set_job(job.id, unless=(DONE, FAILED), status=CANCELLED)
        self._client.cancel_workflow(f"{job.id}-{job.run}")

    def pause(self, job: JobView) -> None:
        """Hold a job back; it goes on with ``retry``."""
        if self.archive.set_job(job.id, unless=(DONE, FAILED, CANCELLED), status=PAUSED):
            self._client.cancel_workflow(f"{job.id}-{job.run}")

    def close(self) -> None:
        self._client.destroy()


# ------------------------------------------------------------------ doing it

_worker: Worker | None = None


class Worker:
    """Works on the given queues until it is stopped. One a process, since DBOS is one a process.

    ``logs``: tell what happens as structured lines on stderr; not where a terminal shows an overview.
    """

    def __init__(self, archive: Archive, queues: Sequence[str] = tuple(QUEUES), *, logs: bool = False) -> None:
        unknown = set(queues) - QUEUES.keys()
        if unknown:
            raise UsageError(f"Okänd kö: {', '.join(sorted(unknown))}. Köerna heter {', '.join(QUEUES)}.")
        self.archive, self.queues = archive, tuple(queues)
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._logs = logs
        self._stop = threading.Event()
        self._submitter = Submitter(archive)

    def log(self, event: str, level: Level = "info", **fields: str | int | float | None) -> None:
        if self._logs:
            log(event, level=level, worker=self.name, **fields)

    def start(self) -> None:
        global _worker
        _worker = self
        self.archive.heartbeat(self.name)
        DBOS(config={"name": "protokollist", "system_database_url": queue_url(self.archive.settings), "executor_id": self.name,
                     "application_version": VERSION, "log_level": "ERROR", "console_log_level": "CRITICAL", "enable_otlp": False})
        DBOS.listen_queues(list(self.queues))
        DBOS.launch()
        for queue in self.queues:  # one heavy stage of a kind at a time in each worker
            DBOS.register_queue(queue, worker_concurrency=1, polling_interval_sec=0.5)
        self.log("worker started", queues=",".join(self.queues))
        self._take_over()
        threading.Thread(target=self._keep_alive, daemon=True).start()

    def stop(self) -> None:
        """Stop at once: what runs is begun again by the next worker, from the stages that are done."""
        self._stop.set()
        self.archive.leave(self.name)
        DBOS._recover_pending_workflows([self.name])
        DBOS.destroy()
        self._submitter.close()
        self.log("worker stopped")

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def _keep_alive(self) -> None:
        beats = 0
        while not self._stop.wait(HEARTBEAT):
            beats += 1
            try:
                self.archive.heartbeat(self.name)
                self._take_over()
                if beats % 10 == 1:
                    self._submitter.queue_forgotten()
                if beats % RETENTION_BEATS == 1 and self.archive.settings.retention:
                    carry_out(self.archive, plan(self.archive, self.archive.settings.retention), "gallring enligt regel")
            except Exception as error:  # the database may be gone for a while; the work waits for it
                self.log("database unreachable", "warning", kind=type(error).__name__)

    def _take_over(self) -> None:
        for silent in self.archive.silent_workers(SILENCE):
            if silent != self.name:
                self.log("work taken over", "warning", silent=silent)
                DBOS._recover_pending_workflows([silent])
                self.archive.leave(silent)


@DBOS.workflow(name="listen")
def listen(job_id: str, run: int) -> None:
    """The first half of a job; the second is queued when it is done."""
    if stage_step(HEAR, job_id, run):
        DBOS.enqueue_workflow("language", write, job_id, run)


@DBOS.workflow(name="write")
def write(job_id: str, run: int) -> None:
    """The second half of a job."""
    if stage_step(WRITE, job_id, run):
        finish_step(job_id)


def _patiently(worker: Worker, call: Callable[[], T]) -> tuple[T, bool]:
    """(what the call gives, whether the database had to be waited for): the work does not die with a restart of the database."""
    began = time.monotonic()
    while True:
        try:
            return call(), time.monotonic() - began > HEARTBEAT
        except (OperationalError, InterfaceError):
            if worker.stopping or time.monotonic() - began > PATIENCE:
                raise
            time.sleep(HEARTBEAT)


@DBOS.step()
def finish_step(job_id: str) -> None:
    assert _worker is not None
    archive = _worker.archive
    _patiently(_worker, lambda: archive.set_job(job_id, unless=(CANCELLED,), status=DONE, percent=100, stage=None, finished=now()))
    _tell(_worker, job_id, "ready")


def _tell(worker: Worker, job_id: str, letter: str) -> None:
    """Write to who waits for a draft; where the mail server is away, the page tells it all the same."""
    job, _ = _patiently(worker, lambda: worker.archive.job(job_id))
    meeting, _ = _patiently(worker, lambda: worker.archive.meeting(job.meeting_id))
    if mail.send(worker.archive.settings, meeting.owner, letter, meeting_id=meeting.id, title=meeting.title) is False:
        worker.log("letter not sent", "warning", job=job_id)


@DBOS.step()
def stage_step(stage: str, job_id: str, run: int) -> bool:
    """Run a stage in a child until it is done, has failed for good, or the job was cancelled; True when it is done."""
    assert _worker is not None
    worker, archive = _worker, _worker.archive
    attempt = 1
    while True:
        if _patiently(worker, lambda: archive.stage_done(job_id, run, stage))[0]:
            return True
        job, _ = _patiently(worker, lambda: archive.job(job_id))
        if job.status in (CANCELLED, PAUSED) or job.run != run:
            return False
        _patiently(worker, partial(archive.set_job, job_id, unless=(CANCELLED, PAUSED), status=RUNNING, stage=stage, percent=0,
                                   attempts=job.attempts + 1, worker=worker.name, started=job.started or now()))
        began = time.monotonic()
        worker.log("stage started", job=job_id, stage=stage, attempt=attempt)
        code, error = _child(stage, job_id, worker)
        worker.log("stage ended", "info" if code == 0 else "warning", job=job_id, stage=stage, attempt=attempt, exit_code=code,
                   seconds=round(time.monotonic() - began, 2))
        if code == 0:
            return True
        if worker.stopping:
            raise InterruptedError("arbetaren stoppas")
        if _patiently(worker, lambda: archive.job(job_id))[1]:
            continue  # the database was away: no fault of the job's
        if (code not in _TRANSIENT and code >= 0) or attempt == ATTEMPTS:
            break
        time.sleep(2 ** attempt)
        attempt += 1
    _patiently(worker, lambda: archive.set_job(job_id, unless=(CANCELLED, PAUSED), status=FAILED, error=error, finished=now()))
    worker.log("job failed", "error", job=job_id, stage=stage, exit_code=code)
    _tell(worker, job_id, "failed")
    return False


def _child(stage: str, job_id: str, worker: Worker) -> tuple[int, str]:
    """(exit code, error) of a stage's process; negative codes are signals."""
    process = subprocess.Popen([sys.executable, "-m", "pipeline.job", stage, job_id, worker.name], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, env=worker.archive.settings.environment())
    error = ["Arbetet avbröts oväntat (slut på minne, eller stoppat utifrån). Försök igen: protokollist jobs retry."]

    def read() -> None:
        assert process.stderr is not None
        told = 0.0
        for line in process.stderr:
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if not isinstance(row, dict):
                continue
            error[0] = str(row.get("error", error[0]))
            if "percent" in row and time.monotonic() - told > 1.0:
                told = time.monotonic()
                with contextlib.suppress(OperationalError, InterfaceError):  # only how far it has come
                    worker.archive.set_job(job_id, stage=str(row.get("stage")), percent=int(row["percent"]))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    while process.poll() is None:
        with contextlib.suppress(OperationalError, InterfaceError):
            if worker.stopping or worker.archive.job(job_id).status in (CANCELLED, PAUSED):
                process.kill()
        time.sleep(0.5)
    reader.join(5)
    return process.returncode, error[0]
