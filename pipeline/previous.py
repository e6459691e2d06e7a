"""The minutes of the last meeting: which tasks are still open.

Read from a draft of ours (draft.json) or from minutes as .md, .txt or .docx, in both house styles:
lines "Åtgärd: …  Klart: …" and tables with the columns Åtgärd, Ansvarig, Klart.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import docx
from pydantic import ValidationError

from pipeline.errors import DocumentError
from pipeline.meeting import Draft, Kind, OpenAction
from pipeline.teams.text import text_of

_INLINE = re.compile(
    r"(?i)^\W*\**Åtgärd\**\s*:?\**\s*(?P<what>.+?)(?:\s*\**\s*Klart?(?: senast)?\**\s*:\**\s*(?P<due>.+?))?\.?$")
_DONE = re.compile(r"(?i)\b(?:klar|klart|utförd|utfört|avslutad|genomförd|genomfört|stängd)\b")


def open_actions(path: Path) -> tuple[OpenAction, ...]:
    """The tasks of a meeting's minutes that are not marked as done. Raises DocumentError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"Föregående anteckningar, {path}, går inte att läsa: {error.strerror}.") from error
    if path.suffix.casefold() == ".json":
        try:
            draft = Draft.model_validate(json.loads(data))
        except (ValueError, ValidationError) as error:
            raise DocumentError(f"{path.name} är inget utkast från Protokollist.") from error
        return tuple(OpenAction(text=s.text, owner=draft.speakers.get(s.owner or "", s.owner), due=s.due)
                     for s in draft.statements() if s.kind is Kind.ACTION)
    if data[:4] == b"PK\x03\x04":
        lines, tables = _word(path)
    else:
        try:
            lines = text_of(data).splitlines()
        except ValueError as error:
            raise DocumentError(f"{path.name} är inte en textfil. Använd .docx, .md, .txt eller draft.json.") from error
        tables = [[[c.strip(" *") for c in row.strip().strip("|").split("|")] for row in lines if row.lstrip().startswith("|")]]
    found: list[OpenAction] = []
    for line in lines:
        if (match := _INLINE.match(line.strip())) and len(match["what"].split()) >= 2:
            found.append(OpenAction(text=match["what"].strip(" *"), owner=None, due=match["due"]))
    for table in tables:
        found += _of_table(table)
    return tuple(dict.fromkeys(found))


def _word(path: Path) -> tuple[list[str], list[list[list[str]]]]:
    try:
        document = docx.Document(str(path))
    except Exception as error:  # python-docx raises many kinds for what is no Word file
        raise DocumentError(f"{path.name} går inte att läsa som Word-dokument.") from error
    return ([p.text for p in document.paragraphs],
            [[[c.text.strip() for c in row.cells] for row in t.rows] for t in document.tables])


def _of_table(rows: list[list[str]]) -> list[OpenAction]:
    for n, row in enumerate(rows):
        heads = [c.casefold() for c in row]
        what = next((i for i, h in enumerate(heads) if h.startswith("åtgärd")), None)
        who = next((i for i, h in enumerate(heads) if h.startswith("ansvarig")), None)
        if what is None or who is None:
            continue
        due = next((i for i, h in enumerate(heads) if h.startswith(("klar", "senast", "datum"))), None)
        status = next((i for i, h in enumerate(heads) if h.startswith("status")), None)
        return [OpenAction(text=r[what], owner=r[who] or None, due=r[due] if due is not None and due < len(r) else None)
                for r in rows[n + 1:] if max(what, who) < len(r) and r[what].strip(" -:")
                and not (status is not None and status < len(r) and _DONE.search(r[status]))]
    return []
