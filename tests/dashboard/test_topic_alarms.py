"""Alarms of the model's health: each has its cause planted, ordinary months raise none, and the reason says the figures."""

import math
from datetime import date
from typing import Any

import polars as pl
import pytest

from hotline12345.dashboard import topic_alarms
from hotline12345.dashboard.topic_alarms import Alarm, alarms, stability_index

MANIFEST = {"class_mix": {"T1": 0.5, "T2": 0.5}, "unseen_share": 0.03}
MONTHS = tuple(date(2026, month, 1) for month in range(1, 6))


def row(month: date, code: str, **changes: Any) -> dict[str, Any]:
    """A month of one category: 200 orders at 0.8, 3 % unseen, 10 % unsure, 5 % otherwise than the clerk."""
    count = changes.get("order_count", 200)
    usual = {
        "created_month": month,
        "model_topic_code": code,
        "topic_name": {"T1": "公共服务", "T2": "住房"}[code],
        "order_count": count,
        "probability_sum": 0.8 * count,
        "unseen_known_count": count,
        "unseen_sum": 0.03 * count,
        "unsure_count": count // 10,
        "labelled_count": count,
        "disagreement_count": count // 20,
        "corrected_count": 0,
    }
    return usual | changes


def found(
    last: dict[str, Any], code: str = "T1", months: tuple[date, ...] = MONTHS, manifest: Any = None
) -> list[Alarm]:
    """The alarms where the last month of one category is changed."""
    rows = [
        row(month, each, **(last if month == months[-1] and each == code else {}))
        for month in months
        for each in ("T1", "T2")
    ]
    return alarms(pl.DataFrame(rows), MANIFEST if manifest is None else manifest)


def test_ordinary_months_raise_none():
    assert found({}) == []


@pytest.mark.parametrize(
    ("last", "kind", "name", "words"),
    [
        ({"probability_sum": 0.6 * 200}, "把握下降", "公共服务", ("80.0%", "60.0%", "200 件")),
        ({"unseen_sum": 0.2 * 200}, "生词增多", "全部类别", ("11.5%", "3.0%")),
        ({"unsure_count": 80}, "待复核增多", "全部类别", ("25.0%", "10.0%")),
        ({"disagreement_count": 80}, "与人工不一致增多", "全部类别", ("22.5%", "5.0%")),
    ],
)
def test_each_cause_has_its_alarm(last: dict[str, Any], kind: str, name: str, words: tuple[str, ...]):
    (alarm,) = found(last)
    assert (alarm.kind, alarm.topic_name, alarm.month) == (kind, name, MONTHS[-1])
    assert all(word in alarm.reason for word in words)
    assert "请" in alarm.reason, "an alarm says what to do"


def test_a_shifted_mix_names_what_moved():
    (alarm,) = found({"order_count": 1000, "probability_sum": 800.0, "unseen_known_count": 1000, "unseen_sum": 30.0, "unsure_count": 100, "labelled_count": 1000, "disagreement_count": 50})  # fmt: skip
    assert alarm.kind == "类别构成变化"
    assert "公共服务 50.0% → 83.3%" in alarm.reason
    assert "住房 50.0% → 16.7%" in alarm.reason


def test_a_drop_that_chance_explains_is_none():
    """Of 30 orders, 0.8 has a standard error of 0.073: a drop of 0.15 says nothing; of 200 it does."""
    small = [
        row(month, code, order_count=30 if code == "T1" else 400)
        | ({"probability_sum": 0.65 * 30} if month == MONTHS[-1] and code == "T1" else {})
        for month in MONTHS
        for code in ("T1", "T2")
    ]
    assert alarms(pl.DataFrame(small), {}) == []
    assert [alarm.kind for alarm in found({"probability_sum": 0.65 * 200})] == ["把握下降"]


def test_few_orders_or_a_single_month_are_not_judged():
    few = [row(month, "T1", order_count=40, probability_sum=4.0) for month in MONTHS]
    assert alarms(pl.DataFrame(few), MANIFEST) == []
    assert found({"probability_sum": 20.0}, months=MONTHS[:1]) == []


def test_the_newest_month_with_enough_orders_counts():
    rows = [row(month, code) for month in MONTHS for code in ("T1", "T2")]
    rows.append(row(date(2026, 6, 1), "T1", order_count=20, probability_sum=1.0, unsure_count=20))
    assert alarms(pl.DataFrame(rows), MANIFEST) == []


def test_without_a_manifest_only_the_months_are_compared():
    assert found({"unseen_sum": 100.0}, manifest={}) == []
    assert [alarm.kind for alarm in found({"unsure_count": 150}, manifest={})] == ["待复核增多"]


def test_shares_without_a_basis_are_null():
    frame = pl.DataFrame([row(MONTHS[0], "T1", unseen_known_count=0, unseen_sum=None, labelled_count=0)])
    shown = topic_alarms.monthly(frame)
    assert shown.select("mean_probability", "unseen_share", "disagreement_share").row(0) == (0.8, None, None)


def test_stability_index():
    even = {"a": 0.5, "b": 0.5}
    assert stability_index(even, {"a": 500, "b": 500}) == pytest.approx(0)
    shares = (800.5 / 1001, 200.5 / 1001)
    by_hand = sum((now - 0.5) * math.log(now / 0.5) for now in shares)
    assert stability_index(even, {"a": 800, "b": 200}) == pytest.approx(by_hand)
    assert stability_index(even, {"a": 500, "b": 500, "c": 500}) > 0.25, "a class that training did not know"
