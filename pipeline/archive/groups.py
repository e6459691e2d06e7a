"""Groups in the archive: members, glossary, standing agenda, habits and Word template, and the meetings that are theirs.

On a team's server a group is seen by who made it and by its members, whose e-mail addresses stand in it; it is changed by who made it
and by its secretaries. That a meeting is a group's opens it to nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import simplemma
from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.archive import audit
from pipeline.archive.access import Person
from pipeline.archive.archive import Archive
from pipeline.archive.tables import GroupRow, Meeting
from pipeline.errors import AccessError, ArchiveError, ConflictError, DocumentError, UsageError
from pipeline.group import GlossaryTerm, Group, told
from pipeline.stages.rendering import checked
from pipeline.swedish.messages import LABELS

SECRETARY = "sekreterare"
MOST_TERMS = 2000
LARGEST_TEMPLATE = 5 * 2**20  # bytes


@dataclass(frozen=True)
class GroupView:
    """A group as one person sees it. Who changes it must know the version that they change."""

    id: str
    version: int
    group: Group
    template_name: str | None
    may_change: bool
    may_remove: bool


def _view(row: GroupRow, person: Person) -> GroupView | None:
    """How a group looks to somebody; None when it is not theirs to see."""
    group = Group.model_validate(row.content)
    own = person.everything or row.owner == person.key
    roles = [m.roll or "" for m in group.medlem if (m.epost or "").casefold() == person.key.casefold()]
    if not own and not roles:
        return None
    return GroupView(row.id, row.version, group, row.template_name, own or SECRETARY in (r.casefold() for r in roles), own)


def _row(session: Session, group_id: str, person: Person, *, to_change: bool = False) -> tuple[GroupRow, GroupView]:
    row = session.get(GroupRow, group_id, with_for_update=to_change)  # who comes second reads what the first wrote
    view = _view(row, person) if row else None
    if row is None or view is None:
        raise ArchiveError("Gruppen finns inte.")
    return row, view


def _changeable(session: Session, group_id: str, person: Person) -> GroupRow:
    row, view = _row(session, group_id, person, to_change=True)
    if not view.may_change:
        raise AccessError("Bara gruppens sekreterare och den som lade upp gruppen kan ändra den.")
    return row


def groups(archive: Archive, person: Person) -> list[GroupView]:
    """The groups that somebody may see, by name."""
    with archive.session() as session:
        seen = [v for row in session.scalars(select(GroupRow)) if (v := _view(row, person))]
    return sorted(seen, key=lambda v: v.group.namn.casefold())


def group(archive: Archive, group_id: str, person: Person) -> GroupView:
    """Raises ArchiveError when there is none that they may see."""
    with archive.session() as session:
        return _row(session, group_id, person)[1]


def create(archive: Archive, name: str, person: Person) -> str:
    """The id of a new group. Raises UsageError without a name."""
    if not name.strip():
        raise UsageError("Skriv gruppens namn.")
    with archive.session() as session:
        row = GroupRow(id=uuid.uuid4().hex, owner=person.key, content=Group(namn=name.strip()[:200]).model_dump(mode="json"))
        session.add(row)
        audit.record(session, person.key, "grupp tillagd", row.id)
        return row.id


def change(archive: Archive, group_id: str, version: int, given: Mapping[str, Any], person: Person) -> GroupView:
    """Put new content in the place of the old. Raises ConflictError when somebody was first, UsageError that names a wrong field."""
    try:
        content = Group.model_validate(given)
    except ValidationError as error:
        raise UsageError(f"Gruppen kan inte sparas: {told(error)}.") from error
    if not content.namn.strip():
        raise UsageError("Gruppen kan inte sparas: skriv gruppens namn.")
    if content.mall and content.mall not in LABELS:
        raise UsageError(f"Mallen ska vara någon av {', '.join(LABELS)}.")
    if len(content.term) > MOST_TERMS:
        raise UsageError(f"Ordlistan kan ha högst {MOST_TERMS} ord.")
    with archive.session() as session:
        row = _changeable(session, group_id, person)
        if row.version != version:
            raise ConflictError("Någon annan har ändrat gruppen. Läs igenom den igen först.")
        row.content, row.version = content.model_dump(mode="json"), version + 1
        audit.record(session, person.key, "grupp ändrad", group_id)
    return group(archive, group_id, person)


def add_term(archive: Archive, group_id: str, written: str, heard: str, person: Person) -> None:
    """Put a correction into the glossary: how a word is written, and what was heard instead. Every member may.

    What was heard is left out where it is a Swedish word itself: it would be "corrected" in every meeting from then on.
    """
    written, heard = written.strip(), heard.strip()
    if len(written) < 2:
        raise UsageError("Ett ord i ordlistan ska ha minst två bokstäver.")
    with archive.session() as session:
        row, view = _row(session, group_id, person, to_change=True)
        terms = {t.skrivs: t.hors for t in view.group.term}
        known = terms.get(written, ())
        terms[written] = known if not heard or heard in (written, *known) or simplemma.is_known(heard, lang="sv") else (*known, heard)
        if len(terms) > MOST_TERMS:
            raise UsageError(f"Ordlistan kan ha högst {MOST_TERMS} ord.")
        more = view.group.model_copy(update={"term": tuple(GlossaryTerm(skrivs=w, hors=h) for w, h in terms.items())})
        row.content, row.version = more.model_dump(mode="json"), row.version + 1
        audit.record(session, person.key, "ordlista ändrad", group_id)


def set_template(archive: Archive, group_id: str, name: str, template: bytes, person: Person) -> dict[str, str]:
    """Check a Word template and make it the group's; the wanted fields that it lacks, with what they are. Raises DocumentError."""
    if len(template) > LARGEST_TEMPLATE:
        raise DocumentError("Mallen är för stor: högst 5 MB.")
    with archive.session() as session:
        _changeable(session, group_id, person)
    report, _ = checked(template)
    if not report.usable:
        raise DocumentError(f"Mallen frågar efter det som inte finns eller inte får användas: {', '.join(report.unknown)}. "
                            "Fälten står i docs/templates.md.")
    with archive.session() as session:
        row = _changeable(session, group_id, person)
        row.template, row.template_name, row.version = template, name[:200], row.version + 1
        audit.record(session, person.key, "mall ändrad", group_id)
    return report.missing


