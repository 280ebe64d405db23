"""The style sheet of official documents after GB/T 9704: page, fonts, sizes, grid. Data and the XML that says it.

Fonts are named and never embedded. Where a computer lacks one, the font table names a common one to take instead.
"""

from dataclasses import dataclass
from math import floor

from docx.oxml.ns import nsdecls

MM, POINT = 1440 / 25.4, 20  # twentieths of a point, the unit of the format
PAGE_WIDTH, PAGE_HEIGHT = 210, 297  # mm
TOP, LEFT = 37, 28  # mm, margins
TEXT_WIDTH, TEXT_HEIGHT = 156, 225  # mm, the text block
LINES, CHARACTERS = 22, 28  # of the text block
FOOTER = 25  # mm from the page's lower edge: the page number stands 7 mm below the text block
PITCH = int(TEXT_HEIGHT * MM / LINES)  # of a line; rounded down, so that 22 lines fit
TEXT_SIZE, FOOT_SIZE = 16, 14  # points, 3 号 and 4 号
# Between characters, rounded down, so that 28 fit. Not left to a grid of characters: LibreOffice gives each character two
# cells of a grid that is narrower than the font.
CHARACTER_SPACE = floor(TEXT_WIDTH * MM / CHARACTERS - TEXT_SIZE * POINT)

SONG_TITLE, SONG, FANGSONG, KAITI, HEITI = "方正小标宋简体", "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体"
ALTERNATES = {SONG_TITLE: "宋体", FANGSONG: "仿宋", KAITI: "楷体", SONG: "SimSun", HEITI: "SimHei"}


@dataclass(frozen=True)
class Style:
    """One paragraph style.

    Attributes:
        name: as the format knows it; office programs show the built-in ones under their Chinese names.
        font: for Chinese and all other characters, so that a digit or a quotation mark never changes the face.
        size: in points.
        align: left, center, right or both.
        indent: of the first line, in characters.
        line: height of a line in twentieths of a point; None takes what the font needs, off the grid.
        before, after: space around a paragraph, in points.
        level: in the outline, 0 the highest; None for text.
    """

    name: str
    font: str
    size: float
    align: str = "both"
    indent: int = 0
    line: int | None = PITCH
    before: int = 0
    after: int = 0
    level: int | None = None


TITLE, SUBTITLE, TEXT = "Title", "Subtitle", "Normal"
HEADINGS = ("heading 1", "heading 2", "heading 3")
CELL, CELL_HEAD, SMALL_CELL, NOTE, FIGURE, FOOT, PARAGRAPH = (
    "表中文字",
    "表头",
    "表中小字",
    "注",
    "插图",
    "footer",
    "正文首行缩进",
)
STYLES = (
    Style(TEXT, FANGSONG, TEXT_SIZE),
    Style(PARAGRAPH, FANGSONG, TEXT_SIZE, indent=2),
    Style(TITLE, SONG_TITLE, 22, "center", line=36 * POINT, after=6),
    Style(SUBTITLE, KAITI, TEXT_SIZE, "center", after=14),
    Style(HEADINGS[0], HEITI, TEXT_SIZE, indent=2, level=0),
    Style(HEADINGS[1], KAITI, TEXT_SIZE, indent=2, level=1),
    Style(HEADINGS[2], HEITI, 12, "left", line=None, before=6, after=2, level=2),
    Style(CELL, FANGSONG, 10.5, "left", line=None),
    Style(CELL_HEAD, HEITI, 10.5, "center", line=None),
    Style(SMALL_CELL, FANGSONG, 9, "center", line=None),
    Style(NOTE, KAITI, 9, "left", line=None, before=2, after=2),
    Style(FIGURE, FANGSONG, 10.5, "center", line=None),
    Style(FOOT, SONG, FOOT_SIZE, "left", line=None),
)
TABLES = {CELL: ("Table Grid", 70), SMALL_CELL: ("密表格", 15)}  # by the style of the cells: name, space beside texts


def styles_xml() -> str:
    """The whole style sheet: every style names its East Asian font itself, and nothing hangs on a theme."""
    return (
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANGSONG)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
        f"{''.join(_style_xml(style) for style in STYLES)}{''.join(_table_xml(*table) for table in TABLES.values())}</w:styles>"
    )


def fonts_xml() -> str:
    """The font table: what to take where a computer lacks a font."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in ALTERNATES.items()
    )
    return f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"


def settings_xml() -> str:
    """Page numbers outside on both sides of a sheet, Chinese line breaking."""
    return (
        f"<w:settings {nsdecls('w')}><w:evenAndOddHeaders/>"
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def page_xml() -> str:
    """Size, margins and the grid of 22 lines."""
    bottom, right = PAGE_HEIGHT - TOP - TEXT_HEIGHT, PAGE_WIDTH - LEFT - TEXT_WIDTH
    return (
        f"<w:sectPr {nsdecls('w')}>"
        f'<w:pgSz w:w="{round(PAGE_WIDTH * MM)}" w:h="{round(PAGE_HEIGHT * MM)}"/>'
        f'<w:pgMar w:top="{round(TOP * MM)}" w:right="{round(right * MM)}" w:bottom="{round(bottom * MM)}" '
        f'w:left="{round(LEFT * MM)}" w:header="720" w:footer="{round(FOOTER * MM)}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{PITCH}"/></w:sectPr>'
    )


def _style_xml(style: Style) -> str:
    base = "" if style.name == TEXT else f'<w:basedOn w:val="{TEXT}"/>'
    default = ' w:default="1"' if style.name == TEXT else ' w:customStyle="1"' if not style.name.isascii() else ""
    height = f'w:line="{style.line}" w:lineRule="exact"' if style.line else 'w:line="240" w:lineRule="auto"'
    outline = "" if style.level is None else f'<w:outlineLvl w:val="{style.level}"/>'
    indent = f'<w:ind w:firstLineChars="{100 * style.indent}" w:firstLine="{int(style.indent * style.size * POINT)}"/>'
    condensed = f'<w:spacing w:val="{CHARACTER_SPACE if style.size == TEXT_SIZE else 0}"/>'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style.name.replace(" ", "")}"><w:name w:val="{style.name}"/>'
        f"{base}<w:qFormat/><w:pPr>{'' if style.level is None else '<w:keepNext/>'}"
        f'<w:snapToGrid w:val="{1 if style.line else 0}"/>'
        f'<w:spacing w:before="{style.before * POINT}" w:after="{style.after * POINT}" {height}/>'
        f'{indent}<w:jc w:val="{style.align}"/>{outline}</w:pPr>'
        f"<w:rPr>{_fonts(style.font)}{condensed}"
        f'<w:sz w:val="{int(2 * style.size)}"/><w:szCs w:val="{int(2 * style.size)}"/></w:rPr></w:style>'
    )


def _fonts(name: str) -> str:
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _table_xml(name: str, beside: int) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 15), ("left", beside), ("bottom", 15), ("right", beside))
    )
    return (
        f'<w:style w:type="table" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        f"<w:rPr>{_fonts(FANGSONG)}</w:rPr>"
        f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>"
    )
