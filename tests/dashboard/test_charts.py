"""Charts as data: Chinese labels, honest marks, nothing to fetch."""

import json
from datetime import date, datetime

import polars as pl
import pytest

from hotline12345.dashboard import charts, rate_charts
from hotline12345.dashboard.bridges import Bridge
from hotline12345.dashboard.chart_style import MUTED, PALETTE

PERIODS = pl.DataFrame(
    {
        "period_id": ["2026-01", "2026-02", "2026-03"],
        "start_at": [datetime(2025, 12, 19), datetime(2026, 1, 19), datetime(2026, 2, 19)],
        "received": [500, 1200, 300],
        "period_state": ["终", "待回访", "期内"],
    }
)
HISTORY = pl.DataFrame(
    {
        "period_id": ["2026-01", "2026-02", "2026-03"],
        "period_state": ["终", "待回访", "期内"],
        "response_rate": [0.99, None, 1.0],
        "resolution_rate": [0.9, None, 0.8],
        "satisfaction_rate": [0.88, None, 0.7],
        **{f"{name}_numerator": [9.0, 0.0, 8.0] for name in ("response", "resolution", "satisfaction")},
        **{f"{name}_denominator": [10, 0, 10] for name in ("response", "resolution", "satisfaction")},
    }
)
MONTHS = pl.DataFrame(
    {
        "created_month": [date(2026, 1, 1), date(2026, 3, 1)] * 7,
        "topic_name": [name for name in "甲乙丙丁戊己庚" for _ in range(2)],
        "order_count": [number for number in range(70, 0, -10) for _ in range(2)],
    }
)
SOURCED = (
    MONTHS.select(
        "topic_name",
        "order_count",
        pl.when(pl.col("topic_name") == "庚").then(pl.lit("未归类")).otherwise(pl.lit("人工")).alias("topic_source"),
    )
    .group_by("topic_name", "topic_source", maintain_order=True)
    .sum()
)
SEVEN = pl.DataFrame({"seven_five": ["宜居性", "未归类"], "order_count": [5, 2]})
CAUSES = pl.DataFrame({"cause": ["新增回访", "改判"], "order_count": [3, 0], "contribution": [2.0, -1.0]})
BRIDGE = Bridge("resolution", 0.80, 0.81, CAUSES, pl.DataFrame(), pl.DataFrame(), 5.0)
QUADRANTS = pl.DataFrame(
    {
        "unit_name": ["甲镇", "乙镇", "丙镇"],
        "quadrant": ["降量提质", "增量未提质", "不可比"],
        "volume_change": [-0.1, 5.0, None],
        "resolution_rate_change": [0.02, -0.01, None],
        "volume_count": [90, 60, 3],
        "volume_count_before": [100, 10, 0],
        "resolution_rate": [0.92, 0.8, None],
        "resolution_rate_before": [0.9, 0.81, None],
    }
)
DRAWN = {
    "waterfall": lambda: rate_charts.waterfall(BRIDGE, ("起 2026年2月", "止 2026年3月")),
    "quadrant": lambda: rate_charts.quadrant(QUADRANTS),
    "volume": lambda: charts.volume_trend(PERIODS, "2026-02", datetime(2026, 1, 5)),
    "history": lambda: charts.rate_history(HISTORY),
    "topics": lambda: charts.topic_bars(SOURCED),
    "lines": lambda: charts.monthly_lines(MONTHS, "topic_name"),
    "bars": lambda: charts.monthly_bars(MONTHS, "topic_name"),
    "seven_five": lambda: charts.ranked_bars(SEVEN, "seven_five"),
}


def data(spec: dict) -> list[dict]:
    """All rows that a chart carries."""
    return [row for rows in spec["datasets"].values() for row in rows]


