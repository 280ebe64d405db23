"""失分工单: what each order costs adds up to what the score lacks, and falls into the right cell."""

from datetime import datetime
from pathlib import Path

import made_warehouse
import polars as pl
import pytest

from hotline12345.sql.lost_reads import CELLS, GROUPINGS
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

RULE = """
id = "r"
name = "测试规则"
status = "example"
source = "测试"
valid_from = 2020-01-01
minimum_valid = 1
[period]
start_day = 1
[scope]
excluded_order_types = []
unit_role = "place"
[denominators]
resolution = "assessed"
satisfaction = "assessed"
[summary]
method = "mean_of_units"
[answers.resolution]
"解决" = 1
"部分解决" = 0.5
[answers.satisfaction]
"满意" = 1
"基本满意" = 0.9
"""
WEIGHTED = RULE + "[weights]\nresponse = 0.1\nresolution = 0.5\nsatisfaction = 0.4\nrenormalise = true\n"
DEDUCTION = (
    RULE
    + '[score]\nmethod = "deduction"\n'
    + "[deductions.resolution]\ntarget = 0.9\npoints = 0.5\n[deductions.satisfaction]\ntarget = 0.85\npoints = 1\n"
)
# reached, contacted, resolution, satisfaction → cell; the weighted points out of 10 orders (9 for the two other rates)
ANSWERS = {
    "A0": (True, True, "解决", "满意", "双是", 0.0),
    "A1": (True, True, "解决", "基本满意", "双是", 40 * 0.1 / 9),
    "A2": (True, True, "部分解决", "满意", "双是", 50 * 0.5 / 9),
    "A3": (True, True, "解决", "不满意", "解决不满意", 40 / 9),
    "A4": (True, True, "未解决", "基本满意", "未解决满意", (50 + 4) / 9),
    "A5": (True, False, "未解决", "不满意", "双否", 10 / 8 + 90 / 9),
    "A6": (True, True, None, "满意", "回访结果空白", 50 / 9),
    "A7": (False, None, None, None, "未联系上", 90 / 9),
    "A8": (True, True, "未解决", "不满意", "双否", 90 / 9),
}
ROWS = [
    {
        "order_id": order_id,
        "order_type": "投诉",
        "created_at": datetime(2026, 3, 2),
        "unit_name": "丙局" if order_id in ("A5", "A8") else "甲镇",
        "place_town": "甲镇",
        "community": "一社区" if order_id < "A5" else None,
        "is_valid_callback": reached,
        "is_contacted": contacted,
        "resolution": resolution,
        "satisfaction": satisfaction,
    }
    for order_id, (reached, contacted, resolution, satisfaction, *_) in ANSWERS.items()
]


def reader(folder: Path, rule: str) -> Reader:
    connection = made_warehouse.make(folder, ROWS, ["U0,甲镇,街镇,,,,,,"], rule)
    return Reader(Storage.at(folder), Snapshot("made", folder), replayed=connection)


def test_each_order_costs_its_share(tmp_path: Path) -> None:
    read = reader(tmp_path, WEIGHTED)
    ledger = read.ledger("r", "2026-03", "U0")
    found = {row["order_id"]: row for row in ledger.iter_rows(named=True)}
    for order_id, (*_, cell, points) in ANSWERS.items():
        assert found[order_id]["answer_cell"] == cell
        assert found[order_id]["lost_score"] == pytest.approx(points), order_id
    assert ledger["lost_score"].is_sorted(descending=True)
    assert found["A5"]["undertaker_name"] == "丙局" and found["A5"]["unit_id"] == "U0"
    parts = [found["A5"][f"{name}_lost_score"] for name in ("response", "resolution", "satisfaction")]
    assert parts == pytest.approx([10 / 8, 50 / 9, 40 / 9])


@pytest.mark.parametrize("rule", [WEIGHTED, DEDUCTION, DEDUCTION.replace("points = 1\n", "points = 9\n")])
def test_points_add_up_to_what_the_score_lacks(rule: str, tmp_path: Path) -> None:
    read = reader(tmp_path, rule)
    exact = read.unit_scores("r", "2026-03")["exact_score"][0]
    assert exact < 90
    assert read.ledger("r", "2026-03", "U0")["lost_score"].sum() == pytest.approx(100 - exact)
    for by in GROUPINGS:
        summary = read.lost_summary("r", "2026-03", "U0", by)
        assert summary["lost_score"].sum() == pytest.approx(100 - exact)
        assert summary["lost_score"].is_sorted(descending=True) and summary["order_count"].sum() == len(ROWS)


def test_summaries_count_orders_and_those_that_cost(tmp_path: Path) -> None:
    read = reader(tmp_path, WEIGHTED)
    cells = read.lost_summary("r", "2026-03", "U0", "answer_cell").rows_by_key("answer_cell", named=True, unique=True)
    assert set(cells) <= set(CELLS)
    assert (cells["双是"]["order_count"], cells["双是"]["lost_count"]) == (3, 2)
    assert (cells["双否"]["order_count"], cells["双否"]["lost_count"]) == (2, 2)
    handlers = read.lost_summary("r", "2026-03", "U0", "undertaker_name")
    assert dict(handlers.select("undertaker_name", "order_count").iter_rows()) == {"甲镇": 7, "丙局": 2}
    communities = read.lost_summary("r", "2026-03", "U0", "community")
    assert communities.filter(pl.col("community").is_null())["order_count"].to_list() == [4]


def test_like_units_have_lines_of_their_own(tmp_path: Path) -> None:
    read = reader(tmp_path, WEIGHTED)
    lines = read.like_summary("r", "2026-03", "size_class")
    assert lines.select("group_id", "units", "valid").rows() == [("回访不足20件", 1, 8)]
    assert read.like_summary("r", "2026-03", "terrain").is_empty(), "the site's list names no terrain"
    assert read.group_summary("r", "2026-03")["unit_group"].to_list() == ["街镇"]
