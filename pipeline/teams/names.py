"""Names as Teams shows them → people, rooms and phones.

"Wallgård, Sixten (Gäst)" is Sixten Wallgård, a guest; "Sal Vätterns, US" is a room; "+46701740633"
is a phone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_BADGE = re.compile(r"\s*\(([^()]*)\)\s*$")
_GUEST = re.compile(r"(?i)^(?:gäst|guest|extern(?:al)?|unverified|overifierad|ej verifierad|gast)$")
_ROOM = re.compile(
    r"(?i)\b(?:konferensrum\w*|mötesrum\w*|sammanträdesrum\w*|grupprum\w*|rum|sal|salen|lokal\w*|room|teams[- ]?rum|"
    r"mtr|konf|styrelserum\w*|videorum\w*)\b")
_ROOM_MAIL = re.compile(r"(?i)(?:^|[.\-_])(?:konf|rum|sal|room|mtr|motesrum|mötesrum|lokal)\w*[.\-_@]")
_PHONE = re.compile(r"^\+?[\d\s()-]{6,}$")


@dataclass(frozen=True)
class TeamsName:
    """A Teams display name taken apart."""

    name: str
    organisation: str | None = None
    guest: bool = False
    room: bool = False
    phone: bool = False


def parse_name(raw: str, email: str | None = None) -> TeamsName:
    """The parts of a display name. A room's name is kept as it stands.

    >>> parse_name("Wallgård, Sixten (Gäst)").name, parse_name("Mötesrum Lund 3").room
    ('Sixten Wallgård', True)
    """
    text = " ".join(unicodedata.normalize("NFC", raw).replace("\ufeff", "").split())
    if _PHONE.match(text):
        return TeamsName(text, phone=True)
    organisation, guest = None, False
    while match := _BADGE.search(text):
        if _GUEST.match(match[1].strip()):
            guest = True
        elif match[1].strip():
            organisation = match[1].strip()
        text = text[:match.start()].strip()
    if _ROOM.search(text) or (email and _ROOM_MAIL.search(email)):
        return TeamsName(text, organisation, guest, room=True)
    if text.count(",") == 1:
        last, first = (part.strip() for part in text.split(","))
        if first and last and len(first.split()) <= 3:
            text = f"{first} {last}"
    return TeamsName(text, organisation, guest)


def with_first_name(said: str, names: Iterable[str]) -> str | None:
    """The one full name whose first name is the first word said, None when there is none or several."""
    first = said.split()[0].casefold() if said.split() else ""
    fitting = [n for n in dict.fromkeys(names) if n.split() and n.split()[0].casefold() == first]
    return fitting[0] if len(fitting) == 1 else None


def name_key(name: str) -> tuple[str, ...]:
    """What two spellings of one name have in common: its words, folded and sorted."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return tuple(sorted(re.findall(r"\w+", folded)))


def calls(text: str, name: str) -> bool:
    """Whether a text has the first name of a person, as a word of its own."""
    return re.search(rf"\b{re.escape(name.split()[0])}\b", text) is not None