@pytest.mark.parametrize("name", DRAWN)
def test_charts_carry_their_data_and_a_chinese_font(name):
    spec = DRAWN[name]().to_dict()
    assert data(spec)
    assert spec["config"]["font"].startswith("Noto Sans CJK SC")
    text = json.dumps({key: value for key, value in spec.items() if key != "$schema"}, ensure_ascii=False)
    assert "http" not in text
    assert '"url"' not in text
    titles = [part for part in _values(spec, "title") if part]
    assert all(any("一" <= letter <= "鿿" for letter in title) for title in titles), titles


def _values(node: object, key: str) -> list[str]:
    if isinstance(node, dict):
        own = [value for name, value in node.items() if name == key and isinstance(value, str)]
        return own + [found for value in node.values() for found in _values(value, key)]
    if isinstance(node, list):
        return [found for value in node for found in _values(value, key)]
    return []


def test_months_are_chinese_words_and_not_too_many():
    spec = DRAWN["volume"]().to_dict()
    axis = spec["layer"][0]["encoding"]["x"]
    assert axis["sort"] == ["2026年1月", "2026年2月", "2026年3月"]
    long = pl.concat(
        [PERIODS.with_columns(period_id=pl.lit(f"20{n // 12 + 10}-{n % 12 + 1:02d}")).head(1) for n in range(60)]
    )
    drawn = charts.volume_trend(long, "2010-01", datetime(2009, 1, 1)).to_dict()
    assert len(drawn["layer"][0]["encoding"]["x"]["axis"]["values"]) <= 9


def test_periods_the_data_covers_in_part_are_marked():
    rows = {row["period"]: row["partial"] for row in data(DRAWN["volume"]().to_dict())}
    assert rows == {"2026年1月": True, "2026年2月": False, "2026年3月": True}


def test_a_period_without_callbacks_has_no_point():
    rows = data(DRAWN["history"]().to_dict())
    assert {row["period"] for row in rows} == {"2026年1月", "2026年3月"}
    assert {row["final"] for row in rows if row["period"] == "2026年3月"} == {False}
    assert {row["fraction"] for row in rows} == {"9.0 / 10", "8.0 / 10"}


def test_small_series_become_others():
    spec = DRAWN["bars"]().to_dict()
    assert {row["topic_name"] for row in data(spec)} == {*"甲乙丙丁戊", "其他"}
    assert sum(row["order_count"] for row in data(spec)) == MONTHS["order_count"].sum()
    assert spec["encoding"]["x"]["sort"] == ["2026年1月", "2026年2月", "2026年3月"], (
        "a month without orders keeps its place"
    )
    assert spec["encoding"]["color"]["scale"]["range"][-1] == MUTED


def test_lines_fall_to_zero_and_are_few():
    rows = data(
        charts.monthly_lines(MONTHS.filter(pl.col("order_count") != 70).vstack(MONTHS.head(1)), "topic_name").to_dict()
    )
    assert len({row["topic_name"] for row in rows}) == 5
    assert 0 in {row["order_count"] for row in rows if row["topic_name"] == "甲"}


def test_the_palette_is_the_published_one():
    assert len(set(PALETTE)) == len(PALETTE) >= 5


def test_a_waterfall_leads_from_the_earlier_figure_to_the_later():
    rows = data(DRAWN["waterfall"]().to_dict())
    assert [row["step"] for row in rows] == ["起 2026年2月", "新增回访", "改判", "止 2026年3月"]
    assert (rows[1]["low"], rows[1]["high"]) == (80.0, 82.0)
    assert (rows[2]["low"], rows[2]["high"]) == (81.0, 82.0)
    assert [row["shown"] for row in rows] == ["80.00%", "+2.00 个百分点", "-1.00 个百分点", "81.00%"]


def test_a_unit_that_cannot_be_compared_is_no_point():
    rows = [row for row in data(DRAWN["quadrant"]().to_dict()) if "unit_name" in row]
    assert [row["unit_name"] for row in rows] == ["甲镇", "乙镇"]
    assert rows[1]["volumes"] == "10 → 60 件"
