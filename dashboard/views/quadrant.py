"""降量提质: volume against solved rate, with repeats, unreached callers and the mix of channels beside it."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, rate_charts, rate_data, tables
from hotline12345.dashboard.comparisons import Window, windows
from hotline12345.dashboard.quadrants import UNKNOWN, quadrants, words
from hotline12345.dashboard.rank_tables import COMPARISONS
from hotline12345.dashboard.views.scope import Scope

NOTHING = "没有可比的一期：数据没有完整覆盖上一期和去年同期，或两期的回访进度不同。"
NAMES = (*("unit_name", "quadrant", "volume", "resolution_rate", "repeated_share", "unreached_share", "channel_shift"),)


def render(scope: Scope) -> None:
    """The tab of the page 目标."""
    compared = rate_data.compared_scores(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    ways = comparable(scope, compared)
    if not ways:
        components.empty(NOTHING)
        return
    against, group = st.columns([1, 2], vertical_alignment="bottom")
    with against:
        chosen = st.segmented_control(
            "与什么比",
            list(ways),
            default=next(iter(ways)),
            required=True,
            format_func=COMPARISONS.__getitem__,
            key="quadrant_against",
            bind="query-params",
        )
    units = compared_units(scope, ways[str(chosen)], compared.filter(pl.col("comparison") == chosen))
    with group:
        groups = units["unit_group"].unique(maintain_order=True).to_list()
        kind = st.segmented_control(
            "单位类别", groups, default=groups[0], required=True, key="quadrant_group", bind="query-params"
        )
    shown = units.filter(pl.col("unit_group") == kind)
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        components.section("诉求量与解决率", "左上为诉求减少、解决率上升；诉求量按同样天数、解决率按同样进度比较。")
        components.chart(rate_charts.quadrant(shown), f"{kind}诉求量与解决率变化散点图")
    with right:
        components.section("减少的背后", "重复反映、回访未接通、换渠道增多时，诉求量减少不一定是问题少了。")
        components.table(_table(shown))
    components.listed([words(row) for row in shown.filter(pl.col("quadrant") != UNKNOWN).iter_rows(named=True)])


def comparable(scope: Scope, compared: pl.DataFrame) -> dict[str, tuple[Window, Window]]:
    """The comparisons that are fair for volumes and rates, each with its windows now and before; `compared`: the scores."""
    found = windows(scope.period, scope.periods, scope.facts["first_at"])
    ways = {"previous": found.before, "year_ago": found.year_ago}
    rated = set(compared["comparison"])
    return {name: (found.now, window) for name, window in ways.items() if window is not None and name in rated}


def channels(scope: Scope, both: tuple[Window, Window]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Orders by unit and group of channels in both windows."""
    asked = (scope.viewer, scope.snapshot, scope.rule_id)
    now, before = (rate_data.unit_channels(*asked, window.start_at, window.end_at) for window in both)
    return now, before


def compared_units(scope: Scope, both: tuple[Window, Window], rates: pl.DataFrame) -> pl.DataFrame:
    """Each unit's quadrant, groups in their order, the largest volume first; `rates`: the scores of the same comparison."""
    asked = (scope.viewer, scope.snapshot, scope.rule_id)
    now, before = (rate_data.unit_workload(*asked, window.start_at, window.end_at) for window in both)
    return labels.in_group_order(
        quadrants((now, before), channels(scope, both), (scope.scores, rates)).sort(
            "volume_count", "unit_id", descending=[True, False]
        )
    )


def _table(units: pl.DataFrame) -> str:
    cells: dict[str, tables.Cell] = {
        "volume": lambda row: (
            f"{labels.count(row['volume_count'])}<small>{labels.change(row['volume_count'], row['volume_count_before'])}</small>"
        ),
        "resolution_rate": _resolution,
        "repeated_share": lambda row: _share(row, "repeated", "order_count"),
        "unreached_share": lambda row: _share(row, "unreached", "called_count"),
    }
    headings = {
        "unit_name": "单位",
        "quadrant": "象限",
        "volume": "诉求量",
        "repeated_share": "重复反映",
        "unreached_share": "回访未接通",
        "channel_shift": "换渠道",
    }
    return tables.html_table(units, NAMES, cells, headings)


def _resolution(row: tables.Row) -> str:
    if row["resolution_rate"] is None:
        return labels.MISSING
    change = labels.points(row["resolution_rate"], row["resolution_rate_before"]).replace(" 个百分点", "")
    title = f"{row['resolution_numerator']:g}/{row['resolution_denominator']}"
    return f'<span title="{title}">{labels.rate(row["resolution_rate"])}</span><small>{title}，{change}</small>'


def _share(row: tables.Row, name: str, whole: str) -> str:
    return f"{labels.rate(row[f'{name}_share'])}<small>{row[f'{name}_count']:,}/{row[whole]:,}</small>"
