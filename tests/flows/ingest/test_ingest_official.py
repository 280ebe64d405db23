"""Published tables as they arrive: every row is accounted for, every figure read as it was meant."""

from pathlib import Path

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
        "“受理量”应为不小于 0 的整数；“解决率”应为99.1%、99.1 或 0.991，在 0% 到 100% 之间",
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
    kept = ugly.of_kind("note")["unit_name"].to_list()
    assert kept == ["注：解决率含部分解决。", None, "二、国企"]
    assert "13800001234" not in ugly.file_name + str(ugly.rows.to_dicts())


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
