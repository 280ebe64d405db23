"""One order's story in plain Chinese: what it is, what became known when, and how it counts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.rule_words import clause, clause_of_reason
from hotline12345.dashboard.scores import Counts, exact_score, without
from hotline12345.sql.rule_layout import INDICATORS, SOURCES
from hotline12345.sql.rules import Rule

Row = Mapping[str, Any]
FOLLOWED = (
    *("case_id", "order_type", "created_at", "dispatched_at", "due_at", "closed_at"),
    *("unit_name", "place_town", "trade_bureau", "is_valid_callback", "is_contacted", "resolution", "satisfaction"),
    *("is_valid_callback_district", "is_contacted_district", "resolution_district", "satisfaction_district"),
    *("is_valid_callback_city", "is_contacted_city", "resolution_city", "satisfaction_city"),
    *("is_contacted_unit", "resolution_unit", "satisfaction_unit"),
    *("resolution_first", "satisfaction_first", "resolution_final", "satisfaction_final"),
    *("retention", "exclusion_tag", "exclusion_kind", "volume_exclusion", "assessment_kind", "is_assessed"),
)
TIMES = ("dispatched_at", "effective_due_at", "closed_at", "is_on_time")
FLAGS = {
    "is_excluded": "剔除",
    "is_suspended": "挂账",
    "is_volume_excluded": "不计入诉求总量",
    "is_response_only": "只评价响应率",
}
_SUFFIXES = {"callback": "", "district": "_district", "city": "_city", "unit": "_unit"}
_COLUMN_OF_RATE = {"response": "contact", "resolution": "resolution", "satisfaction": "satisfaction"}
DERIVED = "来源文件没有工单编号：编号由创建时间、单位和正文推算，后续修订无法可靠对应。"
COUNTED = ("counted", "unreached")


def order_story(order: Row, versions: pl.DataFrame, case: pl.DataFrame) -> Iterator[str]:
    """Lines about one order without the rules; `versions` has grain batch_id, `case` (the case's other orders) order_id."""
    yield f"工单 {order['order_id']}（{order['order_type'] or '类型未填'}），{labels.moment(order['created_at'])} 创建"
    yield (
        f"承办单位：{order['unit_name']}；被反映街乡镇：{order['place_town']}；"
        f"归属行业部门：{order['trade_bureau'] or '未填'}；分类：{order['topic_name']}（{order['topic_source']}）"
    )
    yield f"内容：{labels.CONFIDENTIAL if order['is_need_to_know'] else order['body'] or order['title'] or labels.MISSING}"
    yield "；".join(f"{labels.column(name)}：{labels.shown(name, order[name])}" for name in TIMES)
    yield from answers(order)
    yield f"标记：{flags(order)}"
    if order["co_units"]:
        yield f"{labels.column('co_units')}：{order['co_units']}"
    if order["is_derived_id"]:
        yield DERIVED
    if not case.is_empty():
        yield f"同一案件的其他工单：{'、'.join(case['order_id'])}"
    for version, change in zip(versions.iter_rows(named=True), changes(versions), strict=True):
        known_at = labels.moment(version["known_at"])
        yield f"批次 {version['batch_id']}（{version['file_name']}，数据时点 {known_at}）：{change}{undone(version)}"


def answers(order: Row) -> Iterator[str]:
    """What each source says of an order, one line each; of the export's own columns always, of others when they say something."""
    for source, suffix in _SUFFIXES.items():
        is_called = () if source == "unit" else ("is_valid_callback",)
        names = (*is_called, "is_contacted", "resolution", "satisfaction")
        if source == "callback" or any(order[f"{name}{suffix}"] is not None for name in names):
            yield f"{SOURCES[source]}　{_listed(order, names, suffix)}"
    for turn, title in (("first", "首次答复"), ("final", "最终答复")):
        if order[f"resolution_{turn}"] or order[f"satisfaction_{turn}"]:
            yield f"{title}　{_listed(order, ('resolution', 'satisfaction'), f'_{turn}')}"


def _listed(order: Row, names: Sequence[str], suffix: str) -> str:
    return "；".join(f"{labels.column(name)}：{labels.shown(name, order[f'{name}{suffix}'])}" for name in names)


def flags(order: Row) -> str:
    """The four flags, kept apart: `剔除：是（重复诉求）；挂账：否；…`."""
    kind = f"（{order['exclusion_kind']}）" if order["exclusion_kind"] else ""
    return "；".join(
        f"{title}：{labels.shown(name, order[name])}{kind if order[name] and name in ('is_excluded', 'is_suspended') else ''}"
        for name, title in FLAGS.items()
    )


def undone(version: Row) -> str:
    """A remark on a version whose batch was undone; empty for one in force."""
    return f"（该批次已于 {labels.moment(version['undone_at'])} 撤销，不再计入）" if version["undone_at"] else ""


def counting(row: Row, order: Row, rule: Rule, unit: Row) -> Iterator[tuple[str, str]]:
    """How an order counts under one rule, names and sentences: in or out of each rate, by which clause, what it does.

    `row` is its row of the ledger with `rule_name` and `period_state`, `unit` the scores of the unit it counts for.
    """
    yield "规则", f"{row['rule_name']}，{labels.period_name(row['period_id'])}（{row['period_state']}）"
    role = clause(rule, "unit_role")
    yield "单位", f"计在{unit['unit_name']}名下（{role.ordinal}：{role.text.split('：')[0]}）"
    if row["reason_code"] not in COUNTED:
        yield "结论", f"不进三率的分母：{labels.REASONS[row['reason_code']]}。{_basis(rule, row['reason_code'])}"
    for rate in INDICATORS:
        name = labels.column(f"{rate}_rate")
        if row[f"is_in_{rate}"]:
            yield (
                name,
                f"{_said(row, rate)}，进分母，分子计 {row[f'{rate}_value'] / 1000:g}（{_clauses_in(rule, row)}）",
            )
        elif row["reason_code"] in COUNTED and rate != "on_time":
            reason = reason_of_rate(row, order, rule, rate)
            yield name, f"不进分母：{labels.REASONS[reason]}。{_basis(rule, reason)}"
    if full := [
        labels.column(f"{rate}_rate")
        for rate in _COLUMN_OF_RATE
        if row[f"is_in_{rate}_full"] and not row[f"is_in_{rate}"]
    ]:
        yield "全口径", f"不扣减剔除和挂账时，进{'、'.join(full)}的分母"
    if any(row[f"is_in_{rate}"] for rate in INDICATORS):
        yield "影响", effect(row, rule, unit)


def reason_of_rate(row: Row, order: Row, rule: Rule, rate: str) -> str:
    """Why an order that counts is out of one of its three rates; a key of `labels.REASONS`."""
    if row["is_response_only"] and rate != "response":
        return "response_only"
    if not order[f"has_{_COLUMN_OF_RATE[rate]}{_SUFFIXES[rule.answer_source]}"]:
        return "no_answer_column"
    return "unreached_left_out" if row["reason_code"] == "unreached" else "not_answered"


def effect(row: Row, rule: Rule, unit: Row) -> str:
    """What the order does to the score of its unit: with it, without it, and the difference."""
    counts = {rate: (round(1000 * unit[f"{rate}_numerator"]), unit[f"{rate}_denominator"]) for rate in INDICATORS}
    own: Counts = {rate: (row[f"{rate}_value"], 1) if row[f"is_in_{rate}"] else (0, 0) for rate in INDICATORS}
    now, other = exact_score(rule, counts), exact_score(rule, without(counts, own))
    if now is None:
        return f"{unit['unit_name']}本期没有综合成绩"
    if other is None:
        return f"{unit['unit_name']}本期综合成绩 {_points(now)} 分，只由这一件得出"
    if other == now:
        return f"{unit['unit_name']}本期综合成绩 {_points(now)} 分，不含这一件也是如此"
    return (
        f"{unit['unit_name']}本期有效回访 {labels.count(unit['valid'], '件')}，综合成绩 {_points(now)} 分；"
        f"不含这一件为 {_points(other)} 分，相差 {labels.round_half_up(float(now - other), 2):+} 分"
    )


def changes(versions: pl.DataFrame) -> Iterator[str]:
    """What each version changed against the one before; one sentence a row, oldest first."""
    rows = list(versions.iter_rows(named=True))
    for index, row in enumerate(rows):
        if index == 0:
            yield "首次出现"
            continue
        before = rows[index - 1]
        parts = [
            f"{labels.column(name)}：{labels.shown(name, before[name])} → {labels.shown(name, row[name])}"
            for name in FOLLOWED
            if row[name] != before[name]
        ]
        yield "；".join(parts) or "其他栏目有变化"


def _said(row: Row, rate: str) -> str:
    """The answer that scored."""
    if rate == "response":
        return "已联系" if row["response_value"] else "未联系"
    if rate == "on_time":
        return "按期办结" if row["on_time_value"] else "超期办结"
    return str(row[rate] or "回访结果空白")


def _basis(rule: Rule, reason_code: str) -> str:
    one = clause_of_reason(rule, reason_code)
    return f"依据{one.ordinal}（{one.title}）：{one.text}"


def _clauses_in(rule: Rule, row: Row) -> str:
    keys = ("denominators", "answers") if row["reason_code"] == "counted" else ("denominators",)
    return "、".join(clause(rule, key).ordinal for key in keys)


def _points(score: Any) -> str:
    return str(labels.round_half_up(float(score), 2))
