"""Published tables as they arrive: every row is accounted for, every figure read as it was meant."""

from pathlib import Path

import openpyxl
import pytest
from made_official import write_official

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.official import OfficialTable, open_official
from hotline12345.flows.ingest.official_values import parse_figures, writes_shares

UNITS = ("东河街道", "西岭镇", "石泉镇", "统计局")


@pytest.fixture
def ugly(tmp_path: Path) -> OfficialTable:
    """Seven rows, each odd in its own way, and three notes."""
    rows = [
        *(
            [1, "东河街道", "1,234", 65, 65, 57, 37, 20, "100%", 87.7, 0.846, "第1名", 12, 0.5],
            [2, "西岭镇", "48件", 41, 37, 34, 34, 0, 0.902, "82.9%", 0.829, "2（并列）", "—", ""],
            [3, "石泉镇", 0, 0, 0, 0, 0, 0, "—", "无有效回访", "", "不排名", "", ""],
            [4, "东河街道", 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, ""],
            [5, "统计局", "约五十", 1, 1, 1, 1, 1, 1, "102%", 1, 3, 3, ""],
            ["", "", 9, 9, 9, 9, 9, 9, 1, 1, 1, 9, 9, ""],
            ["合  计", "", 1282, 106, 102, 91, 71, 20, 0.962, 85.8, 0.84, "", "", ""],
        )
    ]
    notes = ["注：解决率含部分解决。", "制表：李某某 联系电话 13800001234", "二、国企"]
    return open_official(write_official(tmp_path / "通报13800001234.xlsx", rows, notes), UNITS)


def test_every_row_is_accounted_for(ugly):
    kinds = [(row["row_number"], row["row_kind"]) for row in ugly.rows.iter_rows(named=True)]
    assert kinds == [
        *((number, "unit") for number in (5, 6, 7)),
        *((number, "refused") for number in (8, 9, 10)),
        (11, "summary"),
        *((number, "note") for number in (12, 13, 14)),
    ]
    assert ugly.of_kind("refused")["row_reason"].to_list() == [
        "与第 5 行是同一单位",
        "“受理量”应为 0 到 10,000,000 的整数；“解决率”应为 99.1%、99.1 或 0.991，在 0% 到 100% 之间",
        "没有单位名称",
    ]


def test_figures_are_read_as_they_were_meant(ugly):
    figures = {row["unit_name"]: row for row in ugly.of_kind("unit").iter_rows(named=True)}
    first = figures["东河街道"]
    assert (first["received"], first["response_rate"], first["resolution_rate"]) == (1234, 1.0, 0.877)
    assert (first["satisfaction_rate"], first["district_rank"], first["bonus_points"]) == (0.846, 1, 0.5)
    second = figures["西岭镇"]
    assert (second["received"], second["response_rate"], second["resolution_rate"]) == (48, 0.902, 0.829)
    assert (second["district_rank"], second["city_rank"], second["score"]) == (2, None, None)
    assert figures["石泉镇"]["received"] == 0
    assert [figures["石泉镇"][name] for name in ("response_rate", "resolution_rate", "district_rank")] == [None] * 3
    assert ugly.shares == {"response_rate": True, "resolution_rate": False, "satisfaction_rate": True}
    assert ugly.of_kind("summary").row(0, named=True)["valid"] == 106
    assert ugly.unread == ("备注",)


def test_no_person_is_kept(ugly):
    notes = ugly.of_kind("note").select("unit_name", "row_reason").rows()
    assert notes == [(None, "备注行"), (None, "说明行"), (None, "说明行")]
    assert "13800001234" not in ugly.file_name + str(ugly.rows.to_dicts())


