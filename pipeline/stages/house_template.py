"""A house's own Word template, checked before it is used: unknown fields, missing fields, a preview."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from pipeline.errors import DocumentError
from pipeline.meeting import (
    Agenda,
    AgendaItem,
    Draft,
    DraftSection,
    Evidence,
    Flag,
    Kind,
    Meeting,
    Person,
    Presence,
    Provenance,
    Statement,
)
from pipeline.stages.render import Look, view

LARGEST = 100 * 2**20  # bytes, unpacked
WANTED = {"title": "mötets namn", "date": "datum", "present": "närvarande", "absent": "frånvarande",
          "sections": "punkterna med sin text", "mark": "märket UTKAST"}


@dataclass(frozen=True)
class TemplateReport:
    """Fields that the template asks for and that do not exist, and wanted ones that it lacks (with what they are)."""

    unknown: tuple[str, ...]
    missing: dict[str, str]

    @property
    def usable(self) -> bool:
        return not self.unknown


def example_draft() -> Draft:
    """A small invented draft with one statement of every kind."""
    items = (AgendaItem(id="1", number="1", title="Mötets öppnande"), AgendaItem(id="2", number="2", title="Lägesrapport"),
             AgendaItem(id="2.1", number=None, title="Kalmar", parent="2"), AgendaItem(id="3", number="3", title="Nästa möte"))
    evidence = (Evidence(recording="1", start=65_000, end=70_000, digest="0"),)

    def made(number: int, kind: Kind, text: str, **more: Any) -> Statement:
        return Statement(id=f"s{number}", kind=kind, text=text, evidence=evidence, made_by="compression", speakers=("Åsa Öberg",), **more)

    said = {"2": (made(1, Kind.INFORMATION, "Upphandlingen pågår.", flags=(Flag.NEGATION,)),),
            "2.1": (made(2, Kind.DECISION, "Avtalet förlängs till den 30 juni."),
                    made(3, Kind.ACTION, "Kontaktar leverantören.", owner="Åsa Öberg", due="vecka 10"),
                    made(4, Kind.POSTPONED, "Punkten skjuts upp till nästa möte."))}
    people = (Person(name="Anna Berg", role="ordförande"), Person(name="Åsa Öberg"), Person(name="Per Holm"))
    return Draft(
        meeting=Meeting(title="Exempelgruppen", date=dt.date(2026, 2, 11), start=dt.time(13), end=dt.time(14), place="Teams",
                        chair="Anna Berg", agenda=Agenda(items=items),
                        attendance=tuple(Presence(person=p, present=p.name != "Per Holm") for p in people)),
        sections=tuple(DraftSection(item=i.id, title=i.title, statements=said.get(i.id, ())) for i in items),
        provenance=Provenance(program="Protokollist"))


def _ensure_small(path: Path) -> None:
    """Raises DocumentError for what is no Word file, or unpacks to more than any template needs."""
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise DocumentError(f"{path.name} är inget Word-dokument.") from error
    if unpacked > LARGEST:
        raise DocumentError(f"Mallen {path.name} är för stor: uppackad får den vara högst {LARGEST // 2**20} MB.")


def check_template(path: Path, preview: Path | None = None) -> TemplateReport:
    """What is wrong with a Word template; where nothing is, a preview is written.

    Raises DocumentError when the file is no Word file or its tags are broken.
    """
    _ensure_small(path)
    context = view(example_draft(), Look(str(path)))
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        template = DocxTemplate(str(path))
        template.init_docx()
        xml = template.get_xml()
        parts = [template.patch_xml(xml)]
        for uri in (template.HEADER_URI, template.FOOTER_URI):
            parts += [template.patch_xml(template.get_part_xml(part)) for _, part in template.get_headers_footers(uri)]
        asked = set().union(*(meta.find_undeclared_variables(environment.parse(p)) for p in parts))
    except (TemplateError, KeyError, ValueError, OSError) as error:
        raise DocumentError(f"Mallen {path.name} kan inte läsas: {error}. Kontrollera taggarna mot docs/templates.md.") from error
    except Exception as error:  # python-docx raises many kinds for what is no Word file
        raise DocumentError(f"{path.name} är inget Word-dokument.") from error
    unknown = sorted(asked - context.keys())
    if not unknown:
        try:
            template = DocxTemplate(str(path))
            template.render(context, environment, autoescape=True)
            if preview:
                template.save(str(preview))
        except TemplateError as error:
            unknown = [str(error)]
    return TemplateReport(tuple(unknown), {f: told for f, told in WANTED.items() if f not in asked})
