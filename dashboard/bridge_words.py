"""A bridge in Chinese: one paragraph to copy, and what is said of each order."""

from collections.abc import Mapping
from math import fsum
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.bridge_changes import BASE, RULE
from hotline12345.dashboard.bridge_states import Answer, Moment
from hotline12345.dashboard.bridges import APPLIES, INDICATORS, ROUNDING, SCORE, Bridge, State, shown_parts
from hotline12345.sql.rule_layout import INDICATORS as NAMES
from hotline12345.sql.rule_layout import SUMMARY_METHODS

ELSEWHERE, ABSENT = "在其他单位", "—"
NOT_OF_UNITS = (RULE, APPLIES, ROUNDING)  # causes that are neither structure nor performance of units


def figure_name(indicator: str) -> str:
    """综合成绩 or the name of a rate."""
    return "综合成绩" if indicator == SCORE else NAMES[indicator]


def unit_of(indicator: str) -> str:
    """What a contribution is counted in."""
    return "分" if indicator == SCORE else "个百分点"


def paragraph(answer: Answer, bridge: Bridge) -> str:
    """The whole bridge as one paragraph: figures, causes, orders, rule, periods, cut-offs, usual variation."""
    parts = [f"{answer.unit_name}{_figures(answer, bridge)}"]
    if bridge.refusal:
        parts.append(bridge.refusal)
    else:
        parts.append(_causes(bridge))
        parts.append(_units(answer, bridge))
        parts.append(_base(answer, bridge))
        parts.append(_usual(answer, bridge))
    parts.append(_ground(answer))
    return "".join(filter(None, parts))


def _figures(answer: Answer, bridge: Bridge) -> str:
    start, end = _ends(answer)
    name = figure_name(bridge.indicator)
    told = f"{name}：{_moment(answer, 0)} {_figure(bridge, start, bridge.start)}，{_moment(answer, -1)} {_figure(bridge, end, bridge.end)}"
    if bridge.refusal:
        return f"{told}。"
    moved = shown_parts([bridge.difference])[0] / 100
    word = "上升" if moved > 0 else "下降" if moved < 0 else "持平"
    told += f"，{word} {abs(moved):.2f} {unit_of(bridge.indicator)}" if moved else "，持平"
    if bridge.indicator != SCORE:
        return f"{told}。"
    rates = [
        f"{NAMES[name]} {_rate(start, name)} → {_rate(end, name)}"
        for name in INDICATORS
        if end.totals.get(f"{name}_part") or start.totals.get(f"{name}_part")
    ]
    return f"{told}（{'；'.join(rates)}）。"


def _figure(bridge: Bridge, state: State, value: float | None) -> str:
    if bridge.indicator != SCORE:
        return _rate(state, bridge.indicator)
    return labels.NO_VALID if value is None else f"{value:.{state.totals['score_decimals']}f} 分"


def _rate(state: State, indicator: str) -> str:
    """`81.25%（26/32）`, two decimals so that it fits the contributions."""
    share = state.rate(indicator)
    if share is None:
        return labels.NO_VALID
    numerator, denominator = state.fraction(indicator)
    return f"{labels.round_half_up(100 * share, 2)}%（{numerator:g}/{denominator:,}）"


def _causes(bridge: Bridge) -> str:
    shown = shown_parts(bridge.causes["contribution"].to_list())
    parts = [
        f"{cause} {signed(part)}" + (f"（{count:,} 件）" if count else "")
        for (cause, count), part in zip(bridge.causes.select("cause", "order_count").iter_rows(), shown, strict=True)
    ]
    if not parts:
        return "两端的工单和答复没有差别。"
    orders = bridge.orders["order_id"].n_unique()
    return f"其中{'、'.join(parts)}，合计 {signed(sum(shown))} {unit_of(bridge.indicator)}，涉及工单 {orders:,} 件。"


def signed(hundredths: int) -> str:
    """`+1.25`, `0.00`."""
    return f"{hundredths / 100:+.2f}" if hundredths else "0.00"


