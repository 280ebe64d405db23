"""差距 of one unit in orders: to a target that the user enters, to its group's mean, to the next rank."""

from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, rate_data
from hotline12345.dashboard.distances import VERBS, Distance, say, to_figure, to_next_rank
from hotline12345.dashboard.tables import html_table
from hotline12345.dashboard.views.scope import Scope

WAYS = {"resolution": "只改进“是否解决”", "satisfaction": "只改进“是否满意”", "both": "既解决又满意"}
RATES = ("resolution_rate", "satisfaction_rate")
NOTE = (
    "件数指本期已计入三率、答复没有得满分的工单，改进后按满分计，先算对成绩作用最大的；分母、其他单位都不变。"
    "只说明差距有多大，不预测结果。"
)


def render(scope: Scope, row: dict[str, Any]) -> None:
    """The section of the unit's page."""
    components.section("差距", NOTE)
    if row["score"] is None:
        components.empty("这一期没有综合成绩，没有差距可算。")
        return
    goals = [*_entered(row), *_means(scope, row)]
    steps = rate_data.score_steps(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, row["unit_id"])
    rows = [_line(scope, steps, name, goal, title) for name, goal, title in goals]
    rows.append(_rank_line(scope, steps, row))
    headings = {"goal": "目标", "now": "现在", "gap": "相差", **WAYS}
    frame = pl.DataFrame(rows, schema=dict.fromkeys(headings, pl.String))
    components.table(html_table(frame, list(headings), headings=headings))
    st.caption(NOTE)


def _entered(row: dict[str, Any]) -> list[tuple[str, float, str]]:
    """The targets typed in here; they are not kept — kept ones are entered on the page 目标."""
    score, resolution, satisfaction, _ = st.columns([1, 1, 1, 1.5])
    found = []
    for column, name, title, step in (
        (score, "score", "综合成绩目标（分）", 0.5),
        (resolution, "resolution_rate", "解决率目标（%）", 1.0),
        (satisfaction, "satisfaction_rate", "满意率目标（%）", 1.0),
    ):
        with column:
            value = st.number_input(
                title, 0.0, 100.0, None, step, key=f"goal_{name}", placeholder="填一个数", format="%.1f"
            )
        if value is not None and row[name] is not None:
            found.append(
                (name, value if name == "score" else value / 100, f"{labels.column(name)} {_shown(name, value)}")
            )
    return found


def _shown(name: str, value: float) -> str:
    return f"{labels.score(value)} 分" if name == "score" else f"{labels.round_half_up(value, 1)}%"


def _means(scope: Scope, row: dict[str, Any]) -> list[tuple[str, float, str]]:
    """The 汇总 of the unit's group."""
    summary = rate_data.group_summary(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    mine = summary.filter(pl.col("unit_group") == row["unit_group"])
    if mine.is_empty():
        return []
    mean = mine.row(0, named=True)
    found = []
    for name in ("score", *RATES):
        if mean[name] is not None and row[name] is not None:
            shown = f"{labels.score(mean[name])} 分" if name == "score" else labels.rate(mean[name])
            found.append((name, mean[name], f"{row['unit_group']}汇总的{labels.column(name)} {shown}"))
    return found


def _line(scope: Scope, steps: dict[Any, pl.DataFrame], name: str, goal: float, title: str) -> dict[str, str]:
    now = steps["both"][name][0]
    line = {
        "goal": title,
        "now": labels.score(now, scope.rule["score_decimals"]) if name == "score" else labels.rate(now),
        "gap": labels.score_change(now, goal) if name == "score" else labels.points(now, goal),
    }
    return line | {way: _told(to_figure(steps[way], name, goal), way, name) for way in VERBS}


def _told(distance: Distance | None, way: str, name: str) -> str:
    """— where this way of improving does not touch the rate at all."""
    if name in RATES and way not in (name.removesuffix("_rate"), "both"):
        return labels.MISSING
    return say(distance, way)


def _rank_line(scope: Scope, steps: dict[Any, pl.DataFrame], row: dict[str, Any]) -> dict[str, str]:
    tie_break = scope.rule["tie_break"]
    ways = {way: to_next_rank(steps[way], scope.scores, row["unit_id"], tie_break) for way in VERBS}
    is_first = row["score_rank"] == 1
    line = {
        "goal": f"{row['unit_group']}的前一位",
        "now": f"第 {row['score_rank']}" if row["score_rank"] else "不排位次",
        "gap": labels.MISSING,
    }
    return line | {way: "已是第一" if is_first else say(distance, way) for way, distance in ways.items()}
