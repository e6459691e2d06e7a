"""The domain: a meeting, who was there, what was said and what the draft states.

Plain data without I/O and without models. Times are integer milliseconds of media time in one
recording. Speakers are keys of voices or Teams names ("Talare 1", "Mötesrum Lund 3"); a person is
somebody of the group, and which person a speaker is, is an assertion of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Ms = int


class Model(BaseModel):
    """Base of the domain objects: immutable, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ------------------------------------------------------------------ people and particulars


class Person(Model):
    """A member of the group or a guest."""

    name: str
    role: str | None = None
    organisation: str | None = None
    email: str | None = None
    guest: bool = False


class Presence(Model):
    """What is known of one person's attendance.

    ``note`` is Swedish text for the list ("från kl. 09.20"); never the reason of an absence.
    """

    person: Person
    present: bool
    note: str | None = None
    sources: tuple[str, ...] = ()


class Endpoint(Model):
    """A Teams participant as Teams names it: a person's account, or a room with several people."""

    name: str
    room: bool = False
    occupants: tuple[str, ...] = ()


class AgendaItem(Model):
    """One item of the agenda. ``id`` is its path ("3.1"), ``number`` as written ("3", "§ 31").

    ``note`` is what stands in brackets behind the title, often who presents the item.
    """

    id: str
    number: str | None
    title: str
    parent: str | None = None
    note: str | None = None

    @property
    def level(self) -> int:
        """0 for items, 1 for their sub-items and so on."""
        return self.id.count(".")


class Agenda(Model):
    """The agenda as a flat list in its written order."""

    items: tuple[AgendaItem, ...] = ()

    def __iter__(self) -> Iterator[AgendaItem]:  # type: ignore[override]
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def get(self, item_id: str) -> AgendaItem:
        """The item with an id. Raises KeyError when there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def path(self, item_id: str) -> tuple[AgendaItem, ...]:
        """The item and those above it, the topmost first."""
        item = self.get(item_id)
        return (*self.path(item.parent), item) if item.parent else (item,)

    def children(self, item_id: str) -> tuple[AgendaItem, ...]:
        return tuple(i for i in self.items if i.parent == item_id)


class Meeting(Model):
    """The particulars of a meeting, merged from all its documents."""

    title: str = ""
    date: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None
    place: str | None = None
    chair: str | None = None
    secretary: str | None = None
    attendance: tuple[Presence, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    agenda: Agenda = Agenda()
    glossary: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    provenance: dict[str, str] = Field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of everybody who was invited or present."""
        return tuple(p.person.name for p in self.attendance)

    def endpoint(self, name: str) -> Endpoint | None:
        return next((e for e in self.endpoints if e.name == name), None)


# ------------------------------------------------------------------ what was said


class Word(Model):
    """A word as heard: start and end in ms, probability 0..1."""

    start: Ms
    end: Ms
    text: str
    probability: float = 1.0


class Turn(Model):
    """A stretch of one voice."""

    start: Ms
    end: Ms
    speaker: str


class Gap(Model):
    """Voiced time in which no words were understood."""

    start: Ms
    end: Ms


class DoubtKind(StrEnum):
    """What two hearings of one utterance differ in, or what was corrected."""

    NUMBER = "siffra"
    NEGATION = "nekande"
    NAME = "namn eller term"
    CORRECTED = "rättat mot ordlistan"


class Doubt(Model):
    """Where our hearing and Teams' transcript differ, or where a term was corrected (``theirs`` is written)."""

    kind: DoubtKind
    ours: str
    theirs: str


class Utterance(Model):
    """What one speaker said without a break. ``words`` is empty when a Teams transcript is the source.

    Times run through all recordings of a meeting; ``offset`` is where its recording begins in them.
    ``voice`` is the voice heard, when ``speaker`` is a Teams name that several people may share.
    """

    start: Ms
    end: Ms
    speaker: str
    text: str
    words: tuple[Word, ...] = ()
    recording: str = "1"
    offset: Ms = 0
    person: str | None = None
    voice: str | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def digest(self) -> str:
        """A hash of the words, so that evidence can tell whether they have been changed since."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def uncertain(self) -> tuple[Word, ...]:
        """Words heard with low probability."""
        return tuple(w for w in self.words if w.probability < LOW_PROBABILITY)


LOW_PROBABILITY = 0.35


class Recording(Model):
    """One of a meeting's recordings: its key, file, where it begins in the meeting (ms) and how long it is."""

    id: str
    name: str
    offset: Ms = 0
    duration: Ms = 0


