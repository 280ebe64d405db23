"""Words and number formats of the pages: pure functions, Chinese out. Column labels come from the data dictionary."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from hotline12345.sql.dictionary import columns
from hotline12345.sql.rule_layout import STATUSES, SUMMARY_METHODS, TIE_BREAKS

MISSING = "—"
DISCLAIMER = "本系统测算，以正式通报为准"
SIMULATED = "模拟数据，仅供演示：单位、工单、数字均为虚构"
CONFIDENTIAL = "保密，须知人员可查看"
NO_VALID = "无有效回访"
WITHHELD = "·"
WITHHELD_BECAUSE = "不足 5 件（人），或为避免由合计推算出这样的格，不列"
UNCLASSIFIED = "未归类"
OTHER = "其他"

REASONS = {
    "counted": "计入三率",
    "unreached": "未联系上诉求人，按规则计入分母",
    "callback_awaited": "等待回访",
    "callback_not_valid": "回访无效（未取得有效答复）",
    "repeat_of_case": "重复诉求，同一案件已计另一件",
    "suspended": "挂账，暂不计分",
    "excluded": "已剔除",
    "not_assessed": "不纳入考核",
    "order_type_out_of_scope": "工单类型不在考核范围",
    "no_callback_column": "导入文件没有这种回访的列",
    "response_only": "只评价响应率",
    "no_answer_column": "导入文件没有这一列",
    "not_answered": "没有答这一项",
    "unreached_left_out": "未联系上诉求人，这一率不计",
}
STATES = {
    "期内": "期内（尚未结束，数字仍会变）",
    "待回访": "待回访（已结束，回访未完，数字仍会变）",
    "终": "终（已定稿）",
}
GROUPS = ("街镇", "区直部门", "国企", "其他单位", "未登记单位", "未填")
BANDS = ("高于同组均值", "暂不可区分", "低于同组均值", NO_VALID)
GRAINS = ("共性问题", "点位事件")
SOURCES = {"复核": "人工复核", "人工": "人工标注", "模型": "模型判断", UNCLASSIFIED: UNCLASSIFIED}
BASES = {
    "计数": "有人复核过的按复核，其余按导入文件自带的人工标注，没有标注的按模型判断；模型把握不够的列为未归类",
    "模型": "全部按模型判断，不看人工标注和复核；把握不够的列为未归类",
    "人工": "只按导入文件自带的人工标注，不看复核和模型；没有标注的列为未归类",
}
TOPIC_REQUESTS = {
    "train_topics": "重新训练",
    "rescore_topics": "重新分类",
    "rollback_topics": "换回先前的模型",
    "doubt_topics": "查找标注疑点",
}
REQUESTS = {"inspect": "识别", "load": "导入", "undo": "撤销", "reconcile": "对账通报", **TOPIC_REQUESTS}
COUNTED_TOPICS = f"分类：{BASES['计数']}。"


def told(values: pl.Series, say: Callable[[Any], str]) -> pl.Series:
    """Each value in words; null stays null.

    Never `map_elements` on a page: there Polars' threads wait for the interpreter, and as soon as another page holds it
    while it waits for Polars (`to_pandas`), the whole server stands still.
    """
    return pl.Series(values.name, [None if value is None else say(value) for value in values], dtype=pl.String)


def count(value: float | None, unit: str = "") -> str:
    """`1,234` or `1,234 件`; — when missing."""
    if value is None:
        return MISSING
    return f"{round_half_up(value, 0):,.0f}" + (f" {unit}" if unit else "")


def rate(value: float | None) -> str:
    """A share 0–1 as `87.5%`, half-up."""
    return MISSING if value is None else f"{round_half_up(100 * Decimal(repr(value)), 1)}%"


def chance(value: float | None) -> str:
    """A probability as `87.5%`; one that would print as 0.0% or 100.0% without being 0 or 1 as `不到 0.1%`, `超过 99.9%`."""
    if value is not None and 0 < value < 0.0005:
        return "不到 0.1%"
    return "超过 99.9%" if value is not None and 0.9995 <= value < 1 else rate(value)


def score(value: float | None, decimals: int = 1) -> str:
    """A score 0–100 with as many decimals as its rule keeps."""
    return MISSING if value is None else f"{round_half_up(value, decimals)}"


def points(now: float | None, before: float | None) -> str:
    """Difference of two rates (0–1) in 百分点; — when one is missing."""
    if now is None or before is None:
        return MISSING
    return f"{_signed(100 * (Decimal(repr(now)) - Decimal(repr(before))))} 个百分点"


def change(now: float | None, before: float | None) -> str:
    """Relative difference of two counts in %; — when one is missing or the earlier one is 0."""
    if now is None or not before:
        return MISSING
    return f"{_signed(100 * (now - before) / before)}%"


def score_change(now: float | None, before: float | None) -> str:
    """Difference of two scores in 分; — when one is missing."""
    return MISSING if now is None or before is None else f"{_signed(Decimal(repr(now)) - Decimal(repr(before)))} 分"


def _signed(value: float | Decimal) -> str:
    rounded = round_half_up(value, 1)
    return f"{rounded:+}" if rounded else f"{rounded}"


def round_half_up(value: float | Decimal, digits: int) -> Decimal:
    """Commercial rounding of the number as it prints; never the banker's."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def month(value: date) -> str:
    """`2026年3月`."""
    return f"{value.year}年{value.month}月"


