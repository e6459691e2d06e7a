"""render: a Draft → .md, .html and .docx through Jinja2 templates, run in Jinja2's sandbox, and → .pdf through Typst.

The view (``view``) turns references into names and times into text; templates only lay out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from docxtpl import DocxTemplate
from jinja2 import FileSystemLoader, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from pipeline.errors import DocumentError
from pipeline.meeting import FLAG_OF_DOUBT, Doubt, DoubtKind, Draft, Flag, Kind, OpenAction, Presence, Statement, timecode
from pipeline.swedish.messages import DRAFT_MARK, LABELS, UNTITLED
from pipeline.swedish.register import typography

TEMPLATES = Path(str(files("templates")))
VERSION = "2"


DEFAULT_TEMPLATE = "minnesanteckningar"


@dataclass(frozen=True)
class Look:
    """How a draft is laid out: template, whether time codes are shown, and the number of the first §."""

    template: str = DEFAULT_TEMPLATE
    evidence: bool = True
    first_paragraph: int = 1

    @property
    def name(self) -> str:
        """The name of the built-in template whose words are used: a Word file of one's own is minutes."""
        return self.template if self.template in LABELS else DEFAULT_TEMPLATE


def _person_line(p: Presence, draft: Draft) -> str:
    roles = []
    if p.person.name == draft.meeting.chair:
        roles.append("ordförande")
    if p.person.name == draft.meeting.secretary:
        roles.append("sekreterare")
    if p.person.guest and not roles:
        roles.append("gäst")
    if p.present and p.note:
        roles.append(p.note)
    return p.person.name + (f" ({', '.join(roles)})" if roles else "")


def owner_name(draft: Draft, owner: str | None) -> str:
    """The name of an owner: the speaker's person when it is known."""
    if not owner:
        return "Ansvarig ej utsedd"
    return draft.speakers.get(owner, owner)