class Transcript(Model):
    """Everything that was said, in time order."""

    utterances: tuple[Utterance, ...] = ()
    recordings: tuple[Recording, ...] = ()
    gaps: tuple[Gap, ...] = ()
    duration: Ms = 0
    source: str = ""
    warnings: tuple[str, ...] = ()


class Section(Model):
    """The utterances that belong to one agenda item, in time order (a revisited item has one section)."""

    item: str | None
    utterances: tuple[Utterance, ...]


# ------------------------------------------------------------------ what the draft states


class Kind(StrEnum):
    INFORMATION = "information"
    DECISION = "beslut"
    ACTION = "åtgärd"
    POSTPONED = "bordlagd"


class Flag(StrEnum):
    """Why a reviewer should look at a statement."""

    NUMBER = "siffra att kontrollera"
    NEGATION = "negation"
    UNCERTAIN = "osäkert hörd"
    NAME = "namn"
    PERSONAL = "personuppgift"
    OWNER = "ansvarig saknas"
    WORDING = "fri formulering"


FLAG_OF_DOUBT = {DoubtKind.NUMBER: Flag.NUMBER, DoubtKind.NEGATION: Flag.NEGATION, DoubtKind.NAME: Flag.NAME, DoubtKind.CORRECTED: Flag.NAME}


class Evidence(Model):
    """Where a statement is supported: recording, time in that recording and a hash of the words."""

    recording: str
    start: Ms
    end: Ms
    digest: str

    @classmethod
    def of(cls, utterance: Utterance) -> Evidence:
        return cls(recording=utterance.recording, start=utterance.start - utterance.offset,
                   end=utterance.end - utterance.offset, digest=utterance.digest)

    @property
    def place(self) -> str:
        """Where to listen: hh:mm:ss, with the recording's number from the second on."""
        return timecode(self.start) if self.recording == "1" else f"{self.recording}/{timecode(self.start)}"


class Statement(Model):
    """One or two written sentences of the draft.

    ``owner`` is a speaker key, a person's name or a unit; it is turned into a name when rendered.
    ``speakers`` are the keys of those who said it.
    """

    id: str
    kind: Kind
    text: str
    owner: str | None = None
    due: str | None = None
    evidence: tuple[Evidence, ...]
    made_by: Literal["language_model", "compression", "person"]
    flags: tuple[Flag, ...] = ()
    uncertain_at: Ms | None = None
    doubts: tuple[Doubt, ...] = ()
    speakers: tuple[str, ...] = ()


class OpenAction(Model):
    """A task of an earlier meeting that is not known to be done."""

    text: str
    owner: str | None = None
    due: str | None = None


class Withheld(Model):
    """Talk that is kept out of the draft, listed for the reviewer with the reason."""

    start: Ms
    end: Ms
    reason: str


class DraftSection(Model):
    item: str | None
    title: str
    statements: tuple[Statement, ...] = ()


class Provenance(Model):
    """What made the draft."""

    program: str
    speech_model: str | None = None
    language_model: str | None = None
    prompt_version: str = ""
    sources: dict[str, str] = Field(default_factory=dict)
    checksums: dict[str, str] = Field(default_factory=dict)


class Draft(Model):
    """The draft protocol that a human reviews."""

    meeting: Meeting
    sections: tuple[DraftSection, ...]
    gaps: tuple[Gap, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    recordings: tuple[Recording, ...] = ()
    open_actions: tuple[OpenAction, ...] = ()
    speakers: dict[str, str] = Field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    provenance: Provenance
    state: Literal["utkast", "granskad", "färdigställd"] = "utkast"

    def statements(self) -> Iterator[Statement]:
        for section in self.sections:
            yield from section.statements


def timecode(ms: Ms) -> str:
    """hh:mm:ss of a time in ms.

    >>> timecode(3_725_000)
    '01:02:05'
    """
    seconds = max(0, ms) // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
