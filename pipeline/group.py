"""A group's memory: ``grupp.toml`` with members, standing agenda, glossary, template and habits.

    namn = "RAG nuklearmedicin"
    mall = "minnesanteckningar"
    avidentifiera = true
    lar_av_granskning = false
    dagordning = ["Mötets öppnande", "Lägesrapport", "Nästa möte"]

    [[medlem]]
    namn = "Anna Berg"
    roll = "ordförande"
    ort = "Linköping"
    yrke = "läkare"

    [[term]]
    skrivs = "kolin-PET"
    hors = ["kulinpejte", "kolin pett"]
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.agenda import parse_agenda
from pipeline.errors import DocumentError
from pipeline.meeting import Agenda, Person
from pipeline.swedish.sounds import Term

FILE_NAME = "grupp.toml"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Row):
    """Somebody of the group. ``ort`` and ``yrke`` stand for the name where names are not written."""

    namn: str = Field(min_length=2)
    roll: str | None = None
    ort: str | None = None
    organisation: str | None = None
    yrke: str | None = None
    epost: str | None = None

    @property
    def person(self) -> Person:
        return Person(name=self.namn, role=self.roll, organisation=self.ort or self.organisation, email=self.epost)


class GlossaryTerm(_Row):
    """A term as it is written, and how it has been misheard."""

    skrivs: str = Field(min_length=2)
    hors: tuple[str, ...] = ()


class Group(_Row):
    """What a group has decided about its minutes. Field names are those of the file."""

    namn: str = ""
    mall: str | None = None
    avidentifiera: bool = False
    lar_av_granskning: bool = False
    dagordning: tuple[str, ...] = ()
    medlem: tuple[Member, ...] = ()
    term: tuple[GlossaryTerm, ...] = ()

    @property
    def agenda(self) -> Agenda:
        """The standing agenda as items; an entry that begins with "- " is a sub-item."""
        number, lines = 0, []
        for entry in self.dagordning:
            if entry.startswith("- "):
                lines.append(f"   {entry}")
            else:
                number += 1
                lines.append(f"{number}. {entry}")
        return parse_agenda("\n".join(lines)).agenda

    @property
    def terms(self) -> tuple[Term, ...]:
        """The glossary, with the members' names."""
        names = [Term(part) for m in self.medlem for part in dict.fromkeys((m.namn, m.namn.split()[-1]))]
        return (*(Term(t.skrivs, t.hors) for t in self.term), *names)

    def unnamed(self, name: str) -> str:
        """What is written instead of a member's name: profession and place, as far as they are known."""
        member = next((m for m in self.medlem if m.namn == name), None)
        profession = (member.yrke if member else None) or "medarbetare"
        return f"en {profession}" + (f" i {member.ort}" if member and member.ort else "")


def told(error: ValidationError) -> str:
    """What is wrong with a group's content, for its user."""
    first = error.errors()[0]
    place = " → ".join(str(p + 1) if isinstance(p, int) else p for p in first["loc"])
    return f"fältet ”{place}” kan inte användas ({first['msg']})"


def written_group(group: Group) -> str:
    """A group as the text of its file."""
    return tomli_w.dumps(group.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def read_group(path: Path) -> Group:
    """A group's file. Raises DocumentError that names the line or field that is wrong."""
    try:
        rows: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return Group.model_validate(rows)
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"Gruppfilen {path} går inte att läsa: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"Gruppfilen {path} är inte giltig TOML: {error}") from error
    except ValidationError as error:
        raise DocumentError(f"Gruppfilen {path}: {told(error)}. Se docs/guide.md för vilka fält som finns.") from error


def without_names(text: str, names: tuple[str, ...], group: Group) -> str:
    """A statement in which staff are told by profession and place instead of by name.

    >>> without_names("Anna Berg återgår i maj.", ("Anna Berg",), Group())
    'En medarbetare återgår i maj.'
    """
    for name in names:
        first = name.split()[0]
        found = re.compile(rf"\b(?:{re.escape(name)}|{re.escape(first)}(?! [A-ZÅÄÖ]))(?P<owns>s)?\b")
        told = group.unnamed(name)

        def told_here(match: re.Match[str], told: str = told, text: str = text) -> str:
            words = told + ("s" if match["owns"] else "")
            return words[:1].upper() + words[1:] if match.start() == 0 or text[:match.start()].rstrip().endswith(".") else words

        text = found.sub(told_here, text)
    return text