def remove_template(archive: Archive, group_id: str, person: Person) -> None:
    with archive.session() as session:
        row = _changeable(session, group_id, person)
        row.template, row.template_name, row.version = None, None, row.version + 1
        audit.record(session, person.key, "mall borttagen", group_id)


def template(archive: Archive, group_id: str, person: Person) -> bytes:
    """The group's Word template. Raises ArchiveError when it has none."""
    with archive.session() as session:
        found = _row(session, group_id, person)[0].template
    if found is None:
        raise ArchiveError("Gruppen har ingen egen mall.")
    return found


def remove(archive: Archive, group_id: str, person: Person) -> None:
    """Delete a group with its members and glossary; its meetings stay, as nobody's."""
    with archive.session() as session:
        row, view = _row(session, group_id, person)
        if not view.may_remove:
            raise AccessError("Bara den som lade upp gruppen kan ta bort den.")
        session.execute(update(Meeting).where(Meeting.group_id == group_id).values(group_id=None))
        session.delete(row)
        audit.record(session, person.key, "grupp borttagen", group_id)


def place(archive: Archive, meeting_id: str, group_id: str | None, person: Person) -> None:
    """Make a meeting a group's, or nobody's; the right to change the meeting is asked for by who calls."""
    with archive.session() as session:
        if group_id:
            _row(session, group_id, person)
        session.execute(update(Meeting).where(Meeting.id == meeting_id).values(group_id=group_id or None))
        audit.record(session, person.key, "grupp vald", meeting_id, group_id or "ingen")
