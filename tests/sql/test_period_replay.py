"""One period made again from its own orders: the same rows as the whole history gives, now and as of any time."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_history import DAYS, PERIODS, make_history

from hotline12345.sql import build
from hotline12345.sql.graph import build_order, load_folder, upstream
from hotline12345.sql.period_replay import WANTED, replay_period, replayed_beside
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.replay import replay
from hotline12345.sql.rules import load_rules
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_snapshot


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Connection, Storage, Snapshot]:
    """A random history with its writer's connection and its newest snapshot."""
    storage = Storage.at(tmp_path_factory.mktemp("replayed"))
    connection, snapshot = make_history(storage, 7)
    return connection, storage, snapshot


def rows(connection: Connection, period_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every wanted table's rows of one period, sorted."""
    query = "select * from {} where period_id = $period_id"
    return {
        name: connection.sql(query.format(name), params={"period_id": period_id}).pl().to_dicts()
        for name in sorted({*WANTED, "intermediate.rate_ledger"})
    }


def test_the_newest_state_is_the_snapshot_s_own(history: tuple[Connection, Storage, Snapshot]) -> None:
    _, _, snapshot = history
    stored = open_snapshot(snapshot.path)
    for period_id in PERIODS:
        expected = rows(stored, period_id)
        assert sorted_rows(rows(replay_period(snapshot, period_id, None), period_id)) == sorted_rows(expected)
        assert sum(row["valid"] for row in expected["marts.mart_unit_scores"]) > 5


def sorted_rows(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """Rows without their order, exact to the last bit."""
    return {name: sorted(map(repr, content)) for name, content in tables.items()}


@pytest.mark.parametrize("at", [DAYS[1], DAYS[3] + timedelta(days=2), DAYS[4] + timedelta(days=1), DAYS[5]])
def test_an_earlier_state_is_that_of_the_whole_replay(
    history: tuple[Connection, Storage, Snapshot], at: datetime
) -> None:
    writer, storage, snapshot = history
    whole = replay(snapshot, at)
    for period_id in PERIODS:
        expected = sorted_rows(rows(whole, period_id))
        assert sorted_rows(rows(replay_period(snapshot, period_id, at), period_id)) == expected
        with replayed_beside(writer, period_id, at, load_rules(storage.rules)) as (connection, stored):
            assert sorted_rows(rows(connection, period_id)) == expected
            assert connection.execute(f"select count(*) from {stored}.landed.order_versions").fetchall()[0][0] > 150
    assert writer.execute("select count(*) from landed.order_versions").fetchall()[0][0] > 150


def test_only_orders_of_the_period_are_copied(history: tuple[Connection, Storage, Snapshot]) -> None:
    connection = replay_period(history[2], "2026-04", None)
    outside = """
        select order_id from landed.order_versions group by order_id
        having not bool_or(created_at >= timestamp '2026-03-19' and created_at < timestamp '2026-04-19')
    """
    assert connection.execute(outside).fetchall() == []
    copied = connection.execute("select count(distinct order_id) from landed.order_versions").fetchall()[0][0]
    assert 0 < copied < 200
    assert connection.execute("select count(*) from landed.texts").fetchall() == [(0,)]


def test_a_rule_that_is_not_in_force(history: tuple[Connection, Storage, Snapshot], tmp_path: Path) -> None:
    _, storage, snapshot = history
    (example,) = [rule for rule in load_rules(storage.rules) if rule.id == "example-10-50-40"]
    text = (Path(build.__file__).parent / "rules" / f"{example.id}.toml").read_text(encoding="utf-8")
    (tmp_path / "other.toml").write_text(
        text.replace('"基本满意" = 0.9', '"基本满意" = 0.5').replace(example.id, "other"), "utf-8"
    )
    connection = replay_period(snapshot, "2026-04", None, rules=load_rules(tmp_path))
    query = "select unit_id, received, satisfaction_numerator from marts.mart_unit_scores where rule_id = '{}' and valid > 5"
    told = connection.execute(query.format("other")).fetchall()
    stored = replay_period(snapshot, "2026-04", None, ["example-10-50-40"]).execute(query.format(example.id)).fetchall()
    assert [row[:2] for row in sorted(told)] == [row[:2] for row in sorted(stored)] and len(told) > 1
    assert all(lower[2] < higher[2] for lower, higher in zip(sorted(told), sorted(stored), strict=True))
    assert connection.execute("select distinct rule_id from intermediate.rate_ledger").fetchall() == [("other",)]


def test_a_period_of_which_nothing_was_known_is_empty(history: tuple[Connection, Storage, Snapshot]) -> None:
    connection = replay_period(history[2], "2026-05", DAYS[0])
    assert connection.execute("select * from marts.mart_unit_scores").fetchall() == []


def test_upstream_holds_what_is_read_and_nothing_else() -> None:
    names = {file.name for folder in ("landed", "run") for file in load_folder(folder)}
    found = upstream(WANTED)
    built = {file.name: file for file in build_order()}
    assert found >= WANTED and {"landed.rules", "staging.orders"} <= found <= names | built.keys()
    assert not found & {"intermediate.classified_orders", "landed.texts", "landed.topic_predictions"}
    assert all(built[name].reads <= found for name in found & built.keys())
