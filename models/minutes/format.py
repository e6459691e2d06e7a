"""What the minutes model reads and writes; used alike by training, evaluation and the program.

The prompt is a heading with the meeting's date and agenda item, a line a turn, and "Protokoll:".
The answer is a line a statement: "- text", "Beslut: text", "Åtgärd: owner | text | due", or "–" when
nothing belongs in the minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.minutes.vocabulary import literal
from pipeline.swedish.numbers import WEEKDAYS, digits
from pipeline.swedish.spoken import without_fillers

PROMPT_VERSION = "2"
EMPTY = "–"
NO_VALUE = "-"
# What the model calls the kinds of statements; the keys are the values of pipeline.meeting.Kind.
KIND_NAMES = {"information": "info", "beslut": "beslut", "bordlagd": "beslut", "åtgärd": "åtgärd"}


@dataclass(frozen=True)
class Proposal:
    """One proposed statement. ``kind`` is "info", "beslut" or "åtgärd"; ``sure`` how sure the model was of it (``Answer.sureness``)."""

    kind: str
    text: str
    who: str | None = None
    due: str | None = None
    sure: float | None = None


def prepare_talk(text: str) -> str:
    """Talk as the model reads it: figures as digits, without fillers, on one line."""
    return " ".join(without_fillers(digits(text)).split())


def heading(day: date | None, item: str) -> str:
    when = f"Möte {WEEKDAYS[day.weekday()]} {day.isoformat()}. " if day else ""
    return f"{when}Punkt: {' '.join(item.split()) or 'Mötet'}"


def prompt(day: date | None, item: str, turns: Iterable[tuple[str, str]]) -> str:
    """The text before the answer. ``turns`` are (speaker, spoken text)."""
    lines = [heading(day, item)]
    lines += [f"{' '.join(speaker.split())}: {talk}" for speaker, text in turns if (talk := prepare_talk(text))]
    return "\n".join(lines) + "\n\nProtokoll:\n"


def answer(proposals: Sequence[Proposal]) -> str:
    """The answer that states the proposals; the inverse of ``parse_answer``."""
    if not proposals:
        return EMPTY
    lines = []
    for p in proposals:
        text = " ".join(p.text.split())
        if p.kind == "åtgärd":
            text = text[:1].upper() + text[1:]
            lines.append(f"Åtgärd: {p.who or NO_VALUE} | {text} | {p.due or NO_VALUE}")
        else:
            lines.append(f"Beslut: {text}" if p.kind == "beslut" else f"- {text}")
    return "\n".join(lines)


_LINE = re.compile(r"^\s*(?:(?P<info>[-•*])|(?P<kind>Beslut|Åtgärd)\s*:)\s*(?P<rest>.*)$")


def _value(text: str) -> str | None:
    text = text.strip()
    return None if text in ("", NO_VALUE, EMPTY) else text


def parse_answer(text: str, sureness: Sequence[float] = ()) -> list[Proposal]:
    """The proposals of an answer; anything that is not a well-formed line is passed over. Never raises."""
    found: list[Proposal] = []
    lines = [line for line in text.splitlines() if line]
    told: Sequence[float | None] = sureness if len(sureness) == len(lines) else [None] * len(lines)
    for line, sure in zip(lines, told, strict=True):
        match = _LINE.match(line)
        if not match:
            continue
        rest = match["rest"].strip()
        if match["kind"] == "Åtgärd":
            parts = [part.strip() for part in rest.split("|")]
            if len(parts) >= 2 and parts[1]:
                found.append(Proposal("åtgärd", parts[1], _value(parts[0]),
                                      _value(parts[2]) if len(parts) > 2 else None, sure))
        elif rest and rest != EMPTY:
            found.append(Proposal("beslut" if match["kind"] else "info", rest, sure=sure))
    return found


FREE_TEXT = ('text ::= [^\\n|]{3,420}', 'due ::= [^\\n|]{1,240}')


def grammar(speakers: Iterable[str], text: Sequence[str] = FREE_TEXT) -> str:
    """A GBNF grammar under which llama.cpp can only write well-formed answers.

    Owners are the speakers of the stretch, a capitalised name or unit of at most five words, or "-".
    ``text`` are the rules for what may stand in a statement and in a deadline (``vocabulary.rules``).
    """
    owners = " | ".join(literal(" ".join(s.split())) for s in dict.fromkeys(speakers) if s.strip())
    owner = f'owner ::= {owners + " | " if owners else ""}name | "-"'
    return "\n".join((
        'root ::= "–" | line ("\\n" line){0,5}',
        'line ::= info | decision | action',
        'info ::= "- " text',
        'decision ::= "Beslut: " text',
        'action ::= "Åtgärd: " owner " | " text " | " due',
        owner,
        'name ::= name-part (" " name-part){0,4}',
        'name-part ::= [A-ZÅÄÖa-zåäöéü0-9/.-]{1,24}',
        *text,
    ))