def _units(answer: Answer, bridge: Bridge) -> str:
    if bridge.units.is_empty():
        return ""
    shown = shown_parts(bridge.causes["contribution"].to_list())
    rest = {cause: part for cause, part in zip(bridge.causes["cause"], shown, strict=True) if cause in NOT_OF_UNITS}
    structure = shown_parts([fsum(bridge.units["structure"])])[0]
    performance = sum(shown) - sum(rest.values()) - structure
    others = "".join(f"、{cause} {signed(part)}" for cause, part in rest.items())
    return (
        f"{answer.unit_name}为 {len(bridge.units):,} 个单位合并计算{_mean(answer, bridge)}；"
        f"差额又可分为结构（各单位有效回访占比变化）{signed(structure)}、"
        f"表现（各单位自身变化）{signed(performance)}{others}，合计 {signed(sum(shown))} {unit_of(bridge.indicator)}。"
    )


def _mean(answer: Answer, bridge: Bridge) -> str:
    """That the 汇总 line of a ranking table is another figure, where the rule makes it the mean of the units."""
    sides = list(zip(answer.summaries, (answer.chain.before, answer.chain.after), strict=True))
    told = [_mean_figure(summary, state, bridge.indicator) for summary, state in sides]
    if not any(told):
        return ""
    first, last = (figure or ABSENT for figure in (told[::-1] if answer.chain.is_reversed else told))
    return f"，与汇总行（{SUMMARY_METHODS['mean_of_units']} {first} → {last}）不同"


def _mean_figure(summary: Mapping[str, Any], state: State, indicator: str) -> str:
    """The 汇总 line's figure; empty where it is pooled or there is none."""
    name = "score_mean" if indicator == SCORE else f"{indicator}_rate_mean"
    value = summary[name] if summary.get("summary_method") == "mean_of_units" else None
    if value is None:
        return ""
    if indicator == SCORE:
        return f"{value:.{state.totals['score_decimals']}f} 分"
    return f"{labels.round_half_up(100 * value, 2)}%"


def _base(answer: Answer, bridge: Bridge) -> str:
    """What the causes of two periods are held against."""
    if answer.chain.reference is None:
        return ""
    earlier = labels.period_name(answer.moments[0].period_id)
    said = f"{labels.period_name(answer.moments[1].period_id)}的每件工单都与{earlier}的率相比"
    if BASE in bridge.causes["cause"]:
        aged = "" if answer.chain.reference is answer.chain.rebased else "看到与后一期同龄时、再"
        return f"上期基数指{earlier}{aged}撤回剔除和挂账后的变化；{said}。"
    return f"{said}。"


def _usual(answer: Answer, bridge: Bridge) -> str:
    is_within = abs(bridge.difference) <= bridge.usual
    method = "综合成绩的标准误" if bridge.indicator == SCORE else "威尔逊区间的半宽"
    verdict = "在一般波动之内，不足以说明好坏" if is_within else "超出一般波动"
    shared = "；两端含有相同工单，实际波动更小" if answer.chain.reference is None else ""
    usual = labels.round_half_up(bridge.usual, 2)
    return f"一般波动约 ±{usual} {unit_of(bridge.indicator)}（95%，按两端{method}合成，视为各自独立{shared}），本次变化{verdict}。"


def _ground(answer: Answer) -> str:
    """Rules, periods with their state and cut-offs, disclaimer."""
    rules = list(dict.fromkeys(labels.rule(row) for row in answer.rules))
    spans: dict[str, list[str]] = {}
    for period in answer.periods:
        span = f"{labels.period_name(period['period_id'])}为{labels.span(period['start_at'], period['end_at'])}"
        spans.setdefault(span, []).append(f"{period['period_state']}，数据截至 {labels.moment(period['cutoff_at'])}")
    periods = "；".join(f"{span}（{'；'.join(dict.fromkeys(states))}）" for span, states in spans.items())
    return f"规则：{'，较晚一端为'.join(rules)}。{periods}。{labels.DISCLAIMER}。"


