"""Words and number formats."""

import re
from datetime import date, datetime

import pytest

from hotline12345.dashboard import labels
from hotline12345.sql.dictionary import columns


@pytest.mark.parametrize(
    ("value", "shown"), [(0.875, "87.5%"), (1.0, "100.0%"), (0.90050, "90.1%"), (0.00049, "0.0%"), (None, "—")]
)
def test_rates_round_half_up(value, shown):
    assert labels.rate(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.00049, "不到 0.1%"), (0.0005, "0.1%"), (0.9994, "99.9%"), (0.9995, "超过 99.9%"), (0, "0.0%"), (1.0, "100.0%")],
)
def test_a_probability_is_never_rounded_to_certainty(value, shown):
    assert labels.chance(value) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [(0.875, 0.85, "+2.5 个百分点"), (0.85, 0.875, "-2.5 个百分点"), (0.5, 0.5, "0.0 个百分点"), (0.5, None, "—")],
)
def test_rates_change_in_points(now, before, shown):
    assert labels.points(now, before) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"), [(110, 100, "+10.0%"), (1, 3, "-66.7%"), (5, 0, "—"), (5, None, "—"), (7, 7, "0.0%")]
)
def test_counts_change_in_percent_and_never_from_zero(now, before, shown):
    assert labels.change(now, before) == shown


def test_counts_and_times():
    assert labels.count(1234, "件") == "1,234 件"
    assert labels.count(None) == "—"
    assert labels.score(90.05) == "90.1"
    assert labels.month(date(2026, 3, 1)) == "2026年3月"
    assert labels.period("2026-03") == "2026年3月"
    assert labels.span(datetime(2026, 2, 19), datetime(2026, 3, 19)) == "2026年2月19日至3月18日"
    assert labels.span(datetime(2026, 2, 19, 18), datetime(2026, 3, 19, 18)) == "2026年2月19日18时至3月19日18时前"
    assert labels.span(datetime(2025, 12, 19, 9), datetime(2026, 1, 19, 9)) == "2025年12月19日9时至2026年1月19日9时前"
    assert (labels.period_name("2026-03"), labels.period_name("2026")) == ("2026年3月期", "2026年")
    assert labels.span(datetime(2025, 12, 19), datetime(2026, 1, 19)) == "2025年12月19日至2026年1月18日"


def test_states_show_callbacks_until_they_are_final():
    reasons = {"counted": 80, "callback_not_valid": 5, "callback_awaited": 15, "excluded": 3}
    row = {"period_state": "待回访", "frozen_at": None, "freeze_kind": None}
    assert labels.state(row, reasons) == "待回访（已回访 85 / 应回访 100）"
    assert labels.state({**row, "period_state": "期内"}, {}) == "期内"
    final = {"period_state": "终", "frozen_at": datetime(2026, 3, 5, 18), "freeze_kind": "回访截止"}
    assert labels.state(final, reasons) == "终（回访截止：2026-03-05 18:00）"


def order(**changed):
    """An order that counts in all three rates and lost nothing."""
    return {
        **{"reason_code": "counted", "resolution": "解决", "satisfaction": "满意"},
        **{f"is_in_{name}": True for name in ("response", "resolution", "satisfaction")},
        **{f"{name}_value": 1000 for name in ("response", "resolution", "satisfaction")},
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, "—"),
        ({"response_value": 0}, "未联系"),
        (
            {"resolution_value": 0, "resolution": "未解决", "satisfaction_value": 0, "satisfaction": "不满意"},
            "未解决、不满意",
        ),
        ({"satisfaction_value": 900, "satisfaction": "基本满意"}, "基本满意"),
        ({"satisfaction_value": 0, "satisfaction": None}, "满意度空白"),
        ({"is_in_resolution": False, "resolution_value": 0}, "—"),
        ({"reason_code": "excluded", "response_value": 0}, "—"),
    ],
)
def test_lost_points_are_named(changed, shown):
    assert labels.lost_parts(order(**changed)) == shown


def test_every_reason_of_the_ledger_has_words(root):
    sql = (root / "sql" / "intermediate" / "rate_ledger.sql").read_text(encoding="utf-8")
    codes = set(re.findall(r"(?:then|else) '([a-z_]+)'", sql))
    assert len(codes) > 8
    assert codes <= set(labels.REASONS)


def test_values_print_by_their_dictionary_type():
    assert columns()["resolution_rate"].type == "rate"
    assert labels.shown("resolution_rate", 0.5) == "50.0%"
    assert labels.shown("received", 1234) == "1,234"
    assert labels.shown("is_contacted", True) == "是"
    assert labels.shown("created_month", date(2026, 3, 1)) == "2026年3月"
    assert labels.shown("closed_at", None) == "—"
