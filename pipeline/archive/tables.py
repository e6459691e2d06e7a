"""The tables of the archive (SQLAlchemy 2), the same on SQLite and PostgreSQL.

Times are UTC. Files lie beside the database under the hash of their content; rows refer to them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[dt.datetime]):
    """A time with its zone, also on SQLite, which keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Base(DeclarativeBase):
    type_annotation_map = {dt.datetime: Utc, dict[str, Any]: JSON, list[dict[str, Any]]: JSON, str: String(400)}  # noqa: RUF012


class GroupRow(Base):
    """A group: what it has decided about its minutes (``pipeline.group.Group``), and its own Word template."""

    __tablename__ = "groups"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str]
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    template: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    template_name: Mapped[str | None]
    created: Mapped[dt.datetime] = mapped_column(default=now)


class Meeting(Base):
    """One meeting; ``key`` is the hash of its material, so that a second upload adds nothing."""

    __tablename__ = "meetings"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str]
    day: Mapped[str | None] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default="utkast")
    state_at: Mapped[dt.datetime] = mapped_column(default=now)
    state_by: Mapped[str | None]
    legal_hold: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str | None]
    remarks_until: Mapped[str | None] = mapped_column(String(10))
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"), index=True)
    created: Mapped[dt.datetime] = mapped_column(default=now)


class Artefact(Base):
    """A file of a meeting. ``kind``: recording, transcript, material, minutes. A deleted one keeps its row."""

    __tablename__ = "artefacts"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[dt.datetime] = mapped_column(default=now)
    deleted: Mapped[dt.datetime | None]


class Job(Base):
    """The work on one meeting: väntar, pågår, klar, fel, avbruten or pausad."""

    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default="väntar", index=True)
    stage: Mapped[str | None] = mapped_column(String(20))
    percent: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=10)
    attempts: Mapped[int] = mapped_column(default=0)
    run: Mapped[int] = mapped_column(default=1)
    error: Mapped[str | None] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    worker: Mapped[str | None] = mapped_column(String(80))
    created: Mapped[dt.datetime] = mapped_column(default=now, index=True)
    started: Mapped[dt.datetime | None]
    finished: Mapped[dt.datetime | None]


class StageResult(Base):
    """That a stage of a job is done, once, by whom and how long it took (s)."""

    __tablename__ = "stage_results"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    run: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    worker: Mapped[str] = mapped_column(String(80))
    seconds: Mapped[float]
    finished: Mapped[dt.datetime] = mapped_column(default=now)


class Lease(Base):
    """A worker that lives: it says so every few seconds; who is silent for long is dead."""

    __tablename__ = "leases"
    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen: Mapped[dt.datetime] = mapped_column(default=now)


class Revision(Base):
    """A draft as it was at one time. ``made_by`` is "maskin" or who saved it; ``version`` counts every change."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), index=True)
    number: Mapped[int]
    made_by: Mapped[str]
    draft: Mapped[dict[str, Any]]
    transcript: Mapped[dict[str, Any]]
    created: Mapped[dt.datetime] = mapped_column(default=now)


class Edit(Base):
    """A change that a person made to a revision, in order; what the machine wrote stays as it was."""

    __tablename__ = "edits"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), index=True)
    number: Mapped[int]
    who: Mapped[str]
    change: Mapped[dict[str, Any]]
    created: Mapped[dt.datetime] = mapped_column(default=now)


class Digest(Base):
    """What lists and searches need of a draft as it stands, renewed with every change; ``text`` is casefolded."""

    __tablename__ = "digests"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    flags: Mapped[int]
    actions: Mapped[list[dict[str, Any]]]


class Remark(Base):
    """What somebody wants changed in a draft, about one statement or all of it, until it is settled."""

    __tablename__ = "remarks"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), index=True)
    statement: Mapped[str | None]
    who: Mapped[str]
    noted_by: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    created: Mapped[dt.datetime] = mapped_column(default=now)
    settled: Mapped[dt.datetime | None]


class Approval(Base):
    """A justerare, and when they approved which version; a later change makes the approval one of the past."""

    __tablename__ = "approvals"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    approved: Mapped[dt.datetime | None]
    version: Mapped[str | None] = mapped_column(String(40))
    noted_by: Mapped[str | None]


class Account(Base):
    """Who has signed in over OpenID Connect; ``email`` is casefolded and of a domain that its provider answers for."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str] = mapped_column(String(400), index=True)
    name: Mapped[str]
    created: Mapped[dt.datetime] = mapped_column(default=now)


class SignIn(Base):
    """A session of a browser: the hash of its cookie, and until when it holds."""

    __tablename__ = "sign_ins"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    until: Mapped[dt.datetime]


class Share(Base):
    """That a meeting is open to somebody, in a role; by e-mail address, so that one can be asked before signing in."""

    __tablename__ = "shares"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(400), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))


class StruckPair(Base):
    """Talk of a meeting, from and to in milliseconds on its clock, that is not to be learnt from."""

    __tablename__ = "struck_pairs"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meetings.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]


class AuditEntry(Base):
    """One line of the audit log; ``hash`` covers the line and the hash before it."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[str] = mapped_column(String(40))
    who: Mapped[str]
    action: Mapped[str] = mapped_column(String(40))
    target: Mapped[str]
    detail: Mapped[str] = mapped_column(Text, default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Deletion(Base):
    """What was deleted when and why; the names of files are kept, their content is gone."""

    __tablename__ = "deletions"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(default=now)
