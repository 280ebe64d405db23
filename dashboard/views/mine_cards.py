"""The score and the three rates of 我的街镇: interval, band, distance to the target and to the rank above."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import labels, rank_tables, rate_data, street_data, street_goals, target_entries
from hotline12345.dashboard.street_goals import Standing
from hotline12345.dashboard.target_progress import configured, entered
from hotline12345.dashboard.views.mine_parts import Mine, below
from hotline12345.dashboard.views.unit import standing
from hotline12345.sql.rule_layout import UNIT_ROLES
from hotline12345.sql.targets import SCORE

HELP = (
    "怎么算的：见“口径”页；下面一行为 95% 区间和距目标的差距，没有录入目标的，比同类单位的汇总。约合件数按分母不变计。"
)


def render(mine: Mine, is_trade: bool) -> None:
    """The row of cards, or why there are none."""
    if mine.row is None:
        st.caption(_without(mine, is_trade))
        return
    goals, rank = _distances(mine)
    with st.container(key="cards"):
        name, *rates = st.columns([1.25, *[1] * len(rank_tables.RATES)])
        with name:
            _score(mine, goals.get(SCORE), rank)
        for column, stem in zip(rates, rank_tables.RATES, strict=True):
            with column:
                _rate(mine, stem, goals.get(f"{stem}_rate"))


def _without(mine: Mine, is_trade: bool) -> str:
    role = UNIT_ROLES[mine.scope.rule["unit_role"]]
    if is_trade and mine.scope.rule["unit_role"] != "trade":
        return f"所选规则按{role}计分，不按行业部门计分，这里不列三率；下面的工单按归属行业部门列出。"
    return f"{mine.unit_name}在这一期没有计入三率的工单，不列三率。可以在右上换一期。"


def _distances(mine: Mine) -> tuple[dict[str, str], str]:
    """How far each figure is from its target or mean, and the unit from the rank above, in words."""
    scope, row = mine.scope, mine.row
    if row is None or row["score"] is None:
        return {}, ""
    period = (scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    steps = street_data.steps(*period, row["unit_id"])
    summary = rate_data.group_summary(*period).filter(pl.col("unit_group") == row["unit_group"])
    means = summary.row(0, named=True) if summary.height else {}
    targets = [
        *entered(target_entries.entries(scope.viewer), scope.rule_id, scope.period_id),
        *configured(rate_data.targets(scope.viewer, scope.snapshot)),
    ]
    found = Standing(row, scope.scores, steps, scope.rule["tie_break"])
    return street_goals.goal_words(found, targets, means, scope.period), street_goals.next_rank_words(found)


def _score(mine: Mine, goal: str | None, rank: str) -> None:
    row, decimals = mine.row or {}, mine.scope.rule["score_decimals"]
    value = rank_tables.no_rate(row) if row["score"] is None else labels.score(row["score"], decimals)
    _metric(f"{mine.unit_name} · {labels.column('score')}", value, standing(row))
    lines = []
    if row["score_low"] is not None:
        low, high = (labels.score(row[f"score_{end}"], decimals) for end in ("low", "high"))
        lines.append(f"95% 区间 {low}–{high} 分，{row['band']}")
    below([*lines, *filter(None, (goal, rank))])


def _rate(mine: Mine, stem: str, goal: str | None) -> None:
    row = mine.row or {}
    value = row[f"{stem}_rate"]
    told, lines = rank_tables.no_rate(row), []
    if value is not None:
        told = rank_tables.fraction(row[f"{stem}_numerator"], row[f"{stem}_denominator"]).replace("/", " / ")
        low, high = row[f"{stem}_rate_low"], row[f"{stem}_rate_high"]
        lines.append(f"95% 区间 {labels.rate(low)}–{labels.rate(high)}")
    _metric(labels.column(f"{stem}_rate"), labels.rate(value), told)
    below([*lines, *filter(None, (goal,))])


def _metric(title: str, value: str, below: str) -> None:
    st.metric(title, value, below, delta_color="off", delta_arrow="off", border=True, help=HELP)
