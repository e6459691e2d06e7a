"""Meeting facts: one Meeting merged from agenda, invitation, attendance report, file name and roll call.

What the sources disagree on is asked of the reviewer (``Meeting.questions``), never settled in
silence. Närvarande is who joined or spoke; frånvarande is who was invited and did neither. Being talked
about makes nobody present, and the reason of an absence is never kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from rapidfuzz import fuzz

from pipeline.agenda import AgendaDocument
from pipeline.group import Group
from pipeline.meeting import Agenda, Endpoint, Meeting, OpenAction, Person, Presence, Utterance
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
    group: Group = field(default_factory=Group)
    open_actions: tuple[OpenAction, ...] = ()


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
                  named_speakers: Mapping[str, str] | None = None, shared_names: Iterable[str] = ()) -> Meeting:
    """The particulars of a meeting. ``named_speakers`` maps speakers to names given by the user.

    ``shared_names`` are Teams names under which several voices are heard.
    """
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
    for member in sources.group.medlem:
        key = people.add(parse_name(member.namn), member.epost, member.roll)
        people.persons[key] = people.persons[key].model_copy(update={"organisation": member.person.organisation})
        people.invited.add(key)
    starts, days = _times(sources), _days(sources)
    start, end = starts[0][1] if starts else (None, None)
    day = days[0][1] if days else None
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
    questions += [f"Flera röster hörs under namnet {name}: är det ett rum, och vilka satt där?" for name in shared_names
                  if name not in rooms]
    chair, secretary = _officers(people, organiser, utterances)
    if not chair and utterances:
        questions.append("Vem var ordförande?")
    attendance = tuple(
        Presence(person=person, present=key in people.seen, note=people.notes.get(key),
                 sources=tuple(people.seen.get(key, ())))
        for key, person in people.persons.items() if key in people.seen or key in people.invited)
    if chair and attendance and not any(p.present and p.person.name == chair for p in attendance):
        questions.append(f"Undertecknaren {chair} finns inte bland de närvarande.")
    titles = [(source, found) for source, found in (
        ("kallelse", invitation.title if invitation else None), ("dagordning", agenda.title if agenda else None),
        ("närvarorapport", report.title if report else None), ("filnamn", sources.recording.title if sources.recording else None),
        ("gruppfil", sources.group.namn), ("filnamn", sources.fallback_title)) if found]
    questions += _conflicts("datum", [(s, d.isoformat()) for s, d in days])
    questions += _conflicts("starttid", [(s, f"{t[0]:%H.%M}") for s, t in starts if s in ("dagordning", "kallelse")])
    places = [(source, found) for source, found in (
        ("dagordning", agenda.place if agenda else None), ("kallelse", invitation.place if invitation else None),
        ("antagande", "Teams" if report or invitation else None)) if found]
    provenance = {fact: found[0][0] for fact, found in (
        ("titel", titles), ("datum", days), ("tid", starts), ("plats", places)) if found}
    items = agenda.agenda if agenda and len(agenda.agenda) else sources.group.agenda if sources.group.dagordning else Agenda()
    return Meeting(
        title=titles[0][1] if titles else "", date=day, start=start, end=end, place=places[0][1] if places else None,
        chair=chair, secretary=secretary, attendance=attendance, agenda=items, questions=tuple(dict.fromkeys(questions)),
        glossary=tuple(t.skrivs for t in sources.group.term), provenance=provenance,
        endpoints=tuple(Endpoint(name=n, room=n in rooms, occupants=tuple(o)) for n, o in {**rooms, **phones}.items()))


def _conflicts(fact: str, told: Sequence[tuple[str, str]]) -> list[str]:
    """A question where sources differ, saying what each says and that the first is used."""
    if len({value for _, value in told}) < 2:
        return []
    listed = ", ".join(f"{source} {value}" for source, value in told)
    return [f"Källorna anger olika {fact}: {listed}. {told[0][1]} används."]


def _days(sources: Sources) -> list[tuple[str, date]]:
    """The day of the meeting by each source, the surest first."""
    moments = (("kallelse", sources.invitation.start if sources.invitation else None),
               ("närvarorapport", sources.attendance.start if sources.attendance else None),
               ("filnamn", sources.recording.start if sources.recording else None))
    days = [(source, moment.date()) for source, moment in moments if moment]
    return [("dagordning", sources.agenda.date), *days] if sources.agenda and sources.agenda.date else days


def _times(sources: Sources) -> list[tuple[str, tuple[time, time | None]]]:
    """(start, end) by each source, the surest first; an invitation at midnight tells no time."""
    found: list[tuple[str, tuple[time, time | None]]] = []
    agenda, invitation = sources.agenda, sources.invitation
    if agenda and agenda.start:
        found.append(("dagordning", (agenda.start, agenda.end)))
    if invitation and invitation.start and invitation.start.time() != time(0):
        found.append(("kallelse", (invitation.start.time(), invitation.end.time() if invitation.end else None)))
    if sources.recording:
        found.append(("filnamn", (sources.recording.start.time().replace(second=0), None)))
    return found


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
