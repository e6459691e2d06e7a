"""The archive: one object through which meetings, files, jobs and drafts are stored and found."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import sqlite3
import tarfile
import tempfile
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.archive import audit
from pipeline.archive.database import database_url, migrate, open_engine
from pipeline.archive.files import FileStore
from pipeline.archive.tables import Artefact, Base, Digest, GroupRow, Job, Lease, Meeting, Share, StageResult, now
from pipeline.errors import ArchiveError
from pipeline.group import FILE_NAME, Group, written_group
from pipeline.settings import Settings
from pipeline.stages.ingest import RECORDING_ENDINGS

WAITING, RUNNING, DONE, FAILED, CANCELLED, PAUSED = "väntar", "pågår", "klar", "fel", "avbruten", "pausad"
OPEN = (WAITING, RUNNING, PAUSED)
INTERACTIVE, BACKLOG = 1, 10


@dataclass(frozen=True)
class MeetingView:
    """A meeting as it is listed."""

    id: str
    title: str
    day: str | None
    state: str
    owner: str | None
    legal_hold: bool
    created: dt.datetime
    group: str | None
    flags: int | None = None


@dataclass(frozen=True)
class OpenTask:
    """A task of a draft: what, who, when, and of which meeting."""

    meeting_id: str
    title: str
    day: str | None
    text: str
    owner: str
    due: str


@dataclass(frozen=True)
class JobView:
    """A job as it is listed. Times are UTC."""

    id: str
    meeting_id: str
    title: str
    status: str
    stage: str | None
    percent: int
    attempts: int
    run: int
    error: str | None
    options: Mapping[str, Any]
    priority: int
    worker: str | None
    created: dt.datetime
    started: dt.datetime | None
    finished: dt.datetime | None


def safe_name(name: str) -> str:
    """A file's own name without folders or control characters, for lists and for scratch folders."""
    return re.sub(r"[\x00-\x1f/\\:]", "_", name).strip(". ")[-180:] or "fil"


def _visible(seen_by: str | None) -> ColumnElement[bool]:
    """The condition that somebody may see a meeting: it is theirs or shared with them. None sees all."""
    if seen_by is None:
        return true()
    return or_(Meeting.owner == seen_by, Meeting.id.in_(select(Share.meeting_id).where(Share.email == seen_by)))


def _meeting_view(m: Meeting, flags: int | None = None) -> MeetingView:
    return MeetingView(m.id, m.title, m.day, m.state, m.owner, m.legal_hold, m.created, m.group_id, flags)


