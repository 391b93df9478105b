"""Word: stamps in header and footer of every page, speakers in bold, numbered pages."""

from io import BytesIO
from typing import Any, ClassVar

from docx import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from lxml.etree import SubElement

from transcription.exports.document import Document, clock


class Docx:
    name: ClassVar[str] = "docx"
    label: ClassVar[str] = "Word document"
    extension: ClassVar[str] = "docx"
    content_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def write(self, document: Document) -> bytes:
        made = WordDocument()
        made.core_properties.title = f"Transcript {document.matter}"
        # The library's template names its maker and a fixed date; this says who we are, and when.
        made.core_properties.author = "Sealscript"
        made.core_properties.comments = ""
        made.core_properties.created = made.core_properties.modified = document.made_at.replace(tzinfo=None)
        style = made.styles["Normal"]
        style.font.name, style.font.size = "Georgia", Pt(11)
        style.paragraph_format.space_after = Pt(6)
        stamp = " · ".join(document.stamps)
        section = made.sections[0]
        _stamped(section.header.paragraphs[0], stamp)
        foot = section.footer.paragraphs[0]
        _stamped(foot, f"{stamp} · {document.matter} · page ")
        _page_number(foot)
        made.add_heading(f"Transcript {document.matter}", level=1)
        table = made.add_table(rows=0, cols=2)
        for label, value in document.facts:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        made.add_paragraph()
        if not document.lines:
            made.add_paragraph("No speech was found in this recording.")
        end = made.element.body.sectPr
        for line in document.lines:
            time = f"{clock(line.start)}  " if line.start is not None else ""
            end.addprevious(_paragraph(time, f"{_clean(line.speaker)}: ", _clean(line.text)))
        out = BytesIO()
        made.save(out)
        return out.getvalue()


def _paragraph(time: str, speaker: str, text: str) -> Any:
    """A turn as WordprocessingML (ISO/IEC 29500-1, 17.3): a day of testimony has ten thousand, so without ceremony."""
    paragraph = OxmlElement("w:p")
    for content, size, bold in ((time, "18", False), (speaker, "", True), (text, "", False)):
        if not content:
            continue
        run = SubElement(paragraph, qn("w:r"))
        if size or bold:
            properties = SubElement(run, qn("w:rPr"))
            if bold:
                SubElement(properties, qn("w:b"))
            if size:
                SubElement(properties, qn("w:color")).set(qn("w:val"), "5A666A")
                SubElement(properties, qn("w:sz")).set(qn("w:val"), size)
        words = SubElement(run, qn("w:t"))
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        words.text = content
    return paragraph


def _stamped(paragraph: Any, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size, run.font.color.rgb = True, Pt(9), RGBColor(0x9B, 0x24, 0x20)


def _page_number(paragraph: Any) -> None:
    """A PAGE field (ISO/IEC 29500-1, 17.16.5.44)."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 has no way to write."""
    return "".join(c for c in text if c in "\t\n" or ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF))
