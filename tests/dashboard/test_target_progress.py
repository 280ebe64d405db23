"""Targets: in force, expired and entered; the gap in 百分点 and in orders, and the words for both."""

from contextlib import closing
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from hotline12345.dashboard.target_progress import Progress, Target, configured, entered, progress
from hotline12345.sql.records.store import open_records
from hotline12345.sql.records.targets import (
    EnteredTarget,
    StatedTarget,
    entered_targets,
    set_target,
    withdraw_target,
)
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.storage import Storage
from hotline12345.sql.targets import land_targets
from hotline12345.sql.warehouse import open_memory

PLAN = Target("p", "“十四五”期末目标", "resolution_rate", 0.85, None, None, date(2021, 1, 1), date(2026, 1, 1), "示例")


def unit(resolved: float = 41.0, asked: int = 50, **more: Any) -> dict[str, Any]:
    rate = resolved / asked if asked else None
    figures = {"resolution_numerator": resolved, "resolution_denominator": asked, "resolution_rate": rate}
    return {"unit_id": "U1", "unit_group": "街镇", "score": 86.4, **figures, **more}


def period(end_at: datetime = datetime(2025, 12, 19)) -> dict[str, Any]:
    return {"end_at": end_at}


def one(row: dict[str, Any], target: Target = PLAN, **when: Any) -> Progress:
    (found,) = progress(row, [target], period(**when))
    return found


def test_a_gap_is_told_in_points_and_orders():
    found = one(unit(41))
    assert found.gap == pytest.approx(41 / 50 - 0.85)
    assert found.orders == 2, "42 of 50 are 84 %, 43 are 86 %"
    assert found.words == "“十四五”期末目标：解决率 85.0%。现为 82.0%，低于目标 3.0 个百分点，约合 2 件。"
    assert not found.is_reached


@pytest.mark.parametrize(("resolved", "orders"), [(42.5, 0), (42.4, 1), (41.5, 1), (0.0, 43), (50.0, 0)])
def test_orders_are_the_fewest_that_reach_the_target(resolved, orders):
    assert one(unit(resolved)).orders == orders


def test_a_figure_that_only_prints_as_the_target_has_not_reached_it():
    found = one(unit(8499.6, 10_000))
    assert found.is_reached is False
    assert "低于目标 不足 0.1 个百分点" in found.words


def test_an_expired_target_is_a_reference_and_no_failure():
    found = one(unit(41), end_at=datetime(2026, 3, 19))
    assert (found.state, found.title) == ("expired", "“十四五”期末目标（已到期）")
    assert found.words == "“十四五”期末目标（已到期）：解决率 85.0%，仅供参照。现为 82.0%，低于目标 3.0 个百分点。"
    assert one(unit(41), end_at=datetime(2026, 1, 1)).state == "in_force", "31 December still lies in the plan"
    assert progress(unit(41), [PLAN], period(datetime(2020, 5, 19))) == []


def test_a_unit_without_valid_callbacks_is_not_compared():
    found = one(unit(0.0, 0))
    assert (found.gap, found.orders, found.is_reached) == (None, None, None)
    assert found.words.endswith("无有效回访，不作比较。")


def test_a_target_of_the_score_has_no_orders_yet():
    target = Target("s", "录入目标", "score", 90, "U1", None, None, None, "")
    assert one(unit(), target).words == "录入目标：综合成绩 90.0。现为 86.4，低于目标 3.6 分。"
    assert progress(unit(unit_id="U2"), [target], period()) == []


def test_of_entered_targets_the_one_that_begins_last_counts():
    def event(number: int, value: float, **more: str) -> EnteredTarget:
        said = {"indicator": "resolution_rate", "unit_id": "", "rule_id": "", "from_period": "", **more}
        return EnteredTarget(event_id=number, at="2026-01-05 09:00:00", who="分析员", value=value, **said)

    events = [
        event(1, 0.9),
        event(2, 0.92, from_period="2026-03"),
        event(3, 0.95, from_period="2026-06"),
        event(4, 0.8, rule_id="other"),
        event(5, 0.99, unit_id="U1"),
    ]

    def values(rule_id: str, period_id: str) -> list[tuple[str | None, float]]:
        return [(target.unit_id, target.value) for target in entered(events, rule_id, period_id)]

    assert values("a", "2026-02") == [(None, 0.9), ("U1", 0.99)]
    assert values("a", "2026-05") == [(None, 0.92), ("U1", 0.99)]
    assert values("other", "2026-07") == [(None, 0.8), ("U1", 0.99)]


def test_entered_targets_are_events(tmp_path):
    with closing(open_records(Storage.at(tmp_path, tmp_path / "config"))) as records:
        wanted = StatedTarget("resolution_rate", 0.9, "U1")
        first = set_target(records, "分析员", wanted)
        second = set_target(records, "督查科", StatedTarget("resolution_rate", 0.92, "U1"))
        assert [(target.event_id, target.value, target.who) for target in entered_targets(records)] == [
            (second, 0.92, "督查科")
        ]
        assert not withdraw_target(records, first, "分析员")
        assert withdraw_target(records, second, "分析员")
        assert entered_targets(records) == []
        assert [row["value"] for row in records.execute("select value from target_events order by event_id")] == [
            0.9,
            0.92,
            None,
        ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a,甲,rank,,,1,,,example,x", "第 2 行：indicator 应为 response_rate"),
        ("a,甲,resolution_rate,,,85,,,example,x", "target_value 应在 0 到 1 之间"),
        ("a,甲,score,,,90,,,mine,x", "status 应为 official"),
        ("a,甲,score,,,90,2026-01-01,2025-01-01,example,x", "失效日期 valid_to 不晚于"),
        ("a,甲,score,,,九十,,,example,x", "“九十”应为数字"),
        ("a,甲,score,,,9,,,example,x\na,乙,score,,,9,,,example,x", "target_id“a”出现多次"),
    ],
)
def test_a_wrong_table_of_targets_is_told(tmp_path, line, told):
    storage = Storage.at(tmp_path, tmp_path)
    header = "target_id,target_name,indicator,unit_group,unit_id,target_value,valid_from,valid_to,status,source"
    (tmp_path / "targets.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    with closing(open_memory()) as connection, pytest.raises(ReferenceTableError, match=told):
        land_targets(connection, storage)


def test_the_shipped_example_says_what_it_is(tmp_path):
    with closing(open_memory()) as connection:
        land_targets(connection, Storage.at(tmp_path, tmp_path))
        frame: pl.DataFrame = connection.sql("select * from landed.targets").pl()
    (target,) = configured(frame)
    assert (target.indicator, target.value, target.valid_to) == ("resolution_rate", 0.85, date(2026, 1, 1))
    assert "预期性" in target.source
    assert target.source.endswith("仅作示例（示例）")