class Archive:
    """Database and files. Every method is one transaction."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine: Engine = open_engine(database_url(settings))
        migrate(self.engine)
        self.files = FileStore(settings.files_url or str(settings.archive_folder / "filer"))

    @contextmanager
    def session(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()

    # -------------------------------------------------------------- meetings

    def add_meeting(self, material: Mapping[str, Path], *, title: str, who: str, day: str | None = None, move: bool = False
                    ) -> tuple[str, bool]:
        """(id, whether it is new) of the meeting with these files (name → path); the same content is kept once."""
        stored = [(safe_name(name), *self.files.put(path, move=move)) for name, path in material.items()]
        key = hashlib.sha256("\n".join(sorted(s for _, s, _ in stored)).encode()).hexdigest()
        with self.session() as session:
            if known := session.scalars(select(Meeting).where(Meeting.key == key)).first():
                return known.id, False
            meeting = Meeting(id=uuid.uuid4().hex, key=key, title=title[:400] or "Möte", day=day, owner=who, state="utkast", legal_hold=False)
            session.add(meeting)
            try:
                session.flush()
            except IntegrityError:
                session.rollback()
            else:
                session.add_all(Artefact(meeting_id=meeting.id, kind=kind_of(name), name=name, sha256=sha, size=size)
                                for name, sha, size in stored)
                audit.record(session, who, "möte tillagt", meeting.id)
                return meeting.id, True
        with self.session() as session:  # somebody else added it in the same moment
            return session.scalars(select(Meeting.id).where(Meeting.key == key)).one(), False

    def meeting(self, meeting_id: str) -> MeetingView:
        """Raises ArchiveError when there is none."""
        with self.session() as session:
            return _meeting_view(_get(session, meeting_id))

    def meetings(self, *, search: str = "", limit: int = 10_000, seen_by: str | None = None, group: str | None = None) -> list[MeetingView]:
        """The newest first, with the open flags of their drafts: those of a group, if one is given; ``search`` looks in titles, drafts
        and what was said."""
        with self.session() as session:
            query = select(Meeting, Digest.flags).outerjoin(Digest).where(_visible(seen_by)).order_by(Meeting.created.desc()).limit(limit)
            if group:
                query = query.where(Meeting.group_id == group)
            if search:
                query = query.where(or_(func.lower(Meeting.title).contains(search.casefold(), autoescape=True),
                                        Digest.text.contains(search.casefold(), autoescape=True)))
            return [_meeting_view(m, flags) for m, flags in session.execute(query)]

    def tasks(self, *, limit: int = 500, seen_by: str | None = None, group: str | None = None) -> list[OpenTask]:
        """The tasks in the drafts of the latest meetings, the latest meeting first."""
        with self.session() as session:
            newest = (func.coalesce(Meeting.day, "").desc(), Meeting.created.desc())
            query = select(Meeting, Digest.actions).join(Digest).where(_visible(seen_by)).order_by(*newest).limit(limit)
            if group:
                query = query.where(Meeting.group_id == group)
            return [OpenTask(m.id, m.title, m.day, a["text"], a["owner"], a["due"]) for m, actions in session.execute(query) for a in actions]

    def set_title(self, meeting_id: str, title: str, day: str | None) -> None:
        with self.session() as session:
            meeting = _get(session, meeting_id)
            meeting.title, meeting.day = title[:400] or meeting.title, day

    def set_hold(self, meeting_id: str, hold: bool, who: str) -> None:
        """A legal hold keeps everything of a meeting until it is lifted."""
        with self.session() as session:
            _get(session, meeting_id).legal_hold = hold
            audit.record(session, who, "gallringsstopp" if hold else "gallringsstopp hävt", meeting_id)

    def artefacts(self, meeting_id: str) -> list[tuple[str, str, str, int]]:
        """(kind, name, sha256, size in bytes) of the files that are still there."""
        with self.session() as session:
            rows = session.scalars(select(Artefact).where(Artefact.meeting_id == meeting_id, Artefact.deleted.is_(None)).order_by(Artefact.id))
            return [(a.kind, a.name, a.sha256, a.size) for a in rows]

    @contextmanager
    def material(self, meeting_id: str) -> Iterator[Path]:
        """A scratch folder with a meeting's files under their own names, and its group's. Raises ArchiveError when one is gone."""
        with tempfile.TemporaryDirectory(prefix="protokollist-mote-") as scratch:
            folder = Path(scratch)
            with _all(self.files, self.artefacts(meeting_id)) as paths:
                for name, path in paths:
                    try:
                        os.symlink(path, folder / name)
                    except OSError:  # Windows without the right to make links
                        (folder / name).write_bytes(path.read_bytes())
                if (group := self._group_of(meeting_id)) and not (folder / FILE_NAME).exists():
                    (folder / FILE_NAME).write_text(written_group(group), "utf-8")
                yield folder

    def _group_of(self, meeting_id: str) -> Group | None:
        with self.session() as session:
            row = session.scalars(select(GroupRow).join(Meeting).where(Meeting.id == meeting_id)).first()
            return Group.model_validate(row.content) if row else None

    # -------------------------------------------------------------- jobs

    def enqueue(self, meeting_id: str, *, priority: int = BACKLOG, options: Mapping[str, Any] | None = None, who: str) -> tuple[str, bool]:
        """(id, whether it is new) of the job on a meeting; one that is open or done is not done again."""
        with self.session() as session:
            known = session.scalars(select(Job).where(Job.meeting_id == meeting_id, Job.status.in_((*OPEN, DONE)))).first()
            if known:
                return known.id, False
            job = Job(id=uuid.uuid4().hex, meeting_id=meeting_id, status=WAITING, percent=0, priority=priority, attempts=0, run=1,
                      options=dict(options or {}))
            session.add(job)
            audit.record(session, who, "jobb köat", meeting_id)
            return job.id, True

    def jobs(self, *, status: str | Collection[str] | None = None, meetings: Collection[str] | None = None, ids: Collection[str] = (),
             limit: int = 20_000, seen_by: str | None = None) -> list[JobView]:
        """The oldest first: those of a status (or one of several), with those of ``ids`` whatever theirs; those of some meetings only."""
        with self.session() as session:
            query = select(Job, Meeting.title).join(Meeting).where(_visible(seen_by)).order_by(Job.created, Job.id).limit(limit)
            if status:
                wanted = (status,) if isinstance(status, str) else tuple(status)
                query = query.where(or_(Job.status.in_(wanted), Job.id.in_(tuple(ids))))
            if meetings is not None:
                query = query.where(Job.meeting_id.in_(tuple(meetings)))
            return [_job_view(j, t) for j, t in session.execute(query)]

    def job(self, job_id: str) -> JobView:
        """The job whose id begins so. Raises ArchiveError when there is none or several."""
        with self.session() as session:
            found = session.execute(select(Job, Meeting.title).join(Meeting).where(Job.id.startswith(job_id, autoescape=True)).limit(2)).all()
            if len(found) != 1:
                raise ArchiveError(f"Jobbet {job_id} finns inte." if not found else f"{job_id} räcker inte för att peka ut ett jobb.")
            return _job_view(found[0][0], found[0][1])

    def job_of(self, meeting_id: str) -> JobView | None:
        with self.session() as session:
            found = session.execute(select(Job, Meeting.title).join(Meeting).where(Job.meeting_id == meeting_id)
                                    .order_by(Job.created.desc()).limit(1)).first()
            return _job_view(found[0], found[1]) if found else None

    def set_job(self, job_id: str, *, unless: Sequence[str] = (), **values: Any) -> bool:
        """Change a job's fields; False when its status is one of ``unless``."""
        with self.session() as session:
            query = update(Job).where(Job.id == job_id)
            if unless:
                query = query.where(Job.status.not_in(unless))
            return session.execute(query.values(**values)).rowcount > 0  # type: ignore[attr-defined,no-any-return]

    def stage_done(self, job_id: str, run: int, stage: str) -> bool:
        with self.session() as session:
            return session.get(StageResult, (job_id, run, stage)) is not None

    def finish_stage(self, session: Session, job_id: str, run: int, stage: str, worker: str, seconds: float) -> bool:
        """Mark a stage as done within a transaction; False when another worker had done it first."""
        if session.get(StageResult, (job_id, run, stage)) is not None:
            return False
        session.add(StageResult(job_id=job_id, run=run, stage=stage, worker=worker, seconds=seconds))
        session.flush()
        return True

    def job_counts(self) -> dict[str, int]:
        """How many jobs have each status."""
        with self.session() as session:
            return dict(session.execute(select(Job.status, func.count()).group_by(Job.status)).tuples().all())

    def stage_times(self) -> list[tuple[str, int, float]]:
        """(stage, how often, seconds in all) of everything done."""
        with self.session() as session:
            return [(s, n, float(t or 0)) for s, n, t in session.execute(
                select(StageResult.stage, func.count(), func.sum(StageResult.seconds)).group_by(StageResult.stage))]

    # -------------------------------------------------------------- workers

    def heartbeat(self, worker: str) -> None:
        with self.session() as session:
            lease = session.get(Lease, worker)
            if lease:
                lease.seen = now()
            else:
                session.add(Lease(worker=worker, seen=now()))

    def leave(self, worker: str) -> None:
        with self.session() as session:
            session.execute(delete(Lease).where(Lease.worker == worker))

    def silent_workers(self, seconds: float) -> list[str]:
        """Workers that have not been heard of for so long."""
        with self.session() as session:
            return list(session.scalars(select(Lease.worker).where(Lease.seen < now() - dt.timedelta(seconds=seconds))))

    # -------------------------------------------------------------- safety

    def backup(self, path: Path) -> None:
        """Everything in one .tar file: a consistent copy of the database and all files.

        Raises ArchiveError for a server's database, which has its own tools.
        """
        if self.engine.dialect.name != "sqlite" or self.settings.files_url:
            raise ArchiveError("Säkerhetskopiera PostgreSQL med pg_dump och filarkivet med dess egna verktyg; se docs/operations.md.")
        partial = path.with_name(f"{path.name}.partial")
        with tempfile.TemporaryDirectory(prefix="protokollist-") as scratch:
            copy = Path(scratch) / "arkiv.sqlite"
            source = sqlite3.connect(str(self.engine.url.database))
            target = sqlite3.connect(copy)
            source.backup(target)
            source.close()
            target.close()
            with tarfile.open(partial, "w") as tar:
                tar.add(copy, "arkiv.sqlite")
                if (files := self.settings.archive_folder / "filer").is_dir():
                    tar.add(files, "filer")
        partial.replace(path)

    @staticmethod
    def restore(path: Path, folder: Path) -> None:
        """Unpack a backup into a folder where there is no archive yet. Raises ArchiveError."""
        if folder.exists() and any(folder.iterdir()):
            raise ArchiveError(f"{folder} är inte tom. Flytta undan det som ligger där först.")
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with tarfile.open(path) as tar:
                tar.extractall(folder, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise ArchiveError(f"Säkerhetskopian {path} går inte att läsa: {error}") from error
        if not (folder / "arkiv.sqlite").is_file():
            raise ArchiveError(f"{path} är ingen säkerhetskopia av arkivet.")

    @staticmethod
    def tables_known() -> list[str]:
        """The names of all tables."""
        return list(Base.metadata.tables)


@contextmanager
def _all(files: FileStore, artefacts: Sequence[tuple[str, str, str, int]]) -> Iterator[list[tuple[str, Path]]]:
    if not artefacts:
        yield []
        return
    (_, name, sha256, _), *rest = artefacts
    with files.local(sha256) as path, _all(files, rest) as others:
        yield [(name, path), *others]


def _get(session: Session, meeting_id: str) -> Meeting:
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise ArchiveError("Mötet finns inte.")
    return meeting


def kind_of(name: str) -> str:
    """recording, transcript or material, by a file's ending."""
    ending = Path(name).suffix.casefold()
    if ending in RECORDING_ENDINGS:
        return "recording"
    return "transcript" if ending == ".vtt" else "material"


def _job_view(j: Job, title: str) -> JobView:
    return JobView(j.id, j.meeting_id, title, j.status, j.stage, j.percent, j.attempts, j.run, j.error, j.options, j.priority, j.worker,
                   j.created, j.started, j.finished)