def test_only_the_name_of_a_known_unit_is_kept_as_written(tmp_path):
    path = tmp_path / "通报.csv"
    lines = [
        "单位,受理量,排名",
        "东河街道,3,1",
        "王小明13800001234,4,2",
        "王小华13800001234,2,4",
        "王小明13800001234,x,3",
    ]
    lines += ["王小明13800001234合计,,", "合计王小明,9,", "备注：黑松镇张三,5,", "填表人张三,13800001234,"]
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = open_official(path, ("东河街道", "备注")).rows
    assert rows.select("row_kind", "unit_name").rows() == [
        ("unit", "东河街道"),
        ("unit", "王某138****1234"),
        ("refused", "王某138****1234"),  # the same to whoever may not know the names
        ("refused", "王某138****1234"),
        ("note", None),
        ("unit", "合计王某"),
        ("note", None),
        ("note", None),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("受理量", "1000000000000000000", "“受理量”应为 0 到 10,000,000 的整数"),
        ("受理量", "9" * 5000, "“受理量”应为 0 到 10,000,000 的整数"),
        ("受理量", "-1", "“受理量”应为 0 到 10,000,000 的整数"),
        ("响应率", "1e999999999", "“响应率”应为 99.1%、99.1 或 0.991，在 0% 到 100% 之间"),
        ("综合成绩", "-3", "“综合成绩”应为 0 到 120 的数字，如 90.1"),
        ("综合成绩", "120.1", "“综合成绩”应为 0 到 120 的数字，如 90.1"),
        ("排名", "0", "“区排名”应为 1 到 10,000 的名次，如 3 或 第3名"),
        ("排名", "1" + "0" * 25, "“区排名”应为 1 到 10,000 的名次，如 3 或 第3名"),
        ("加分", "1" + "0" * 25, "“加分”应为 -100 到 100 的数字，如 0.5"),
        ("有效回访", "11", "“有效回访”大于“受理量”"),
        ("联系数", "9", "“联系数”大于“有效回访”"),
        ("解决数", "9", "“解决数”大于“有效回访”"),
        ("满意数", "9", "“满意数”大于“有效回访”"),
    ],
)
def test_a_row_with_an_impossible_figure_is_refused_alone(tmp_path, column, cell, told):
    good = {"单位": "东河街道", "受理量": "10", "有效回访": "8", "联系数": "8", "解决数": "8", "满意数": "0"}
    good |= {"响应率": "100%", "综合成绩": "120", "排名": "10000", "加分": "-0.5"}
    bad = {**good, "单位": "西岭镇", column: cell}
    path = tmp_path / "通报.csv"
    path.write_text("\n".join(",".join(row) for row in (good, good.values(), bad.values())), encoding="utf-8")
    table = open_official(path, UNITS)
    assert table.of_kind("unit")["unit_name"].to_list() == ["东河街道"]
    assert table.of_kind("refused").select("row_number", "row_reason").rows() == [(3, told)]


def test_formulas_without_a_result_are_found_by_row_and_column(tmp_path):
    path = tmp_path / "通报.xlsx"
    book = openpyxl.Workbook()
    for line in (["考核通报"], [], ["单位", "受理量", "排名", "备注"], ["东河街道", "=1+2", 1, "=1+2"]):
        book.active.append(line)
    book.create_sheet("说明").append(["=1+2"])
    other = book.create_sheet("国企")
    for line in (["单位", "受理量", "排名", "备注"], ["石泉镇", 3, "=1+2"]):
        other.append(line)
    book.save(path)
    assert open_official(path, UNITS).empty_formulas == ((4, "受理量"), (6, "排名"))


@pytest.mark.parametrize("header", ["受理编号,承办单位,有效回访,诉求内容", "工单编号,承办单位,满意,创建时间"])
def test_a_list_of_orders_is_no_published_table(tmp_path, header):
    path = tmp_path / "工单.csv"
    path.write_text(f"{header}\n1,东河街道,1,2026-03-01\n", encoding="utf-8")
    with pytest.raises(IngestError, match="工单明细用 hotline run 导入"):
        open_official(path, UNITS)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_text_file_is_read_too(tmp_path, encoding):
    path = tmp_path / "通报.csv"
    path.write_text("考核通报,,\n街镇,综合得分,名次\n东河街道,90.15,1\n全区平均,88.0,\n", encoding=encoding)
    table = open_official(path, UNITS)
    assert table.columns == {"unit_name": "街镇", "score": "综合得分", "district_rank": "名次"}
    assert table.of_kind("unit").select("unit_name", "score", "district_rank").row(0) == ("东河街道", 90.15, 1)
    assert table.of_kind("summary").height == 1


def test_a_known_unit_without_any_figure_is_a_unit_and_no_heading(tmp_path):
    path = tmp_path / "通报.csv"
    path.write_text("单位,受理量,排名\n街镇,,\n石泉镇,,\n东河街道,3,1\n", encoding="utf-8")
    table = open_official(path, UNITS)
    assert table.rows["row_kind"].to_list() == ["note", "unit", "unit"]


@pytest.mark.parametrize("text", ["承办单位,工单编号\n甲,1\n", "编号,受理量\n1,2\n", "随便写的\n第二行\n"])
def test_what_is_no_published_table_is_refused(tmp_path, text):
    path = tmp_path / "工单.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IngestError, match="没有找到通报表") as refused:
        open_official(path, UNITS)
    assert refused.value.code == "E06"


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["0.991", "1", "0"], True),
        (["99.1", "0.5"], False),
        (["99.1%", "0.991"], True),
        (["99.1%", None, "—"], True),
        (["1", "100"], False),
    ],
)
def test_a_column_of_rates_has_one_scale(cells, shares):
    assert writes_shares(cells) is shares


def test_a_half_percent_beside_percentages_stays_a_half_percent():
    figures, wrong = parse_figures({"resolution_rate": "0.5"}, {"resolution_rate": False})
    assert (figures["resolution_rate"], wrong) == (0.005, [])
