"""Who may see and do what: accounts, their sessions, and the roles in which meetings are shared.

On one's own computer there is one person who may do everything. On a team's server a meeting is seen by who added
it and by those whom it is shared with; an administrator sees all, and the audit log tells of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select

from pipeline.archive import audit
from pipeline.archive.archive import Archive
from pipeline.archive.tables import Account, Meeting, Share, SignIn, now
from pipeline.errors import AccessError, ArchiveError, UsageError

SESSION = dt.timedelta(hours=10)  # a working day
_EMAIL = re.compile(r"[^@\s,;<>\"']{1,100}@[^@\s,;<>\"']{1,200}\.[^@\s,;<>\"'.]{2,30}")


class Right(StrEnum):
    """What somebody may do with a meeting, as it is told to those who may not."""

    READ = "läsa"
    REMARK = "lämna synpunkter"
    APPROVE = "justera"
    CHANGE = "ändra"
    MANAGE = "dela ut och hantera mötet"


RIGHTS: dict[str, frozenset[Right]] = {
    "sekreterare": frozenset(Right),
    "granskare": frozenset({Right.READ, Right.REMARK, Right.CHANGE}),
    "justerare": frozenset({Right.READ, Right.REMARK, Right.APPROVE}),
}


@dataclass(frozen=True)
class Person:
    """Who is at the page. ``key`` stands in the audit log: an e-mail address, or the user of one's own computer."""

    key: str
    name: str
    everything: bool = True

    @property
    def seen_by(self) -> str | None:
        """Whose meetings are listed; None for all."""
        return None if self.everything else self.key


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


# ------------------------------------------------------------------ sessions


def _key(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def sign_in(archive: Archive, issuer: str, subject: str, email: str, name: str) -> str:
    """A new session of an account, made when it is new; the value of its cookie."""
    cookie, email = secrets.token_urlsafe(32), email.casefold()
    with archive.session() as session:
        session.execute(delete(SignIn).where(SignIn.until < now()))
        account = session.scalars(select(Account).where(Account.issuer == issuer, Account.subject == subject)).first()
        if account is None:
            account = Account(issuer=issuer, subject=subject, email=email, name=name)
            session.add(account)
        account.email, account.name = email, name
        session.flush()
        session.add(SignIn(key=_key(cookie), account_id=account.id, until=now() + SESSION))
        audit.record(session, email, "inloggad", "", issuer)
    return cookie


def signed_in(archive: Archive, cookie: str, administrators: frozenset[str]) -> Person | None:
    """Whose session a cookie is; None when it has ended or never was."""
    if not cookie:
        return None
    with archive.session() as session:
        account = session.scalars(select(Account).join(SignIn).where(SignIn.key == _key(cookie), SignIn.until > now())).first()
        return Person(account.email, account.name, account.email in administrators) if account else None


def sign_out(archive: Archive, cookie: str) -> str | None:
    """End a session; the issuer whose account it was, None when there was no such session."""
    with archive.session() as session:
        account = session.scalars(select(Account).join(SignIn).where(SignIn.key == _key(cookie))).first()
        session.execute(delete(SignIn).where(SignIn.key == _key(cookie)))
        return account.issuer if account else None


# ------------------------------------------------------------------ sharing


def rights(archive: Archive, person: Person, meeting_id: str) -> frozenset[Right]:
    """What a person may do with a meeting; nothing when it is not theirs to see."""
    with archive.session() as session:
        meeting = session.get(Meeting, meeting_id)
        if meeting is None:
            return frozenset()
        if person.everything or meeting.owner == person.key:
            return frozenset(Right)
        share = session.get(Share, (meeting_id, person.key))
        return RIGHTS.get(share.role, frozenset()) if share else frozenset()


def demand(archive: Archive, person: Person, meeting_id: str, right: Right) -> None:
    """Raises ArchiveError for a meeting that is not theirs to see, AccessError for what their role may not do."""
    held = rights(archive, person, meeting_id)
    if not held:
        raise ArchiveError("Mötet finns inte.")
    if right not in held:
        raise AccessError(f"Din roll i mötet får inte {right.value}. Be den som har delat mötet om en annan roll.")


def shares(archive: Archive, meeting_id: str) -> list[tuple[str, str]]:
    """(e-mail address, role) of those a meeting is shared with."""
    with archive.session() as session:
        return [(s.email, s.role) for s in session.scalars(select(Share).where(Share.meeting_id == meeting_id).order_by(Share.email))]


def share(archive: Archive, meeting_id: str, email: str, role: str, who: str) -> None:
    """Open a meeting to somebody, or change their role. Raises UsageError for an unknown role or no address."""
    email = email.strip().casefold()
    if not is_email(email):
        raise UsageError("Skriv en e-postadress, som fornamn.efternamn@regionen.se.")
    if role not in RIGHTS:
        raise UsageError(f"Rollen ska vara någon av {', '.join(RIGHTS)}.")
    with archive.session() as session:
        known = session.get(Share, (meeting_id, email))
        if known:
            known.role = role
        else:
            session.add(Share(meeting_id=meeting_id, email=email, role=role))
        audit.record(session, who, "delat", meeting_id, f"{email}, {role}")


def unshare(archive: Archive, meeting_id: str, email: str, who: str) -> None:
    """Close a meeting to somebody."""
    with archive.session() as session:
        if found := session.get(Share, (meeting_id, email)):
            session.delete(found)
            audit.record(session, who, "delning upphävd", meeting_id, email)
