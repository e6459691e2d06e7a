"""What a draft looks like: Markdown, HTML, Word and PDF, and a house's own Word template."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import jsonschema
import pypdf
import pytest
from small_meeting import small_draft

from pipeline.errors import DocumentError
from pipeline.meeting import Draft
from pipeline.stages.house_template import TemplateReport, check_template, example_draft
from pipeline.stages.render import TEMPLATES, Look, render_docx, render_pdf, render_text
from pipeline.swedish.messages import LABELS


def test_markdown_has_the_shape_of_minutes() -> None:
    text = render_text(small_draft(), Look(evidence=False), "md")
    assert text.startswith("2026-02-11\n\n## Minnesanteckningar RAG nuklearmedicin")
    for line in ("Datum 2026-02-11, kl. 13.00–14.00", "Plats Teams", "Anna Berg (ordförande)", "Frånvarande\nTomas Hedin",
                 "### 1. Mötets öppnande", "#### Kalmar", "Beslut: Avtalet <b>förlängs</b>.",
                 "Åtgärd: Åsa Öberg skickar statistiken. Klart: nästa möte. [osäkert hört 00:12:31]", "[ohörbart 00:00:01–00:00:05]",
                 "UTKAST"):
        assert line in text
    assert "[00:12:31]" not in text
    assert "[00:12:31]" in render_text(small_draft(), Look(), "md")


def test_html_escapes_what_people_said() -> None:
    text = render_text(small_draft(), Look(), "html")
    assert "&lt;b&gt;" in text
    assert "<b>förlängs" not in text
    assert '<html lang="sv">' in text


def test_the_word_file_is_accessible(tmp_path: Path) -> None:
    path = tmp_path / "d.docx"
    render_docx(small_draft(), Look(), path)
    document = docx.Document(str(path))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["1. Mötets öppnande", "2. Föregående anteckningar", "3. Lägesrapport", "Linköping", "Kalmar", "4. Upphandling",
                        "5. Övriga frågor", "6. Nästa möte"]
    assert document.core_properties.language == "sv-SE"
    assert document.core_properties.title == "Minnesanteckningar RAG nuklearmedicin"
    assert "UTKAST" in document.sections[0].header.paragraphs[0].text
    assert 'w:val="sv-SE"' in document.styles.element.xml
    assert "Avtalet <b>förlängs</b>." in "\n".join(p.text for p in document.paragraphs)


@pytest.mark.parametrize("template", list(LABELS))
def test_the_pdf_is_accessible_and_runs_nothing_of_what_people_said(template: str) -> None:
    draft = small_draft()
    hostile = '#panic("x") $ * _ @preview #read("/etc/passwd")'
    draft = draft.model_copy(update={"meeting": draft.meeting.model_copy(update={"title": hostile})})
    pdf = pypdf.PdfReader(io.BytesIO(render_pdf(draft, Look(template))))
    text = " ".join(page.extract_text() for page in pdf.pages)
    for told in ("UTKAST", "vtalet <b>förlängs</b>.", "kickar statistiken", "Åsa Öberg", "00:12:31"):
        assert told in text, told
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"{LABELS[template]} {hostile}"
    assert pdf.root_object["/Lang"] == "sv"
    assert pdf.root_object["/MarkInfo"]["/Marked"]


def test_a_decision_protocol_has_paragraphs_clauses_and_an_action_list() -> None:
    text = render_text(small_draft(), Look("beslutsprotokoll", evidence=False, first_paragraph=12), "md")
    for line in ("## Protokoll RAG nuklearmedicin", "### § 12 Mötets öppnande", "### § 15 Upphandling", "**Beslut**", "Mötet beslutar",
                 "att avtalet <b>förlängs</b>.", "| 1 | Skickar statistiken | Åsa Öberg | nästa möte |", "Justeras: Anna Berg, ordförande"):
        assert line in text
    assert "§" not in render_text(small_draft(), Look(), "md")


def test_a_discussion_protocol_tells_who_said_what() -> None:
    text = render_text(example_draft(), Look("diskussionsprotokoll"), "html")
    assert "<strong>Åsa Öberg:</strong> Upphandlingen pågår." in text


@pytest.mark.parametrize("name", ["minnesanteckningar", "beslutsprotokoll", "diskussionsprotokoll"])
def test_our_own_word_templates_pass_the_check_for_house_templates(name: str, tmp_path: Path) -> None:
    report = check_template(TEMPLATES / f"{name}.docx", tmp_path / "prov.docx")
    assert report == TemplateReport((), {})
    assert "Avtalet förlängs" in "\n".join(p.text for p in docx.Document(str(tmp_path / "prov.docx")).paragraphs).replace("att a", "A")


@pytest.mark.parametrize(("text", "unknown"), [
    ("{{ titel }}", "titel"), ("{%p for s in sections %}{{ s.rubrik }}{%p endfor %}", "rubrik"), ("{{ title.__class__.__mro__ }}", "__class__")])
def test_a_house_template_with_unknown_fields_is_told(text: str, unknown: str, tmp_path: Path) -> None:
    document = docx.Document()
    for part in text.replace("{%p", "\n{%p").replace("%}{{", "%}\n{{").split("\n"):
        document.add_paragraph(part)
    document.save(str(tmp_path / "m.docx"))
    assert unknown in " ".join(check_template(tmp_path / "m.docx").unknown)


def test_what_is_no_word_file_is_no_template(tmp_path: Path) -> None:
    (tmp_path / "m.docx").write_bytes(b"PK\x03\x04 nonsense")
    with pytest.raises(DocumentError):
        check_template(tmp_path / "m.docx")


def test_the_draft_keeps_its_schema() -> None:
    draft = small_draft()
    jsonschema.validate(draft.model_dump(mode="json"), Draft.model_json_schema())
    assert Draft.model_validate_json(draft.model_dump_json()) == draft
