"""Meeting facts: one Meeting merged from agenda, invitation, attendance report, file name and roll call.

What the sources disagree on is asked of the reviewer (``Meeting.questions``), never settled in
silence. Närvarande is who joined or spoke; frånvarande is who was invited and did neither. Being talked
about makes nobody present, and the reason of an absence is never kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rapidfuzz import fuzz

from pipeline.agenda import AgendaDocument
from pipeline.meeting import Agenda, Endpoint, Meeting, Person, Presence, Utterance
from pipeline.swedish.cues import is_transition, self_introductions
from pipeline.teams.attendance import AttendanceReport
from pipeline.teams.invitation import Invitation
from pipeline.teams.names import TeamsName, name_key, parse_name, with_first_name
from pipeline.teams.recording import RecordingName

SHORT_STAY = timedelta(minutes=2)
LATE = timedelta(minutes=5)
MIN_UTTERANCES = 3


@dataclass(frozen=True)
class Sources:
    """What was found in the folder of a meeting, each part if there was one."""

    agenda: AgendaDocument | None = None
    invitation: Invitation | None = None
    attendance: AttendanceReport | None = None
    recording: RecordingName | None = None
    fallback_title: str = ""


class _People:
    """Everybody by the words of their name, with what each source says."""

    def __init__(self) -> None:
        self.persons: dict[tuple[str, ...], Person] = {}
        self.invited: set[tuple[str, ...]] = set()
        self.seen: dict[tuple[str, ...], list[str]] = {}
        self.notes: dict[tuple[str, ...], str] = {}

    def add(self, name: TeamsName, email: str | None = None, role: str | None = None) -> tuple[str, ...]:
        key = name_key(name.name)
        known = self.persons.get(key)
        self.persons[key] = Person(
            name=known.name if known else name.name,
            role=(known.role if known else None) or role,
            organisation=(known.organisation if known else None) or name.organisation,
            email=(known.email if known else None) or email,
            guest=(known.guest and name.guest if known else name.guest))
        return key

    def present(self, key: tuple[str, ...], source: str) -> None:
        if source not in self.seen.setdefault(key, []):
            self.seen[key].append(source)


def meeting_facts(sources: Sources, utterances: Sequence[Utterance] = (),
                  named_speakers: Mapping[str, str] | None = None) -> Meeting:
    """The particulars of a meeting. ``named_speakers`` maps speakers to names given by the user."""
    people, questions = _People(), []
    agenda, invitation, report = sources.agenda, sources.invitation, sources.attendance
    rooms: dict[str, list[str]] = {}
    phones: dict[str, list[str]] = {}
    organiser: tuple[str, ...] | None = None
    if invitation:
        for invitee in invitation.invitees:
            if invitee.name.room:
                rooms.setdefault(invitee.name.name, [])
            elif invitee.list_address:
                questions.append(f"Kallelsen gick till sändlistan {invitee.name.name}: vilka ingår?")
            else:
                key = people.add(invitee.name, invitee.email)
                people.invited.add(key)
                organiser = key if invitee.organiser else organiser
    for listed in agenda.people if agenda else ():
        key = people.add(parse_name(listed.name), role=listed.role)
        people.invited.add(key)
    start, end = _times(sources)
    day = _day(sources)
    if report:
        closed = max((b for a in report.attendees for _, b in a.intervals), default=None)
        for attendee in report.attendees:
            if attendee.name.room:
                rooms.setdefault(attendee.name.name, [])
                continue
            if attendee.name.phone:
                phones.setdefault(attendee.name.name, [])
                continue
            spoken = sum(name_key(parse_name(u.speaker).name) == name_key(attendee.name.name) for u in utterances)
            key = people.add(attendee.name, attendee.email)
            if attendee.organiser and organiser is None:
                organiser = key
            if attendee.intervals and attendee.seconds < SHORT_STAY.total_seconds() and spoken < MIN_UTTERANCES:
                questions.append(f"{attendee.name.name} var ansluten i {int(attendee.seconds)} sekunder: deltog hen?")
                if key not in people.invited:
                    people.persons.pop(key, None)
                continue
            people.present(key, "närvarorapport")
            if note := _stay(attendee.intervals, start, end, closed):
                people.notes[key] = note
    for speaker, count in Counter(u.speaker for u in utterances).items():
        name = parse_name(speaker)
        if re.fullmatch(r"(?:Talare|Speaker|Unknown|Okänd)\b.*", speaker):
            continue
        if name.room or name.name in rooms:
            rooms.setdefault(name.name, [])
        elif name.phone:
            phones.setdefault(name.name, [])
        elif (name_key(name.name) in people.persons or not report) and (
                count >= MIN_UTTERANCES or name_key(name.name) in people.invited):
            people.present(people.add(name), "talar i transkriptet")
    for endpoint, occupants in {**rooms, **phones}.items():
        for full in _occupants(endpoint, utterances, people.persons.values()):
            occupants.append(full)
            people.present(people.add(TeamsName(full)), f"upprop från {endpoint}")
            if endpoint in phones:
                people.notes.setdefault(name_key(full), "per telefon")
        if not occupants and any(parse_name(u.speaker).name == endpoint for u in utterances):
            kind = "satt i" if endpoint in rooms else "ringde från"
            questions.append(f"Vem eller vilka {kind} {endpoint}?")
    for full in (named_speakers or {}).values():
        people.present(people.add(parse_name(full)), "angiven talare")
    chair, secretary = _officers(people, organiser, utterances)
    if not chair and utterances:
        questions.append("Vem var ordförande?")
    attendance = tuple(
        Presence(person=person, present=key in people.seen, note=people.notes.get(key),
                 sources=tuple(people.seen.get(key, ())))
        for key, person in people.persons.items() if key in people.seen or key in people.invited)
    if chair and attendance and not any(p.present and p.person.name == chair for p in attendance):
        questions.append(f"Undertecknaren {chair} finns inte bland de närvarande.")
    title = (invitation.title if invitation else "") or (agenda.title if agenda and agenda.title else "") or (
        report.title if report and report.title else "") or (
        sources.recording.title if sources.recording else "") or sources.fallback_title
    dates = {d for d in (agenda.date if agenda else None, invitation.start.date() if invitation and invitation.start
                         else None, report.start.date() if report and report.start else None) if d}
    if len(dates) > 1:
        questions.append("Källorna anger olika datum: " + ", ".join(sorted(d.isoformat() for d in dates)) + ".")
    items = agenda.agenda if agenda else Agenda()
    return Meeting(
        title=title, date=day, start=start, end=end,
        place=(agenda.place if agenda else None) or (invitation.place if invitation else None) or (
            "Teams" if report or invitation else None),
        chair=chair, secretary=secretary, attendance=attendance, agenda=items, questions=tuple(questions),
        endpoints=tuple(Endpoint(name=n, room=n in rooms, occupants=tuple(o)) for n, o in {**rooms, **phones}.items()))


def _day(sources: Sources) -> date | None:
    if sources.agenda and sources.agenda.date:
        return sources.agenda.date
    if sources.invitation and sources.invitation.start:
        return sources.invitation.start.date()
    if sources.attendance and sources.attendance.start:
        return sources.attendance.start.date()
    return sources.recording.start.date() if sources.recording else None


def _times(sources: Sources) -> tuple[time | None, time | None]:
    if sources.agenda and sources.agenda.start:
        return sources.agenda.start, sources.agenda.end
    if sources.invitation and sources.invitation.start and sources.invitation.start.time() != time(0):
        return sources.invitation.start.time(), sources.invitation.end.time() if sources.invitation.end else None
    if sources.recording:
        return sources.recording.start.time().replace(second=0), None
    return None, None


def _stay(intervals: Iterable[tuple[datetime, datetime]], start: time | None, end: time | None, closed: datetime | None) -> str | None:
    """"från kl. 09.20" for who came late, "till kl. 09.50" for who left early (a meeting may close early for all)."""
    stays = sorted(intervals)
    if not stays or not start:
        return None
    notes = []
    first, last = stays[0][0], max(b for _, b in stays)
    if first - datetime.combine(first.date(), start) > LATE:
        notes.append(f"från kl. {first:%H.%M}")
    planned = datetime.combine(last.date(), end) if end else closed
    if planned and closed and min(planned, closed) - last > LATE * 2:
        notes.append(f"till kl. {last:%H.%M}")
    return " ".join(notes) or None


def _occupants(endpoint: str, utterances: Sequence[Utterance], known: Iterable[Person]) -> list[str]:
    """The people who say that they sit in a room or call from a phone, by their full names."""
    found: list[str] = []
    persons = list(known)
    for utterance in utterances:
        if parse_name(utterance.speaker).name != endpoint:
            continue
        for said in self_introductions(utterance.text, [p.name for p in persons]):
            full = _known_name(said, persons)
            if full and full not in found:
                found.append(full)
    return found


def _known_name(said: str, persons: list[Person]) -> str | None:
    """The person's full name for a name as said: exact, by a first name that is unique, or nearly."""
    if len(said.split()) == 1:
        return with_first_name(said, [p.name for p in persons])
    best = max(persons, key=lambda p: fuzz.ratio(p.name.casefold(), said.casefold()), default=None)
    if best and fuzz.ratio(best.name.casefold(), said.casefold()) >= 82:
        return best.name
    return said


def _officers(people: _People, organiser: tuple[str, ...] | None, utterances: Sequence[Utterance]
              ) -> tuple[str | None, str | None]:
    """(chair, secretary): by role, by who leads the talk from item to item, by who called the meeting."""
    def with_role(word: str) -> str | None:
        return next((p.name for p in people.persons.values() if p.role and word in p.role.casefold()), None)

    chair = with_role("ordförande")
    if not chair:
        leads = Counter(name_key(parse_name(u.speaker).name) for u in utterances if is_transition(u.text))
        ranked = [k for k, _ in leads.most_common() if k in people.persons]
        leader = ranked[0] if ranked and leads[ranked[0]] >= 3 else None
        if leader and (organiser is None or leads[leader] >= 3 * max(1, leads[organiser])):
            chair = people.persons[leader].name
        elif organiser:
            chair = people.persons[organiser].name
    return chair, with_role("sekreterare")