def _lowered(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if len(first) > 1 and first[1:2].isupper() else text[:1].lower() + text[1:]


def statement_text(draft: Draft, s: Statement) -> str:
    """A statement as one line of the minutes, with its label."""
    mark = f" [osäkert hört {timecode(s.uncertain_at)}]" if s.uncertain_at is not None else ""
    if s.kind is Kind.ACTION:
        due = f" Klart: {s.due}." if s.due else ""
        body = s.text.rstrip(".")
        text = f"{owner_name(draft, s.owner)} {_lowered(body)}." if s.owner else f"{body}. Ansvarig ej utsedd."
        return typography(f"Åtgärd: {text}{due}") + mark
    if s.kind is Kind.DECISION:
        return typography(f"Beslut: {s.text}") + mark
    if s.kind is Kind.POSTPONED:
        return typography(f"Bordlagt: {s.text}" if not re.search(r"(?i)bordlägg|skjuts upp|återremit", s.text) else s.text) + mark
    return typography(s.text) + mark


_PREVIOUS = re.compile(r"(?i)föregående|förra mötet|uppföljning av åtgärder|åtgärdslista")


def _carried(a: OpenAction) -> dict[str, Any]:
    """A task of the last meeting as a row of the minutes."""
    who, due = (f" Ansvarig: {a.owner}." if a.owner else ""), (f" Klart: {a.due.rstrip('.')}." if a.due else "")
    return {"text": typography(f"Öppen åtgärd från föregående möte: {a.text.rstrip('.')}.{who}{due}"), "kind": "kvarstår", "time": "",
            "start": 0, "flags": [], "id": "", "owner": a.owner or "", "due": a.due or "", "task": a.text.rstrip("."),
            "att": "", "speaker": ""}


def view(draft: Draft, look: Look) -> dict[str, Any]:
    """What templates may use; see docs/templates.md."""
    m = draft.meeting
    clock = ""
    if m.start:
        clock = f"kl. {m.start:%H.%M}" + (f"–{m.end:%H.%M}" if m.end else "")
    sections: list[dict[str, Any]] = []
    paragraph = look.first_paragraph - 1
    for section in draft.sections:
        item = m.agenda.get(section.item) if section.item else None
        number = item.number if item else None
        heading = section.title
        if number:
            heading = f"{number} {section.title}" if number.startswith("§") else f"{number}. {section.title}"
        top = item is None or item.level == 0
        paragraph += top
        written = number if number and number.startswith("§") else f"§ {paragraph}"
        sections.append({
            "paragraph": written if top else "",
            "heading": heading, "title": section.title, "number": number or "", "level": item.level if item else 0,
            "statements": [{
                "text": statement_text(draft, s), "kind": s.kind.value,
                "time": s.evidence[0].place if look.evidence else "",
                "start": s.evidence[0].start, "flags": [f.value for f in s.flags], "id": s.id,
                "owner": owner_name(draft, s.owner) if s.kind is Kind.ACTION else "", "due": s.due or "",
                "task": s.text.rstrip("."), "att": typography(f"att {_lowered(s.text)}") if s.kind is Kind.DECISION else "",
                "speaker": " och ".join(dict.fromkeys(draft.speakers.get(k, k) for k in s.speakers)),
            } for s in section.statements]})
    if home := next((s for s in sections if _PREVIOUS.search(s["title"])), sections[0] if sections else None):
        home["statements"][:0] = [_carried(a) for a in draft.open_actions]
    present = [p for p in m.attendance if p.present]
    present.sort(key=lambda p: (p.person.name != m.chair, p.person.name != m.secretary))
    return {
        "label": LABELS[look.name], "mark": DRAFT_MARK if draft.state == "utkast" else "", "title": m.title or UNTITLED,
        "date": m.date.isoformat() if m.date else "", "clock": clock, "place": m.place or "",
        "present": [_person_line(p, draft) for p in present],
        "absent": [_person_line(p, draft) for p in m.attendance if not p.present],
        "sections": sections, "chair": m.chair or "", "secretary": m.secretary or "",
        "actions": [s for section in sections for s in section["statements"] if s["kind"] == Kind.ACTION.value],
        "gaps": [f"ohörbart {timecode(g.start)}–{timecode(g.end)}" for g in draft.gaps],
        "review": review_points(draft), "evidence": look.evidence,
        "model": " och ".join(x for x in (draft.provenance.speech_model, draft.provenance.language_model) if x),
        "program": draft.provenance.program,
    }


def _doubt_text(d: Doubt) -> str:
    """What a reviewer is told of a doubt."""
    if d.kind is DoubtKind.CORRECTED:
        return f"”{d.ours}” har rättats till ”{d.theirs}” efter ordlistan"
    if d.kind is DoubtKind.NEGATION:
        return f"nekande skiljer sig: Teams skrev ”{d.theirs or '–'}”, vi hör ”{d.ours or '–'}”"
    return f"Teams skrev ”{d.theirs}”, vi hör ”{d.ours}”"


def review_points(draft: Draft) -> list[str]:
    """What the reviewer should look at, in the order of the meeting's matters."""
    points = list(draft.warnings) + list(draft.meeting.questions)
    points += [f"Ohörbart {timecode(g.start)}–{timecode(g.end)}: lyssna och komplettera." for g in draft.gaps]
    points += [f"Utelämnat {timecode(w.start)}–{timecode(w.end)}: {w.reason}." for w in draft.withheld]
    for s in draft.statements():
        for flag in s.flags:
            told = "; ".join(_doubt_text(d) for d in s.doubts if FLAG_OF_DOUBT[d.kind] is flag)
            advice = told or {Flag.NEGATION: "kontrollera nekande och förbehåll", Flag.UNCERTAIN: "osäkert hörd",
                      Flag.OWNER: "ansvarig saknas", Flag.NUMBER: "kontrollera siffran"}.get(flag, flag.value)
            points.append(f"{s.evidence[0].place} ”{s.text}”: {advice}.")
    unnamed = sorted({k for k, v in draft.speakers.items() if re.fullmatch(r"Talare \d+", v)},
                     key=lambda k: int(k.split()[1]))
    if unnamed:
        points.append(f"Talare utan namn: {', '.join(unnamed)}. Namnge dem med --speakers.")
    return points


def _environment(folder: Path, *, escape: bool) -> SandboxedEnvironment:
    return SandboxedEnvironment(loader=FileSystemLoader(folder), autoescape=escape, trim_blocks=True,
                                lstrip_blocks=True, keep_trailing_newline=True)


def template_path(look: Look, ending: str) -> tuple[Path, str]:
    """(folder, file name) of a template: one of ours by name, or the user's own file.

    Raises DocumentError when there is no such template.
    """
    own = Path(look.template)
    if own.suffix == ".docx" and own.is_file():
        return (own.parent, own.name) if ending == "docx" else (TEMPLATES, f"{look.name}.{ending}")
    name = f"{look.template}.{ending}"
    if not re.fullmatch(r"[\w-]+", look.template) or not (TEMPLATES / name).is_file():
        known = sorted({p.name.split(".")[0] for p in TEMPLATES.glob("*.docx")})
        raise DocumentError(f"Mallen ”{look.template}” finns inte. Välj bland {', '.join(known)} eller ange en .docx-fil.")
    return TEMPLATES, name


def render_text(draft: Draft, look: Look, ending: str) -> str:
    """The draft as Markdown ("md") or HTML ("html"). Raises DocumentError on a broken template."""
    folder, name = template_path(look, ending)
    try:
        text = _environment(folder, escape=ending == "html").get_template(name).render(view(draft, look))
    except TemplateError as error:
        raise DocumentError(f"Mallen {name} kan inte användas: {error}") from error
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n" if ending == "md" else text


def render_docx(draft: Draft, look: Look, path: Path) -> None:
    """Write the draft as a Word file. Raises DocumentError on a broken template."""
    folder, name = template_path(look, "docx")
    try:
        template = DocxTemplate(str(folder / name))
        template.render(view(draft, look), _environment(folder, escape=True), autoescape=True)
        properties = template.docx.core_properties
        properties.title = f"{LABELS[look.name]} {draft.meeting.title or UNTITLED}"
        properties.language = "sv-SE"
        properties.author = ""
        template.save(str(path))
    except (TemplateError, KeyError, ValueError) as error:
        raise DocumentError(f"Mallen {name} kan inte användas: {error}") from error


def render_pdf(draft: Draft, look: Look) -> bytes:
    """The draft as PDF/UA-1, which screen readers can follow. Nothing is fetched and no font of the machine is used.

    Laid out by ``templates/protokoll.typ`` in the look of one of our templates, also where the Word template is the user's own.
    Raises DocumentError when Typst refuses.
    """
    folder, name = TEMPLATES, "protokoll.typ"
    try:
        return bytes(typst.compile(folder / name, root=folder, ignore_system_fonts=True, format="pdf", pdf_standards="ua-1",
                                   sys_inputs={"view": json.dumps(view(draft, look)), "look": look.name}))
    except typst.TypstError as error:
        raise DocumentError(f"PDF-filen kunde inte göras: {error}") from error
