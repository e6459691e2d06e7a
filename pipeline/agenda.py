"""Agendas from .md, .txt, .docx and the text of an invitation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import docx

from pipeline.errors import DocumentError
from pipeline.meeting import Agenda, AgendaItem
from pipeline.swedish.numbers import MONTHS
from pipeline.teams.text import text_of

LARGEST = 4 * 1024 * 1024
MOST_ITEMS = 400
_NUMBERED = re.compile(r"^\s*(?P<sign>§\s*)?(?P<number>\d{1,3}(?:\.\d{1,2})*)\s*(?P<end>[.):]|\s[–-]\s|\s)\s*(?P<title>\S.*)$")
_BULLET = re.compile(r"^(?P<indent>\s*)(?:[-*•–+o]|[a-hå]\))\s+(?P<title>\S.*)$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<title>.+?)\s*#*\s*$")
_META = re.compile(r"(?i)^\s*(?:\*\*)?(?P<key>datum|tid|plats|lokal|kallade|deltagare|kopia|dag|ordförande|sekreterare|"
                   r"när|var|närvarande|inbjudna|mötesordförande)(?:\*\*)?\s*:\s*(?:\*\*)?(?P<value>.*)$")
_AGENDA_WORD = re.compile(r"(?i)^(?:dagordning|agenda|föredragningslista|ärendelista)\b[\s:–-]*(?P<rest>.*)$")
_PRESENTER = re.compile(r"\s*\((?P<inner>[^()]*)\)\s*$")
_KIND = re.compile(r"(?i)\s*[–-]\s*(?:beslut|information|diskussion|info|beslutspunkt|diskussionspunkt)\s*$")


@dataclass(frozen=True)
class ListedPerson:
    """Somebody whom the agenda calls, with what stands in brackets behind the name."""

    name: str
    role: str | None


@dataclass(frozen=True)
class AgendaDocument:
    """The items of an agenda and the particulars written around them."""

    agenda: Agenda
    title: str | None = None
    date: date | None = None
    start: time | None = None
    end: time | None = None
    place: str | None = None
    people: tuple[ListedPerson, ...] = ()
    warnings: tuple[str, ...] = ()


def read_agenda(path: Path) -> AgendaDocument:
    """An agenda file. Raises DocumentError that says what is wrong with it."""
    if not path.is_file():
        raise DocumentError(f"Dagordningen {path} finns inte.")
    if path.stat().st_size > LARGEST:
        raise DocumentError(f"Dagordningen {path.name} är orimligt stor.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"Dagordningen {path.name} går inte att läsa: {error.strerror}.") from error
    if data[:4] == b"PK\x03\x04":
        text = _docx_text(path)
    else:
        try:
            text = text_of(data)
        except ValueError as error:
            raise DocumentError(f"Dagordningen {path.name} är inte en textfil. Använd .md, .txt, .docx eller .ics.") from error
        if sum(not (c.isprintable() or c.isspace()) for c in text) > len(text) * 0.05:
            raise DocumentError(f"Dagordningen {path.name} är inte en textfil. Använd .md, .txt, .docx eller .ics.")
    document = parse_agenda(text)
    if not len(document.agenda):
        raise DocumentError(f"Inga punkter hittades i dagordningen {path.name}. Skriv dem som ”1. Mötets öppnande”.")
    return document


def _docx_text(path: Path) -> str:
    try:
        document = docx.Document(str(path))
    except Exception as error:  # python-docx raises many kinds for what is no Word file
        raise DocumentError(f"Dagordningen {path.name} går inte att läsa som Word-dokument.") from error
    lines = []
    number = 0
    for p in document.paragraphs:
        style = (p.style.name or "") if p.style else ""
        if not p.text.strip():
            continue
        if style.startswith("List Number") and not _NUMBERED.match(p.text):
            number += 1
            lines.append(f"{number}. {p.text.strip()}")
        elif style.startswith("List Bullet"):
            lines.append(f"   - {p.text.strip()}")
        else:
            lines.append(p.text)
    return "\n".join(lines)


def _clean_title(text: str) -> tuple[str, str | None]:
    """(title, what stands in brackets behind it)."""
    text = _KIND.sub("", re.sub(r"[*_`]+", "", text).strip().rstrip(":;.").strip())
    notes: list[str] = []
    while match := _PRESENTER.search(text):
        text = text[:match.start()]
        notes.insert(0, match["inner"].strip())
    return " ".join(_KIND.sub("", text).split()), "; ".join(notes) or None


def _clock(text: str) -> list[time]:
    found = []
    for hour, minute in re.findall(r"\b(\d{1,2})[.:](\d{2})\b(?!\.\d)", text):
        if int(hour) < 24 and int(minute) < 60:
            found.append(time(int(hour), int(minute)))
    return found


def parse_date(text: str) -> date | None:
    """The first date of a text: "2026-02-05" or "5 februari 2026"."""
    try:
        if match := re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.search(rf"(?i)\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", text):
            return date(int(match[3]), MONTHS.index(match[2].casefold()) + 1, int(match[1]))
    except ValueError:
        return None
    return None


def _people(text: str) -> tuple[ListedPerson, ...]:
    found = []
    for entry in re.split(r"[,;](?![^(]*\))", text):
        match = _PRESENTER.search(entry)
        name = " ".join(_PRESENTER.sub("", entry).split()).strip(" .")
        if 2 <= len(name.split()) <= 4 and name[0].isupper():
            found.append(ListedPerson(name, match["inner"].strip() if match else None))
    return tuple(found)


class _Builder:
    """Collects items with their path ids."""

    def __init__(self) -> None:
        self.items: list[AgendaItem] = []
        self.top = 0
        self.count: dict[str, int] = {}

    def numbered(self, number: str, sign: str, text: str) -> None:
        parent = None
        if "." in number:
            above = number.rsplit(".", 1)[0]
            parent = next((i.id for i in reversed(self.items) if i.number == above), None)
        self._add(f"{sign}{number}", text, parent)

    def child(self, text: str, parent: str | None) -> None:
        self._add(None, text, parent)

    def _add(self, number: str | None, text: str, parent: str | None) -> None:
        title, note = _clean_title(text)
        if not title or len(self.items) >= MOST_ITEMS:
            return
        if parent is None:
            self.top += 1
            item_id = str(self.top)
        else:
            self.count[parent] = self.count.get(parent, 0) + 1
            item_id = f"{parent}.{self.count[parent]}"
        self.items.append(AgendaItem(id=item_id, number=number, title=title, parent=parent, note=note))


def parse_agenda(text: str) -> AgendaDocument:
    """The agenda in a text: numbered items ("1.", "§ 31"), bullets below them as sub-items.

    Where nothing is numbered, bullets are the items; where there are no bullets either, the lines
    below a heading "Dagordning" are.
    """
    lines = [line.rstrip() for line in text.replace("\xa0", " ").replace("\t", "    ").splitlines()]
    meta: dict[str, str] = {}
    title: str | None = None
    below_word: list[str] = []
    builder = _Builder()
    any_numbered = any(m and not _META.match(line) for line in lines if (m := _NUMBERED.match(line)))
    stack: list[tuple[int, str]] = []
    seen_word = False
    last_number = 0
    for line in lines:
        if not line.strip():
            continue
        heading = _HEADING.match(line)
        bare = (heading["title"] if heading else line).strip().strip("*").strip()
        if match := _META.match(line):
            meta.setdefault(match["key"].casefold(), match["value"].strip(" *"))
        elif word := _AGENDA_WORD.match(bare):
            seen_word = True
            title = title or (word["rest"].strip() or None)
        elif (match := _NUMBERED.match(bare if heading else line)) and (
                match["sign"] or match["end"].strip() or heading) and _follows(match["number"], last_number):
            last_number = int(match["number"].split(".")[0])
            builder.numbered(match["number"], "§ " if match["sign"] else "", match["title"])
            stack = []
        elif match := _BULLET.match(line):
            indent = len(match["indent"])
            while stack and stack[-1][0] >= indent:
                stack.pop()
            parent = stack[-1][1] if stack else (builder.items and _last_top(builder.items) if any_numbered else None)
            if any_numbered and not builder.items:
                continue
            head, colon, tail = match["title"].partition(":")
            builder.child(head, parent or None)
            if builder.items:
                stack.append((indent, builder.items[-1].id))
                parts = [p.strip(" .") for p in re.split(r",|\boch\b", tail)]
                if colon and len(parts) > 1 and all(p[:1].isupper() and len(p.split()) <= 3 for p in parts if p):
                    for part in filter(None, parts):
                        builder.child(part, stack[-1][1])
        elif heading and title is None and not builder.items:
            title = bare
        elif seen_word and not any_numbered:
            below_word.append(bare)
    if not builder.items:
        for bare in below_word[:60]:
            if len(bare) <= 90:
                builder.child(bare, None)
    items = builder.items
    if len(items) >= MOST_ITEMS:
        warnings: tuple[str, ...] = (f"Dagordningen har fler än {MOST_ITEMS} punkter; resten läses inte.",)
    else:
        warnings = ()
    when = " ".join(meta.get(k, "") for k in ("datum", "dag", "tid", "när"))
    clocks = _clock(re.sub(r"\d{4}-\d\d-\d\d", "", when))
    return AgendaDocument(
        Agenda(items=tuple(items)), title, parse_date(when), clocks[0] if clocks else None,
        clocks[1] if len(clocks) > 1 else None, meta.get("plats") or meta.get("var") or None,
        tuple(p for k in ("kallade", "deltagare", "inbjudna", "närvarande") for p in _people(meta.get(k, "")))
        + tuple(ListedPerson(p.name, k) for k in ("ordförande", "mötesordförande", "sekreterare")
                for p in _people(meta.get(k, ""))),
        warnings)


def _follows(number: str, last: int) -> bool:
    """Whether an item's number goes on from the last one (a date or a year at a line's start does not)."""
    value = int(number.split(".")[0])
    return value <= 999 and (last == 0 or last <= value <= last + 5)


def _last_top(items: list[AgendaItem]) -> str:
    return next(i.id for i in reversed(items) if i.number is not None) if any(i.number for i in items) else items[-1].id
