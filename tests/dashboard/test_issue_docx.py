"""The evidence pack as an official document: page, fonts, real tables, what is on each page, the same bytes twice."""

import io
import re
import zipfile
from datetime import datetime

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from made_pack import FORMULA, pack

from hotline12345.dashboard.documents import chart_images, official, official_styles
from hotline12345.dashboard.documents.issue_docx import document
from hotline12345.dashboard.labels import DISCLAIMER, SIMULATED

NEVER = ("签发", "印章", "文号", "红头", "假性解决", "反水", "黑名单", "末位")


@pytest.fixture(scope="module")
def content() -> bytes:
    return document(pack())


@pytest.fixture
def read(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def texts(read: Document) -> list[str]:
    """Every paragraph in its order, those of tables left out."""
    return [paragraph.text for paragraph in read.paragraphs]


def test_the_page_is_the_official_one(read):
    section = read.sections[0]
    edges = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(edge / Mm(1)) for edge in edges] == [210, 297, 37, 28]
    assert round((section.page_width - section.left_margin - section.right_margin) / Mm(1)) == 156
    assert round((section.page_height - section.top_margin - section.bottom_margin) / Mm(1)) == 225
    grid = section._sectPr.find(qn("w:docGrid"))
    assert int(225 / 25.4 * 1440 / int(grid.get(qn("w:linePitch")))) == 22


def test_28_characters_fill_a_line():
    width = 16 * 20 + official_styles.CHARACTER_SPACE
    assert 28 * width <= 156 / 25.4 * 1440 < 29 * width


def test_every_style_names_its_east_asian_font(read):
    fonts = {style.name: style.element.find(f".//{qn('w:rFonts')}") for style in read.styles}
    assert len(fonts) == len(official_styles.STYLES) + len(official_styles.TABLES)
    assert {name: font.get(qn("w:eastAsia")) for name, font in fonts.items() if name in ("Title", "Normal")} == {
        "Title": "方正小标宋简体",
        "Normal": "仿宋_GB2312",
    }
    assert fonts["Heading 1"].get(qn("w:eastAsia")) == "黑体"
    assert fonts["Heading 2"].get(qn("w:eastAsia")) == "楷体_GB2312"
    assert not [name for name, font in fonts.items() if not font.get(qn("w:eastAsia")) or "Theme" in str(font.attrib)]


def test_missing_fonts_have_alternates_and_none_is_embedded(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    table = archive.read("word/fontTable.xml").decode()
    assert re.findall(r'name="([^"]+)"><w:altName w:val="([^"]+)"', table)[:3] == [
        ("方正小标宋简体", "宋体"),
        ("仿宋_GB2312", "仿宋"),
        ("楷体_GB2312", "楷体"),
    ]
    assert not [name for name in archive.namelist() if "font" in name.lower() and name != "word/fontTable.xml"]


def test_page_numbers_stand_outside(read):
    section = read.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.text.replace("1", "").split(), odd.alignment, even.alignment) == (["—", "—"], 2, 0)
    assert [p._p.find(qn("w:fldSimple")).get(qn("w:instr")) for p in (odd, even)] == ["PAGE", "PAGE"]
    assert read.settings.odd_and_even_pages_header_footer


def test_the_parts_come_in_their_order(read):
    heads = [p.text for p in read.paragraphs if p.style.name == "Heading 1"]
    assert [head[:2] for head in heads] == ["一、", "二、", "三、", "四、", "五、", "六、"]
    assert "议程" in heads[3]
    assert "会议纪要" in heads[4]
    named = [p.text for p in read.paragraphs if p.style.name == "Heading 2"]
    assert named[:3] == [
        "（一）供暖不热（共性问题）",
        "（二）电动自行车飞线充电（共性问题）",
        "（三）和平里小区：搅拌站噪声扰民（点位事件）",
    ]


def test_each_candidate_and_each_plan_begins_a_page(read):
    broken = [p.text for p in read.paragraphs if p.paragraph_format.page_break_before]
    assert len([text for text in broken if text.startswith(("二、", "（二）", "（三）"))]) == 2 * 2 + 1
    assert len(broken) == 3 + 3 + 3


def test_the_ranking_is_a_real_table(read):
    table = read.tables[0]
    assert [cell.text for cell in table.rows[0].cells][:5] == ["名次", "问题", "类型", "诉求人数", "诉求量"]
    assert [cell.text for cell in table.rows[2].cells] == [
        *("2", "电动自行车飞线充电", "共性问题", "27", "34"),
        *("82.4", "71.0", "64.6", "40.2", "66.3", "92.5%"),
    ]
    assert table.rows[3].cells[6].text == "—"
    assert all(t.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for t in read.tables)


