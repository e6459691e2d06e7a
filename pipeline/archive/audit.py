"""The audit log: append-only lines, each with a hash over itself and the line before, so that a change shows.

It tells who did what to which meeting, never what was said in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pipeline.archive.tables import AuditEntry, now

FIRST = "0" * 64
_LOCK = 7_265_514  # any number that nobody else uses as an advisory lock


def _hash(at: str, who: str, action: str, target: str, detail: str, previous: str) -> str:
    return hashlib.sha256(json.dumps([at, who, action, target, detail, previous], ensure_ascii=False).encode()).hexdigest()


def record(session: Session, who: str, action: str, target: str, detail: str = "") -> None:
    """Append a line within the session's transaction."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite's transactions exclude each other already
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    at, previous = now().isoformat(), last.hash if last else FIRST
    who, target = who[:400], target[:400]
    session.add(AuditEntry(seq=(last.seq if last else 0) + 1, at=at, who=who, action=action, target=target, detail=detail,
                           previous=previous, hash=_hash(at, who, action, target, detail, previous)))
    session.flush()


def first_broken(session: Session) -> int | None:
    """The number of the first line that was changed, removed or put in; None when the chain holds."""
    previous = FIRST
    for seq, e in enumerate(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)), 1):
        if e.seq != seq or e.previous != previous or e.hash != _hash(e.at, e.who, e.action, e.target, e.detail, e.previous):
            return seq
        previous = e.hash
    return None


def exported(session: Session) -> Iterator[str]:
    """The log as lines of JSON."""
    for e in session.scalars(select(AuditEntry).order_by(AuditEntry.seq)):
        yield json.dumps({"seq": e.seq, "at": e.at, "who": e.who, "action": e.action, "target": e.target, "detail": e.detail,
                          "previous": e.previous, "hash": e.hash}, ensure_ascii=False)
