"""Parts of the 总览 about units: volume beside quality, whose score moved most and why."""

from html import escape

import polars as pl
import streamlit as st

from hotline12345.dashboard import bridge_words, components, district, labels, rate_charts, rate_data, tables
from hotline12345.dashboard.bridge_states import BridgeError, Moment, Question
from hotline12345.dashboard.bridges import SCORE, build_bridge
from hotline12345.dashboard.comparisons import Windows
from hotline12345.dashboard.quadrants import words
from hotline12345.dashboard.rank_tables import COMPARISONS
from hotline12345.dashboard.score_moves import is_usual, score_moves
from hotline12345.dashboard.views import quadrant
from hotline12345.dashboard.views.scope import Scope

NAMES_SHOWN = 6


def quality(scope: Scope, windows: Windows) -> None:
    """降量提质: the district as a whole in a sentence, and which units stand in which quadrant."""
    compared = _compared(scope)
    rated = quadrant.comparable(scope, compared)
    volumes = {
        name: window for name, window in zip(COMPARISONS, (windows.before, windows.year_ago), strict=True) if window
    }
    against = next(iter([*rated, *volumes]), "")
    components.section(
        f"降量提质（{COMPARISONS[against]}）" if against else "降量提质",
        "诉求量按同样天数、解决率按同样回访进度比较；合计为全部单位合并计算。诉求量减少而重复反映、回访未接通或换渠道增多时，"
        "不一定是问题少了。各单位的数见“目标”页的“降量提质”。",
    )
    if not against:
        components.empty(quadrant.NOTHING)
        return
    both = rated.get(against) or (windows.now, volumes[against])
    units = quadrant.compared_units(scope, both, compared.filter(pl.col("comparison") == against))
    whole = district.whole(units, quadrant.channels(scope, both))
    sentences, table = st.columns([1, 1], gap="medium")
    with sentences:
        components.lead(words(whole))
        components.lead(district.beside(whole))
    with table:
        if not rated:
            components.empty(
                "两期的回访进度不同，解决率还不可比，只比诉求量。两期都定稿，或有同样进度的数据后，这里列出各单位。"
            )
            return
        group = units["unit_group"][0]
        components.table(
            tables.html_table(
                district.by_quadrant(units.filter(pl.col("unit_group") == group)),
                ("quadrant", "unit_count", "unit_names"),
                {"unit_names": _names},
                {"quadrant": group, "unit_count": "单位数", "unit_names": "单位"},
            )
        )


def _names(row: tables.Row) -> str:
    names = row["unit_names"].split("、")
    more = f"等 {len(names)} 个" if len(names) > NAMES_SHOWN else ""
    return (
        f'<span class="tight" title="{escape(row["unit_names"])}">{escape("、".join(names[:NAMES_SHOWN]))}{more}</span>'
    )


def moves(scope: Scope, now: pl.DataFrame, before: pl.DataFrame | None, limit: int) -> None:
    """Whose score moved most, with the rate that moved it; where rates cannot be compared, which place's volume."""
    compared = _compared(scope)
    comparison = next((name for name in COMPARISONS if name in set(compared["comparison"])), "")
    if not comparison:
        _places(now, before, limit)
        return
    earlier = compared.filter(pl.col("comparison") == comparison)
    found = score_moves(scope.scores, earlier, scope.rule_text).head(limit)
    decimals = scope.rule["score_decimals"]
    title, why = st.columns([2.2, 1], vertical_alignment="center")
    with title:
        components.section(
            f"成绩变化最大的单位（{COMPARISONS[comparison]}）",
            "综合成绩与可比的一期比：两期都已定稿，或按同样的回访进度。变化与一般波动（由本期 95% 区间和两期有效回访推算）相比，最明显的在前；"
            "标“波动内”的不足以说明好坏。“主要原因”为使成绩变化最多的一项率，括号内为分子/分母，"
            "后面是它使成绩增减的分数。",
        )
    with why:
        _ask_why(scope, found, Moment(earlier["compared_period_id"][0], earlier["compared_as_of"][0]))
    components.table(
        tables.html_table(
            found,
            ("unit_name", "score", "score_change", "reason"),
            {
                "score": lambda row: f"<b>{labels.score(row['score'], decimals)}</b>",
                "score_change": _score_change,
                "reason": reason,
            },
            {"unit_name": "单位", "score_change": "变化", "reason": "主要原因"},
        )
    )


def _ask_why(scope: Scope, found: pl.DataFrame, start: Moment) -> None:
    """The whole reason of one unit, on demand: it takes seconds where the earlier state must be counted again."""
    names = dict(found.select("unit_id", "unit_name").iter_rows())
    with st.popover("为什么变了", icon=":material/help:"):
        unit_id = st.selectbox(
            "选一个单位，按原因拆开差额",
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder="单位",
            key="overview_why",
        )
        if unit_id:
            _why(scope, unit_id, start)


def _score_change(row: tables.Row) -> str:
    said = labels.score_change(row["score"], row["score_before"])
    return f"{said}<small>{'波动内' if is_usual(row) else '明显'}</small>"


def reason(row: tables.Row) -> str:
    """The cell of a reason, in small letters."""
    return f'<span class="tight">{escape(row["reason"])}</span>'


def _places(now: pl.DataFrame, before: pl.DataFrame | None, limit: int) -> None:
    components.section(
        "诉求量变化最大的街乡镇",
        "按问题发生地，全口径，整日口径的环比；“主要原因”为使它变化最多的一类。三率还不可比，不在此比较。",
    )
    if before is None:
        components.empty("数据没有完整覆盖上一期，没有可比的一期。")
        return
    components.table(
        tables.html_table(
            district.place_moves(now, before, limit),
            ("place_town", "now", "change", "reason"),
            {
                "now": lambda row: labels.count(row["now"]),
                "change": lambda row: labels.change(row["now"], row["before"]),
                "reason": reason,
            },
            {"now": "本期（件）", "change": "环比", "reason": "主要原因"},
        )
    )


def _why(scope: Scope, unit_id: str, start: Moment) -> None:
    """The bridge of a unit's score as words and picture; single orders are opened on the unit's own page."""
    question = Question(unit_id, start, Moment(scope.period_id), scope.rule_id)
    try:
        answer = rate_data.bridge_answer(scope.viewer, scope.snapshot, question)
    except BridgeError as error:
        components.empty(str(error))
        return
    bridge = build_bridge(answer.chain, SCORE)
    if not bridge.refusal and not bridge.causes.is_empty():
        ends = tuple(labels.period(moment.period_id) for moment in answer.moments)
        drawn = rate_charts.waterfall(bridge, (f"起 {ends[0]}", f"止 {ends[1]}"))
        components.chart(drawn, f"{answer.unit_name}综合成绩变化的原因")
    st.code(bridge_words.paragraph(answer, bridge), language=None, wrap_lines=True)


def _compared(scope: Scope) -> pl.DataFrame:
    return rate_data.compared_scores(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
