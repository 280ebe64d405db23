"""An official document as .docx: title, headings, paragraphs, real tables, pictures. Pure: texts in, bytes out.

The layout lies in `official_styles`. It has no red head, document number, signer or seal: those belong to the office
that issues a document. The same content gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import docx
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.section import _Footer
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from hotline12345.dashboard.documents import official_styles as styles

_KEPT = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what the file format cannot hold
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_HEAD_FILL = "E7ECF1"


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes:
        head: the heading of each column; printed again on each page.
        rows: texts, as many as there are headings.
        widths: of the columns in mm, 156 in all.
        numeric: columns whose texts stand right.
        fills: background of single cells, (row, column) → RRGGBB.
        style: of the cells' texts.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numeric: frozenset[int] = frozenset()
    fills: dict[tuple[int, int], str] = field(default_factory=dict)
    style: str = styles.CELL


def new_document(title: str, made_at: datetime) -> Document:
    """An empty document in the official layout; `made_at` is written down as its date."""
    document = docx.Document()
    _keep_own_parts(document)
    document.element.body.clear()
    document.element.body.append(parse_xml(styles.page_xml()))
    _replace(document.styles.element, styles.styles_xml())
    _replace(document.settings.element, styles.settings_xml())
    properties = document.core_properties
    properties.title, properties.language = title, "zh-CN"
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = made_at.replace(microsecond=0)
    section = document.sections[0]
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    return document


def add(document: Document, text: str, style: str = styles.PARAGRAPH, new_page: bool = False) -> Paragraph:
    """A paragraph, by default of text; `new_page` begins a page with it."""
    paragraph = document.add_paragraph(_printable(text), style)
    if new_page:
        paragraph.paragraph_format.page_break_before = True
    return paragraph


def add_table(document: Document, grid: Grid) -> Table:
    """A table with borders over the whole text block."""
    table: Table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.head), style=styles.TABLES[grid.style][0])
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Mm(width)
    head_style = styles.SMALL_CELL if grid.style == styles.SMALL_CELL else styles.CELL_HEAD
    for number, (texts, row) in enumerate(zip((grid.head, *grid.rows), table.rows, strict=True), start=-1):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number < 0:
            properties.append(OxmlElement("w:tblHeader"))
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(grid.widths[place])
            colour = _HEAD_FILL if number < 0 else grid.fills.get((number, place))
            _fill_cell(cell, text, head_style if number < 0 else grid.style, colour)
            if number >= 0 and place in grid.numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return table


def add_picture(document: Document, png: bytes, description: str) -> None:
    """A picture as wide as the text block; `description` is read to those who cannot see it."""
    paragraph = document.add_paragraph(style=styles.FIGURE)
    picture = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(styles.TEXT_WIDTH))
    picture._inline.docPr.set("descr", _printable(description))
    for side in ("distT", "distB", "distL", "distR"):
        picture._inline.set(side, "0")


def content(document: Document) -> bytes:
    """The document as a file; its archive holds no time of its making."""
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def chinese_number(number: int) -> str:
    """1–99 as 一 … 九十九."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    ten = "" if not tens else ("十" if tens == 1 else f"{digits[tens]}十")
    return ten + (digits[ones] if ones or not tens else "")


def _keep_own_parts(document: Document) -> None:
    """Drop what the library's empty document brings along: theme, numbering, a preview picture, its maker's name."""
    fonts = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    for relations, kept in (
        (document.part.rels, _KEPT),
        (document.part.package.rels, {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES}),
    ):
        for name in [name for name, relation in relations.items() if relation.reltype not in kept]:
            del relations[name]
    own = Part(fonts.partname, fonts.content_type, styles.fonts_xml().encode(), document.part.package)
    document.part.relate_to(own, RELATIONSHIP_TYPE.FONT_TABLE)


def _replace(element: object, xml: str) -> None:
    """Give an element of the library's empty document our children instead of its own."""
    element.clear()  # type: ignore[attr-defined]
    element.extend(list(parse_xml(xml)))  # type: ignore[attr-defined]


def _number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    """`— 1 —`, one character away from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style, paragraph.alignment = styles.FOOT, side
    edge = "right" if side == WD_ALIGN_PARAGRAPH.RIGHT else "left"
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{edge}Chars"), "100")
    indent.set(qn(f"w:{edge}"), str(styles.FOOT_SIZE * styles.POINT))
    paragraph.add_run("— ")
    paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
    paragraph.add_run(" —")


def _fill_cell(cell: _Cell, text: str, style: str, colour: str | None) -> None:
    if colour:
        shading = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'
        cell._tc.get_or_add_tcPr().append(parse_xml(shading))
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(_printable(text))


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
