"""Figures that open their orders: each is defined by clauses, and lists hide what must stay hidden."""

from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from hotline12345.dashboard import figures, lost_tables
from hotline12345.dashboard.figures import FIGURES
from hotline12345.sql.rule_layout import INDICATORS
from hotline12345.sql.rules import EXAMPLES, load_rules

RULE = load_rules(EXAMPLES)[0]


def order(**changed: object) -> dict[str, object]:
    """A row of the ledger with what a list shows."""
    return {
        **{"order_id": "D1", "reason_code": "counted", "is_excluded": False, "is_suspended": False},
        **{f"is_in_{name}": True for name in INDICATORS},
        **{f"{name}_value": 1000 for name in INDICATORS},
        **{
            "resolution": "解决",
            "satisfaction": "满意",
            "title": "路灯不亮",
            "topic_name": "市政",
            "place_town": "甲镇",
        },
        **{"community": "东社区", "created_at": datetime(2026, 3, 1, 9), "is_need_to_know": False},
        **changed,
    }


ORDERS = pl.DataFrame(
    [
        order(),
        order(order_id="D2", resolution="未解决", resolution_value=0),
        order(
            order_id="D3", reason_code="excluded", is_excluded=True, title=None, is_need_to_know=True,
            **{f"is_in_{name}": False for name in INDICATORS},
        ),
        order(order_id="D4", reason_code=None, **{f"is_in_{name}": None for name in INDICATORS}),
    ],
    infer_schema_length=None,
)  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_defined_by_clauses_of_the_rule(name):
    lines = figures.definition(FIGURES[name], RULE)
    assert lines
    assert all(line.startswith("第") for line in lines)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("received", ["D1", "D2", "D3", "D4"]),
        ("resolution", ["D1", "D2"]),
        ("resolution_lost", ["D2"]),
        ("lost", ["D2"]),
        ("excluded", ["D3"]),
        ("outside", ["D3", "D4"]),
    ],
)
def test_a_figure_is_made_of_its_orders(name, expected):
    assert figures.chosen(name, ORDERS, RULE)["order_id"].to_list() == expected


def test_a_late_order_loses_points_only_where_the_rule_scores_time():
    late = pl.DataFrame([order(on_time_value=0)])
    assert figures.chosen("lost", late, RULE).is_empty()
    timed = replace(RULE, weights={**RULE.weights, "resolution": 400, "on_time": 100})
    assert figures.chosen("lost", late, timed).height == 1


def test_a_list_says_why_and_hides_texts():
    listed = figures.listed(ORDERS)
    assert listed["why"].to_list() == ["未失分", "未解决", "已剔除", "不在本规则的考核周期内"]
    assert listed["title"].to_list()[2] == "保密，须知人员可查看"
    assert figures.found_words(listed, "路灯").height == 3
    assert figures.found_words(listed, "D2")["order_id"].to_list() == ["D2"]


def test_the_four_cells_hold_orders_and_points():
    cells = pl.DataFrame(
        {"answer_cell": ["双是", "双否", "未回访到"], "order_count": [50, 6, 2], "lost_score": [0.5, 8.7, 1.0]}
    )
    markup = lost_tables.four_cells(cells)
    assert "<span>双是</span><b>50 件</b>" in markup
    assert "<span>解决不满意</span><b>0 件</b>" in markup
    assert "未回访到 2 件，失 1.00 分" in markup