def period(period_id: str) -> str:
    """`2026-03` → `2026年3月`, `2026` → `2026年`."""
    year, _, number = period_id.partition("-")
    return f"{int(year)}年{int(number)}月" if number else f"{int(year)}年"


def period_name(period_id: str) -> str:
    """`2026-03` → `2026年3月期`, `2026` → `2026年`: a natural year is not called 期."""
    return f"{period(period_id)}期" if "-" in period_id else period(period_id)


def day(value: date) -> str:
    """`2026年3月5日`."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """`2026-03-05 14:20`; — when missing."""
    return value.strftime("%Y-%m-%d %H:%M") if value else MISSING


def span(start_at: datetime, end_at: datetime) -> str:
    """Start (inclusive) and end (exclusive) as the days people say: `2026年2月19日至3月18日`.

    Where they are not at 0 o'clock, with the hours: `2026年2月19日18时至3月19日18时前`.
    """
    has_hours = (start_at.time(), end_at.time()) != (time.min, time.min)
    last = end_at if has_hours else end_at - timedelta(microseconds=1)
    same = f"{last.month}月{last.day}日" if last.year == start_at.year else day(last)
    return f"{day(start_at)}{start_at.hour}时至{same}{last.hour}时前" if has_hours else f"{day(start_at)}至{same}"


def state(row: Mapping[str, Any], reasons: Mapping[str, int]) -> str:
    """The state of a period; unless final, with 已回访 / 应回访 from the counts by reason."""
    name = str(row["period_state"])
    if name == "终":
        kind = f"（{row['freeze_kind']}：{moment(row['frozen_at'])}）" if row["frozen_at"] else ""
        return f"终{kind}"
    made, due = callbacks(reasons)
    if not due:
        return name
    return f"{name}（已回访 {made:,} / 应回访 {due:,}）"


def moved(period: Mapping[str, Any]) -> str:
    """That a final period's orders changed after its freeze; empty when none did."""
    count_moved = period["changed_after_freeze"]
    return f"定稿后有 {count_moved:,} 件工单的内容有变动，数字按最新内容计算" if count_moved else ""


def callbacks(reasons: Mapping[str, int]) -> tuple[int, int]:
    """Callbacks made and callbacks due, from the counts by reason."""
    made = reasons.get("counted", 0) + reasons.get("callback_not_valid", 0)
    return made, made + reasons.get("callback_awaited", 0)


def rule(row: Mapping[str, Any]) -> str:
    """Name and status of a rule, as foot-notes print it."""
    own = "；按承办单位自评计分，不是回访结果" if row["answer_source"] == "unit" else ""
    return (
        f"{row['rule_name']}（{STATUSES[row['rule_status']]}规则，{SUMMARY_METHODS[row['summary_method']]}汇总{own}）"
    )


def ranking(decimals: int, tie_break: str, minimum_for_rank: int) -> str:
    """How a rule ranks: rounding before ranking, ties, and how many valid callbacks a rank takes."""
    places = f" {decimals} 位小数" if decimals else "整数"
    few = f"；有效回访不足 {minimum_for_rank} 件的单位只列分数、不排名" if minimum_for_rank > 1 else ""
    return f"综合成绩先四舍五入到{places}再排名，同类单位内排；同分时{TIE_BREAKS[tie_break]}{few}；没有有效回访的单位没有三率，照列"


def summary_method(name: str) -> str:
    """How a 汇总 line is made."""
    return SUMMARY_METHODS[name]


def lost_parts(order: Mapping[str, Any]) -> str:
    """Which rates an order cost points in, and why: `未解决、基本满意`; — for one that lost none."""
    if order["reason_code"] == "unreached":
        return "未联系上"
    if order["reason_code"] != "counted":
        return MISSING
    parts = []
    if order["is_in_response"] and order["response_value"] < 1000:
        parts.append("未联系")
    for inside, value, answer, blank in (
        ("is_in_resolution", "resolution_value", "resolution", "解决情况空白"),
        ("is_in_satisfaction", "satisfaction_value", "satisfaction", "满意度空白"),
    ):
        if order[inside] and order[value] < 1000:
            parts.append(str(order[answer] or blank))
    return "、".join(parts) or MISSING


def unit_rank(group: str) -> int:
    """Where a group of units stands on a page; unknown groups come last."""
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)


def in_group_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order in which pages show groups of units; a stable sort by unit_group."""
    place = pl.Series([unit_rank(group) for group in frame["unit_group"]], dtype=pl.Int64)
    return frame.with_columns(place=place).sort("place", maintain_order=True).drop("place")


def shown(name: str, value: object) -> str:
    """A value of a column in the format its dictionary entry asks for."""
    kind = columns()[name].type if name in columns() else "text"
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return month(value) if name == "created_month" else day(value)
    if isinstance(value, int | float):
        formats: dict[str, Callable[[float], str]] = {"rate": rate, "score": score, "integer": count}
        return formats.get(kind, str)(value)
    return str(value)


def column(name: str) -> str:
    """The Chinese label of a column, from the data dictionary."""
    return columns()[name].zh


def meaning(name: str) -> str:
    """What a column means, from the data dictionary."""
    return columns()[name].meaning


def column_or_name(name: str | None) -> str:
    """The label of a known column, else the name as it stands (a file's own heading); — when missing."""
    if name is None:
        return MISSING
    return columns()[name].zh if name in columns() else name
