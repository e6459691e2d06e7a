"""Make the Word templates: real heading styles, Swedish, the draft mark on every page.

Run it after changing it: ``python -m templates.make_docx``. Users edit the .docx in Word instead.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

HERE = Path(__file__).parent


def _swedish(document: DocumentObject) -> None:
    fonts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = fonts.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        fonts.append(language)
    for attribute in ("w:val", "w:eastAsia"):
        language.set(qn(attribute), "sv-SE")


def _styles(document: DocumentObject) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size, before in (("Title", 18, 6), ("Heading 1", 13, 14), ("Heading 2", 11.5, 10), ("Heading 3", 11, 8)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), True
        style.font.color.rgb = RGBColor(0x1B, 0x1B, 0x1B)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
        for rfonts in style.element.iter(qn("w:rFonts")):
            for key in list(rfonts.attrib):
                if key.endswith("Theme"):
                    del rfonts.attrib[key]
            rfonts.set(qn("w:ascii"), "Calibri")
            rfonts.set(qn("w:hAnsi"), "Calibri")


def _page_number(paragraph: Paragraph) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _frame() -> DocumentObject:
    """A page with the draft mark, page numbers and the meeting's particulars."""
    document = Document()
    _swedish(document)
    _styles(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = header.add_run("{{ mark }}")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(9), RGBColor(0x7A, 0x10, 0x20)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    footer.add_run("Utkast av {{ program }}{% if model %} med {{ model }}{% endif %}\tSida ").font.size = Pt(9)
    _page_number(footer)
    add = document.add_paragraph
    add("{{ date }}")
    document.add_paragraph("{{ label }} {{ title }}", style="Title")
    add("{%p if date %}")
    add("Datum\t{{ date }}{% if clock %}, {{ clock }}{% endif %}")
    add("{%p endif %}")
    add("{%p if place %}")
    add("Plats\t{{ place }}")
    add("{%p endif %}")
    for label, people in (("Närvarande", "present"), ("Frånvarande", "absent")):
        add(f"{{%p if {people} %}}")
        paragraph = add()
        paragraph.add_run(label).bold = True
        add(f"{{%p for person in {people} %}}")
        line = add("{{ person }}")
        line.paragraph_format.space_after = Pt(0)
        line.paragraph_format.left_indent = Cm(0.6)
        add("{%p endfor %}")
        add("{%p endif %}")
    document.core_properties.language = "sv-SE"
    document.core_properties.author = ""
    return document


def _heading(document: DocumentObject, text: str) -> None:
    for level, style in ((0, "Heading 1"), (1, "Heading 2"), (2, "Heading 3")):
        condition = f"section.level == {level}" if level < 2 else "section.level >= 2"
        document.add_paragraph(f"{{%p if {condition} %}}")
        document.add_paragraph(text, style=style)
        document.add_paragraph("{%p endif %}")


def _statement(document: DocumentObject, text: str) -> None:
    statement = document.add_paragraph()
    statement.add_run(text)
    time = statement.add_run("{% if s.time %} [{{ s.time }}]{% endif %}")
    time.font.size, time.font.color.rgb = Pt(8.5), RGBColor(0x55, 0x55, 0x55)


def _gaps(document: DocumentObject) -> None:
    for line in ("{%p for gap in gaps %}", "[{{ gap }}]", "{%p endfor %}"):
        document.add_paragraph(line)


def minutes(path: Path) -> None:
    """The template of minnesanteckningar."""
    document = _frame()
    add = document.add_paragraph
    add("{%p for section in sections %}")
    _heading(document, "{{ section.heading }}")
    add("{%p for s in section.statements %}")
    _statement(document, "{{ s.text }}")
    add("{%p endfor %}")
    add("{%p endfor %}")
    _gaps(document)
    add("{%p if chair %}")
    add().paragraph_format.space_after = Pt(18)
    add("{{ chair }}").paragraph_format.space_after = Pt(0)
    add("Ordförande, {{ title }}")
    add("{%p endif %}")
    document.save(str(path))


def protocol(path: Path, *, discussion: bool) -> None:
    """The template of beslutsprotokoll, or of diskussionsprotokoll with who said what."""
    document = _frame()
    add = document.add_paragraph
    add("{%p for section in sections %}")
    _heading(document, "{{ section.paragraph }}{% if section.paragraph %} {% endif %}{{ section.title }}")
    if discussion:
        add("{%p for s in section.statements %}")
        _statement(document, "{% if s.speaker and s.kind == 'information' %}{{ s.speaker }}: {% endif %}{{ s.text }}")
        add("{%p endfor %}")
    else:
        add("{%p for s in section.statements if s.kind != 'beslut' and s.kind != 'åtgärd' %}")
        _statement(document, "{{ s.text }}")
        add("{%p endfor %}")
        add("{%p for s in section.statements if s.kind == 'beslut' %}")
        add("{%p if loop.first %}")
        add().add_run("Beslut").bold = True
        add("Mötet beslutar")
        add("{%p endif %}")
        _statement(document, "{{ s.att }}")
        add("{%p endfor %}")
    add("{%p endfor %}")
    _gaps(document)
    add("{%p if actions %}")
    document.add_paragraph("Åtgärder", style="Heading 1")
    table = document.add_table(rows=4, cols=4)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("Nr", "Åtgärd", "Ansvarig", "Klart"), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    table.rows[1].cells[0].text = "{%tr for a in actions %}"
    for cell, text in zip(table.rows[2].cells, ("{{ loop.index }}", "{{ a.task }}", "{{ a.owner }}", "{{ a.due or '–' }}"), strict=True):
        cell.text = text
    table.rows[3].cells[0].text = "{%tr endfor %}"
    add("{%p endif %}")
    add().paragraph_format.space_after = Pt(24)
    signatures = document.add_table(rows=1, cols=3)
    for cell, text in zip(signatures.rows[0].cells, (
            "Vid protokollet\n\n____________________\n{{ secretary or 'sekreterare' }}",
            "Justeras\n\n____________________\n{{ chair or 'ordförande' }}, ordförande",
            "Justeras\n\n____________________\njusterare"), strict=True):
        cell.text = text
    document.save(str(path))


if __name__ == "__main__":
    minutes(HERE / "minnesanteckningar.docx")
    protocol(HERE / "beslutsprotokoll.docx", discussion=False)
    protocol(HERE / "diskussionsprotokoll.docx", discussion=True)
