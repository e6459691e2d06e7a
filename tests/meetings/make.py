"""Manuscripts of invented meetings → folders as Teams and a secretary leave them, with the truth to score a draft by.

    python tests/meetings/make.py        # writes transcript.vtt, agenda.md, attendance.csv, truth.json of every manuscript

The manuscripts in kept/ are for checking only: no rule was written and no model chosen while looking at their drafts.

A manuscript (*.txt) has three parts: particulars ("key: value"; an item is "3. Title", or "- Title" below the numbered one before it),
talk ("Name: what is said", with "@N" or "@Title" alone on a line where that item begins) and truth, a line each: "F item | text | must;must" with alternatives after "/", "B" for decisions, "A item | who | what | due |
must", "T text | forbidden", "S kind | word". Times are made up from the number of words.
"""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORDS_A_SECOND = 2.4


def stamp(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds // 60 % 60):02d}:{seconds % 60:06.3f}"


def musts(text: str) -> list[list[str]]:
    return [[a.strip() for a in part.split("/")] for part in text.split(";") if part.strip()]


def items_of(text: str, begins: dict[str, int], end: int) -> list[dict[str, Any]]:
    """The items of the particulars in the form of a truth file; ``begins``: at which cue the talk of each begins."""
    items: list[dict[str, Any]] = []
    parent = ""
    for item in map(str.strip, text.split(";")):
        if item.startswith("- "):
            items.append({"number": None, "title": item[2:], "parent": parent})
        else:
            parent, title = item.split(". ", 1)
            items.append({"number": parent, "title": title, "parent": None})
    starts = [begins.get(key(item), 0) for item in items]
    for item, start in zip(items, starts, strict=True):  # items may be taken in another order than that of the agenda
        later = [other for other in starts[items.index(item) + 1:] if other == start] or [other for other in (*starts, end) if other > start]
        item["cues"] = [start, min(later) - 1]
    return items


def key(item: dict[str, Any]) -> str:
    """What facts of an item name it by: its number, or the title of one without."""
    return str(item["number"] or item["title"])


def minutes(truth: dict[str, Any]) -> str:
    """What a secretary would write of the truth; scorers take its length for the right one."""
    lines = [f"Minnesanteckningar {truth['title']}", f"Datum {truth['date']}", "Närvarande", *truth["present"], "Frånvarande", *truth["absent"]]
    for item in truth["items"]:
        number = key(item)
        lines += ["", f"{number}. {item['title']}" if item["number"] else item["title"], *(f["text"] for f in truth["facts"] if f["item"] == number),
                  *(f"Beslut: {d['text']}" for d in truth["decisions"] if d["item"] == number),
                  *(f"Åtgärd: {a['who']} {a['what']} Klart: {a['due'] or '–'}" for a in truth["actions"] if a["item"] == number)]
    return "\n".join(lines) + f"\nNästa möte {truth['next_meeting']['date']} kl. {truth['next_meeting']['time']}\n"


def make(path: Path) -> None:
    head, talk, truth_lines = path.read_text("utf-8").split("\n---\n")
    meta = dict(line.split(": ", 1) for line in head.strip().splitlines())
    folder = path.with_suffix("")
    folder.mkdir(exist_ok=True)
    cues, at, begins = ["WEBVTT", ""], 3.0, {}
    number = 0
    for line in talk.strip().splitlines():
        if line.startswith("@"):
            begins[line[1:].strip()] = number
            continue
        number += 1
        name, said = line.split(": ", 1)
        length = max(1.2, len(said.split()) / WORDS_A_SECOND)
        cues += [f"{uuid.uuid5(uuid.NAMESPACE_URL, path.stem)}/{number}-0", f"{stamp(at)} --> {stamp(at + length)}", f"<v {name}>{said}</v>", ""]
        at += length + 0.6
    (folder / "transcript.vtt").write_text("\n".join(cues), "utf-8")
    agenda = [f"   {item}" if item.startswith("- ") else item for item in map(str.strip, meta["items"].split(";"))]
    (folder / "agenda.md").write_text(
        f"# Dagordning – {meta['title']}\n\nDatum: {meta['date']}, kl. {meta['start']}–{meta['end']}\nPlats: Teams\n"
        f"Kallade: {meta['present']}, {meta['absent']}\n\n" + "\n".join(agenda) + "\n", "utf-8")
    present = [p.split(" (")[0].strip() for p in meta["present"].split(", ")]
    truth: dict[str, Any] = {
        "id": path.stem, "title": meta["title"], "date": meta["date"], "start": meta["start"].zfill(5), "end": meta["end"].zfill(5), "present": present,
        "absent": [p.split(" (")[0].strip() for p in meta["absent"].split(", ")], "chair": present[0],
        "items": items_of(meta["items"], begins, number),
        "facts": [], "decisions": [], "actions": [], "traps": [], "sensitive": [],
        "next_meeting": {"date": meta["next"].split()[0], "time": meta["next"].split()[1].zfill(5)}}
    for line in truth_lines.strip().splitlines():
        kind, rest = line[0], [part.strip() for part in line[2:].split("|")]
        if kind == "F":
            truth["facts"].append({"item": rest[0], "text": rest[1], "must": musts(rest[2]), "importance": 2})
        elif kind == "B":
            truth["decisions"].append({"item": rest[0], "text": rest[1], "must": musts(rest[2])})
        elif kind == "A":
            truth["actions"].append({"item": rest[0], "who": rest[1], "what": rest[2], "due": rest[3] or None, "must": musts(rest[4])})
        elif kind == "T":
            truth["traps"].append({"text": rest[0], "forbidden": [f.strip() for f in rest[1].split("/")]})
        else:
            truth["sensitive"].append({"cue": 1, "kind": rest[0], "text": rest[1]})
    (folder / "minutes.md").write_text(minutes(truth), "utf-8")
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), "utf-8")
    day, clock, end = meta["date"].replace("-", ""), meta["start"].replace(".", "").zfill(4), meta["end"].replace(".", "").zfill(4)
    everybody = present + truth["absent"]
    (folder / "invite.ics").write_text("\r\n".join((
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Protokollist//meetings//SV", "BEGIN:VEVENT", f"UID:{path.stem}@example",
        f"SUMMARY:{meta['title']}", f"DTSTART;TZID=Europe/Stockholm:{day}T{clock}00", f"DTEND;TZID=Europe/Stockholm:{day}T{end}00",
        "LOCATION:Microsoft Teams-möte", f"ORGANIZER;CN={present[0]}:mailto:{present[0].split()[0].casefold()}@region.example",
        *(f"ATTENDEE;CN={n}:mailto:{n.split()[0].casefold()}@region.example" for n in everybody[1:]), "END:VEVENT", "END:VCALENDAR", "")), "utf-8")
    rows = ["1. Summary", f"Meeting title\t{meta['title']}", f"Start time\t{meta['date']} {meta['start'].replace('.', ':')}:00",
            f"End time\t{meta['date']} {meta['end'].replace('.', ':')}:00", "", "2. Participants",
            "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole"]
    for n, name in enumerate(present):
        mail = f"{name.split()[0].casefold()}@region.example"
        rows.append(f"{name}\t{meta['date']} {meta['start'].replace('.', ':')}:05\t{meta['date']} {meta['end'].replace('.', ':')}:00\t55 min\t{mail}\t{mail}\t"
                    f"{'Organizer' if n == 0 else 'Presenter'}")
    (folder / "attendance.csv").write_text("\r\n".join(rows) + "\r\n", "utf-16")


if __name__ == "__main__":
    for manuscript in sorted([*HERE.glob("*.txt"), *HERE.glob("kept/*.txt")]):
        make(manuscript)
        print(manuscript.stem)
    sys.exit(0)