def _ends(answer: Answer) -> tuple[State, State]:
    """The states at the start and the end of the question."""
    chain = answer.chain
    return (chain.after, chain.before) if chain.is_reversed else (chain.before, chain.after)


def _moment(answer: Answer, place: int) -> str:
    moment = answer.moments[::-1][place] if answer.chain.is_reversed else answer.moments[place]
    return told_moment(moment)


def told_moment(moment: Moment) -> str:
    """`2026年3月期（按 2026-04-01 12:00 已知）`."""
    known = f"按 {labels.moment(moment.as_of)} 已知" if moment.as_of else "按最新数据"
    return f"{labels.period_name(moment.period_id)}（{known}）"


def told_orders(answer: Answer, bridge: Bridge) -> pl.DataFrame:
    """The orders of a bridge with what each counted as before and after; grain order_id, cause, detail.

    Columns order_id, cause, detail, order_before, order_after, contribution. `—`: not in the data of that side.
    """
    chain = answer.chain
    earlier, later = _told(chain.before), _told(chain.after)
    if chain.reference is not None:
        later = pl.concat([later, _told(chain.reference)]).unique("order_id", keep="first", maintain_order=True)
    names = ("order_after", "order_before") if chain.is_reversed else ("order_before", "order_after")
    found = bridge.orders
    for name, told in zip(names, (earlier, later), strict=True):
        found = found.join(told.rename({"told": name}), on="order_id", how="left", maintain_order="left")
    found = found.with_columns(pl.col(names).fill_null(ABSENT))
    return found.select("order_id", "cause", "detail", "order_before", "order_after", "contribution")


def _told(state: State) -> pl.DataFrame:
    """How each order stands in a state, in words; grain order_id."""
    here = pl.col("unit_id").is_in(list(state.orders.unit_ids))
    is_counted = pl.any_horizontal(f"is_in_{name}" for name in INDICATORS)
    contact = pl.when(pl.col("is_in_response") & (pl.col("response_value") == 0)).then(pl.lit("未联系、"))
    answers = pl.concat_str(
        contact.otherwise(pl.lit("")),
        pl.col("resolution").fill_null("解决情况空白"),
        pl.lit("、"),
        pl.col("satisfaction").fill_null("满意度空白"),
    )
    reason = pl.col("reason_code").replace_strict(labels.REASONS, default=pl.col("reason_code"))
    told = pl.when(~here).then(pl.lit(ELSEWHERE)).when(is_counted).then(answers).otherwise(reason)
    return state.orders.frame.select("order_id", told=told)


def as_json(answer: Answer, bridge: Bridge) -> dict[str, Any]:
    """A bridge under the names of the command's contract; contributions and usual variation in 百分点 or 分."""
    start, end = _ends(answer)
    moments = answer.moments[::-1] if answer.chain.is_reversed else answer.moments
    return {
        "unit_name": answer.unit_name,
        "indicator": bridge.indicator,
        "from": _side(moments[0], start, bridge.start, bridge.indicator),
        "to": _side(moments[1], end, bridge.end, bridge.indicator),
        "difference": bridge.difference,
        "causes": bridge.causes.to_dicts(),
        "units": bridge.units.to_dicts(),
        "usual_variation": bridge.usual,
        "is_within_usual": None if bridge.refusal else abs(bridge.difference) <= bridge.usual,
        "rule_ids": list(dict.fromkeys(str(row["rule_id"]) for row in answer.rules)),
        "paragraph": paragraph(answer, bridge),
    }


def _side(moment: Moment, state: State, value: float | None, indicator: str) -> Mapping[str, Any]:
    rates = INDICATORS if indicator == SCORE else (indicator,)
    return {
        "period_id": moment.period_id,
        "as_of": moment.as_of,
        "value": value,
        **{f"{name}_numerator": state.fraction(name)[0] for name in rates},
        **{f"{name}_denominator": state.fraction(name)[1] for name in rates},
    }