def test_scores_stand_beside_their_figures(read):
    rows = [[cell.text for cell in row.cells] for row in read.tables[1].rows]
    assert [row[:2] for row in rows] == [
        ["方面", "得分"],
        ["高频", "82.4"],
        ["共性", "71.0"],
        ["难点", "64.6"],
        ["紧迫", "40.2"],
    ]
    assert rows[1][2].startswith(
        "37 人、40 件；12 个月有反映，其中 6 个月达到门槛；近 12 个月 40 件（上一个 12 个月 21 件）"
    )
    assert rows[2][2] == "3 个单位，最多的占 20/40（50.0%）；4 处，最多的占 —"
    assert rows[3][2].startswith("未解决 8/32（25.0%）；不满意 11/32（34.4%）；")
    assert "上年同期 —" in rows[4][2]
    event = next(t for t in read.tables[2:] if t.rows[0].cells[0].text == "方面" and t.rows[2].cells[1].text == "—")
    assert event.rows[2].cells[2].text == "一处一事，不计共性"


def test_every_table_is_as_wide_as_the_text(read):
    widths = [sum(cell.width / Mm(1) for cell in table.rows[0].cells) for table in read.tables]
    assert widths == pytest.approx([156] * len(widths), abs=0.5)


def test_units_by_month_add_up(read):
    heat = next(t for t in read.tables if t.rows[0].cells[0].text == "承办单位")
    head = [cell.text for cell in heat.rows[0].cells]
    assert head == ["承办单位", *(f"{n}月" for n in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2)), "合计", "解决/答复"]
    first = [cell.text for cell in heat.rows[1].cells]
    assert sum(int(cell or 0) for cell in first[1:13]) == int(first[13]) == 14
    assert first[14] == "8/11"
    fills = [cell._tc.find(f".//{qn('w:shd')}") for cell in heat.rows[1].cells]
    assert fills[1] is not None
    assert fills[0] is None


def test_every_candidate_says_what_its_figures_stand_on(read):
    notes = [text for text in texts(read) if "统计期" in text]
    assert len(notes) == 1 + 3 + 1
    for note in notes:
        assert "规则：示例规则" in note
        assert "数据截至：2026-03-29 12:00" in note
        assert DISCLAIMER in note
    assert len({note[note.index("统计期") :].split("（")[0] for note in notes}) == 1, "one period for all of them"
    assert "另有 4 件举报或保密工单计数但不列出" in notes[2]
    assert "举报" not in notes[1]


def test_examples_are_short_and_printable(read):
    lines = [text for text in texts(read) if text.startswith("2025-03-")]
    assert len(lines) == 9
    assert lines[0].endswith(FORMULA)
    assert lines[1].endswith("…")
    assert len(lines[1].split("）", 1)[1]) == 50 + 1, "two lines with its head, so that a candidate fits on its page"
    assert lines[2].endswith("水 管漏水")


def test_plans_hold_what_was_noted_and_room_for_the_rest(read):
    plans = [t for t in read.tables if t.rows[0].cells[1].text == "内容"]
    assert len(plans) == 3 * 4
    rows = [[cell.text for cell in row.cells] for row in plans[0].rows[1:]]
    assert rows == [["1", "分片排查供暖管网", "区城管委", "2026年6月30日", "进行中"]]
    assert [row.cells[1].text for row in plans[4].rows[1:]] == ["", "", ""]


def test_minutes_take_over_what_was_decided(read):
    minutes = read.tables[-1]
    rows = [[cell.text for cell in row.cells] for row in minutes.rows]
    assert rows[0][4] == "建议牵头单位（待会议确定）"
    assert rows[1] == ["1", "供暖不热", "选定", "诉求量大、连续两季反映", "区城管委", "东河街道、西岭镇"]
    assert rows[2][2:4] == ["□选定\n□暂缓\n□暂不纳入", ""]


def test_simulated_data_are_named_and_nothing_of_an_issuer(read):
    every = "".join([*texts(read), *(cell.text for t in read.tables for row in t.rows for cell in row.cells)])
    assert SIMULATED in every
    assert not [word for word in NEVER if word in every]


def test_pictures_are_described(read):
    pictures = read.inline_shapes
    assert pictures[0]._inline.docPr.get("descr") == "供暖不热逐月诉求量柱形图，按承办单位"
    assert [round(shape.width / Mm(1)) for shape in pictures] == [156] * 3


def test_without_a_chinese_font_it_says_so(monkeypatch):
    monkeypatch.setattr(chart_images, "has_chinese_font", lambda: False)
    read = docx.Document(io.BytesIO(document(pack())))
    assert not len(read.inline_shapes)
    assert texts(read).count(chart_images.NO_FONT) == 3


def test_the_same_content_gives_the_same_bytes(content):
    assert document(pack()) == content
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in archive.namelist() if "thumbnail" in name or "theme" in name or "app.xml" in name]


def test_it_is_dated_by_its_data_and_names_nobody(read):
    properties = read.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.modified.replace(tzinfo=None) == datetime(2026, 3, 29, 13)


@pytest.mark.parametrize(("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_numbers_of_headings(number, written):
    assert official.chinese_number(number) == written
