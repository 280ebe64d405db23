"""A what-if equals a full recompute of changed orders, under rules of every kind that matters for it."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hotline12345.sql.warehouse import Connection
from hotline12345.sql.what_if import Assumption, WhatIf, WhatIfError

UNITS = [
    f"U{number},{name},街镇,,{terrain},,,,"
    for number, (name, terrain) in enumerate((("甲镇", "深山"), ("乙镇", "浅山"), ("丙街道", "门城")))
]
BASE = """
id = "r"
name = "测试规则"
status = "example"
source = "测试"
valid_from = 2020-01-01
minimum_valid = 1
[period]
start_day = 1
[scope]
excluded_order_types = ["咨询"]
{scope}
[summary]
method = "mean_of_units"
[answers.resolution]
"解决" = 1
"部分解决" = 0.5
[answers.satisfaction]
"满意" = 1
"基本满意" = 0.9
"""
WEIGHTS = "[weights]\nresponse = 0.1\nresolution = 0.5\nsatisfaction = 0.4\nrenormalise = true\n"
RULES = {
    "plain": BASE.format(scope="") + WEIGHTS,
    "district, once a case, one kind of exclusion": BASE.format(scope='unit_role = "place"')
    + WEIGHTS
    + '[callback]\nsource = "district"\n[repeats]\npolicy = "first_per_case"\n[flags]\nexcluded_kinds = ["历史遗留"]\n',
    "final round, unreached count, deductions": BASE.format(scope="")
    + '[callback]\nround = "final"\n[denominators]\nresolution = "assessed"\nsatisfaction = "answered"\n'
    + '[score]\nmethod = "deduction"\ndecimals = 2\ntie_break = "shared"\n'
    + "[deductions.resolution]\ntarget = 0.9\npoints = 0.5\n[deductions.satisfaction]\ntarget = 0.8\npoints = 0.3\n",
}
SUFFIX = {"district, once a case, one kind of exclusion": "_district"}
PERIOD = "2026-03"


def orders(seed: int) -> list[dict[str, Any]]:
    """120 random orders of three units in one period, a third of them awaiting their callback."""
    draw = random.Random(seed)
    rows = []
    for number in range(120):
        reached = draw.choice([True, True, False, None, None])
        row: dict[str, Any] = {
            "order_id": f"A{number:03}",
            "created_at": datetime(2026, 3, 1) + timedelta(hours=draw.randrange(700)),
            "unit_name": draw.choice(["甲镇", "甲镇", "乙镇", "丙街道"]),
            "place_town": draw.choice(["甲镇", "甲镇", "乙镇"]),
            "case_id": draw.choice([None, None, f"C{draw.randrange(12)}"]),
            "order_type": draw.choice(["投诉", "求助", "咨询"]),
            "retention": draw.choice(["保留", "保留", "保留", "剔除"]),
            "exclusion_tag": draw.choice([None, None, None, "挂账"]),
            "exclusion_kind": draw.choice([None, "历史遗留", "诉求不合理"]),
            "assessment_kind": draw.choice([None, None, None, "只评价响应率"]),
        }
        answers = {
            "is_contacted": draw.choice([True, True, False]),
            "resolution": draw.choice(["解决", "部分解决", "未解决", None]),
            "satisfaction": draw.choice(["满意", "基本满意", "不满意", None]),
        }
        for end in ("", "_district"):
            row[f"is_valid_callback{end}"] = reached
            row |= {f"{name}{end}": answer if reached else None for name, answer in answers.items()}
        rows.append(row)
    return rows


def assumed(prepared: WhatIf, seed: int) -> list[Assumption]:
    """Random outcomes of applications and random answers of open callbacks of one unit."""
    draw = random.Random(seed)
    found = []
    for row in draw.sample(list(prepared.orders.iter_rows(named=True)), 12):
        is_open = row["reason_code"] == "callback_awaited"
        found.append(Assumption(row["order_id"], draw.choice([True, False]), draw.choice(["历史遗留", "诉求不合理"])))
        if is_open and not found[-1].is_excluded:
            found.append(
                Assumption(row["order_id"], is_valid_callback=False)
                if draw.random() < 0.2
                else answer(row["order_id"], draw)
            )
    kept = draw.sample([each["order_id"] for each in prepared.orders.iter_rows(named=True)], 6)
    found += [Assumption(order_id, is_suspended=draw.choice([True, False])) for order_id in kept]
    done = {given.order_id for given in found}
    return found + [answer(order_id, draw) for order_id in prepared.open_orders() if order_id not in done][:3]


def answer(order_id: str, draw: random.Random) -> Assumption:
    said = draw.choice(["解决", "部分解决", "未解决"]), draw.choice(["满意", "基本满意", "不满意"])
    return Assumption(order_id, None, None, True, draw.random() < 0.8, *said)


def changed(rows: list[dict[str, Any]], assumptions: list[Assumption], end: str) -> list[dict[str, Any]]:
    """The orders as a file would bring them if what is assumed were so."""
    by_id = {row["order_id"]: dict(row) for row in rows}
    for given in assumptions:
        row = by_id[given.order_id]
        if given.is_excluded is not None:
            row["retention"] = "剔除" if given.is_excluded else "保留"
        if given.is_suspended is not None:
            row["exclusion_tag"] = "挂账" if given.is_suspended else None
        row["exclusion_kind"] = given.exclusion_kind or row["exclusion_kind"]
        if given.is_answer:
            row[f"is_valid_callback{end}"] = given.is_valid_callback
            for name in ("is_contacted", "resolution", "satisfaction"):
                row[f"{name}{end}"] = getattr(given, name)
    return list(by_id.values())


def figures(connection: Connection) -> pl.DataFrame:
    frame: pl.DataFrame = connection.sql(
        "from marts.mart_unit_scores where period_id = $period order by unit_id", params={"period": PERIOD}
    ).pl()
    return frame


@pytest.mark.parametrize("name", RULES)
def test_a_what_if_equals_a_full_recompute(name: str, tmp_path: Path) -> None:
    seed = list(RULES).index(name)
    rows = orders(seed)
    connection = made_warehouse.make(tmp_path / "now", rows, UNITS, RULES[name])
    prepared = WhatIf(connection, "r", PERIOD, "U0")
    assert_frame_equal(prepared.assume([]), prepared.now)
    assumptions = assumed(prepared, seed)
    then = prepared.assume(assumptions)
    rebuilt = made_warehouse.make(
        tmp_path / "then", changed(rows, assumptions, SUFFIX.get(name, "")), UNITS, RULES[name]
    )
    assert_frame_equal(then, figures(rebuilt), check_column_order=False, check_exact=True)
    assert not then.equals(prepared.now)
    others = [name for name in then.columns if name in ("unit_id", "received", "valid", "exact_score", "score_error")]
    assert_frame_equal(*(frame.filter(pl.col("unit_id") != "U0").select(others) for frame in (then, prepared.now)))
    assert_frame_equal(prepared.assume([]), prepared.now)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    return made_warehouse.make(tmp_path_factory.mktemp("what_if"), orders(1), UNITS, RULES["plain"])


def test_what_cannot_be_assumed_is_refused(site: Connection, tmp_path: Path) -> None:
    prepared = WhatIf(site, "r", PERIOD, "U0")
    known = dict(prepared.orders.select("reason_code", "order_id").iter_rows())
    for assumption, said in (
        (Assumption("A999", True), "不是本单位这一期的工单"),
        (Assumption(known["counted"], None, None, True, True, "解决", "满意"), "不在等待回访"),
    ):
        with pytest.raises(WhatIfError, match=said):
            prepared.assume([assumption])
    waiting = prepared.open_orders(1)[0]
    solved, invalid = (
        Assumption(waiting, None, None, True, True, "解决", "满意"),
        Assumption(waiting, None, None, False),
    )
    for pair, said in (
        ((Assumption(waiting, True), Assumption(waiting, False)), "既剔除又不剔除"),
        ((Assumption(waiting, is_suspended=True), Assumption(waiting, is_suspended=False)), "既挂账又不挂账"),
        ((Assumption(waiting, True, "历史遗留"), Assumption(waiting, True, "诉求不合理")), "两种剔除类型"),
        ((solved, invalid), "两种不同的回访结果"),
        ((Assumption(waiting, True), solved), "剔除和回访结果"),
    ):
        with pytest.raises(WhatIfError, match=said):
            prepared.assume(pair)
    assert prepared.assume([solved, solved]).equals(prepared.assume([Assumption(waiting, False), solved]))


def test_a_kind_must_be_said_where_the_rule_asks_for_it(tmp_path: Path) -> None:
    name = "district, once a case, one kind of exclusion"
    connection = made_warehouse.make(tmp_path, orders(2), UNITS, RULES[name])
    prepared = WhatIf(connection, "r", PERIOD, "U0")
    unknown = prepared.orders.filter(pl.col("exclusion_kind").is_null())["order_id"][0]
    with pytest.raises(WhatIfError, match=f"{unknown}=剔除类型"):
        prepared.assume([Assumption(unknown, True)])
    assert prepared.assume([Assumption(unknown, True, "历史遗留")]).height == 3


def test_open_callbacks_come_oldest_first(site: Connection) -> None:
    prepared = WhatIf(site, "r", PERIOD, "U0")
    times = prepared.orders.filter(pl.col("order_id").is_in(prepared.open_orders()))["created_at"]
    assert times.is_sorted() and len(prepared.open_orders(2)) == 2 < len(prepared.open_orders())
