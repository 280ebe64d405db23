"""A published table beside ours: stored once, superseded, withdrawn; a planted reason of a difference is found first."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest

from hotline12345.dashboard.reconciling import Explanation, explain, rank_variants
from hotline12345.sql import build
from hotline12345.sql.official import (
    FIGURES,
    ROWS,
    OfficialSource,
    OfficialTableError,
    land_official,
    withdraw_official,
)
from hotline12345.sql.official_evidence import Evidence, gather_evidence
from hotline12345.sql.publish import Snapshot, current_snapshot, publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

RULE, PERIOD = "example-10-50-40", "2026-03"
UNITS = [
    "U1,甲山街道,街镇,甲街道,,,,,",
    "U2,乙水镇,街镇,,,,,,",
    "U3,丙岭镇,街镇,丙乡,,,,,2026-01-01",
    "U4,丙岭街道,街镇,,,,,2026-01-01,",
]
FIRST = datetime(2026, 2, 20, 9)
ISSUED, LATER = datetime(2026, 3, 25), datetime(2026, 4, 2)
NAMES = ("甲山街道", "乙水镇")


def order(number: int, **more: Any) -> dict[str, Any]:
    """Orders 6 hours apart, in turn of two units; every seventh is not solved, every fourth only 基本满意."""
    unsolved = number % 7 == 3
    return {
        "order_id": f"A{number:03d}",
        "unit_name": NAMES[number % 2],
        "created_at": FIRST + timedelta(hours=6 * number),
        "order_type": "投诉",
        "is_valid_callback": True,
        "is_contacted": number % 20 != 11,
        "resolution": "未解决" if unsolved else "解决",
        "satisfaction": "不满意" if unsolved else ("基本满意" if number % 4 == 0 else "满意"),
        **more,
    }


def rows() -> list[dict[str, Any]]:
    """Of 甲山街道 3 orders are 挂账, 2 are 剔除 and 1 waits for its callback; of 乙水镇 4 are 挂账 and 5 are 求助."""
    made = [order(number) for number in range(80)]
    for number in (0, 14, 28, 1, 15, 29, 43):
        made[number]["exclusion_tag"] = "挂账"
    for number in (2, 16):
        made[number]["exclusion_tag"] = "剔除"
    made[4] |= {"is_valid_callback": None, "is_contacted": None, "resolution": None, "satisfaction": None}
    for number in (5, 7, 9, 17, 19):
        made[number]["order_type"] = "求助"
    return made


@pytest.fixture(scope="module")
def known_first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The orders as known before the table was issued."""
    folder = tmp_path_factory.mktemp("known") / "data"
    known_at = datetime(2026, 3, 20)
    connection = made_warehouse.make(folder, rows(), UNITS, known_at=known_at, loaded_at=known_at)
    publish_now(connection, Storage.at(folder, folder / "config"))
    connection.close()
    return folder


@pytest.fixture
def folder(known_first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(known_first, tmp_path / "data"))


def published(folder: Path, later: list[dict[str, Any]] | None = None) -> tuple[Connection, Storage, Snapshot]:
    """The copied folder, with what became known after the table was issued."""
    storage = Storage.at(folder, folder / "config")
    connection = open_warehouse(storage)
    if not later:
        return connection, storage, current_snapshot(storage)
    made_warehouse.land(connection, storage, later, known_at=LATER, loaded_at=LATER)
    made_warehouse.rebuild(connection, storage)
    return connection, storage, publish_now(connection, storage)


def publish_now(connection: Connection, storage: Storage) -> Snapshot:
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    keep_reference(connection, storage, reference_hash, LATER)
    return publish(connection, storage, LATER)


def official(figures: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Rows of a published table: unit name → figures."""
    return pl.DataFrame(
        [
            {
                **dict.fromkeys(FIGURES),
                "row_number": n,
                "row_kind": "unit",
                "row_reason": None,
                "unit_name": name,
                **row,
            }
            for n, (name, row) in enumerate(figures.items(), 4)
        ],
        schema=ROWS,
    )


def source(issued_at: datetime | None = ISSUED, content: str = "one", **more: Any) -> OfficialSource:
    facts = {"period_id": PERIOD, "rule_id": None, "source": "示例通报", "loaded_at": LATER, "file_name": "通报.xlsx"}
    return OfficialSource(**{**facts, "issued_at": issued_at, "content_hash": content, **more})


def ours(storage: Storage, snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """Unit name → our counts and rates, from which a test plants an official table."""
    names = ("received", "valid", "contacted", "resolved", "satisfied", "basically_satisfied")
    reader = Reader(storage, snapshot)
    scores = reader.unit_scores(RULE, PERIOD)
    reader.close()
    return {row["unit_name"]: {name: row[name] for name in names} for row in scores.iter_rows(named=True)}


def add(figures: dict[str, Any], orders: list[int], sign: int = 1) -> dict[str, Any]:
    """The counts with these orders in or out, as a person would count them."""
    moved = dict(figures)
    for number in orders:
        made = order(number)
        moved["valid"] += sign
        moved["contacted"] += sign * made["is_contacted"]
        moved["resolved"] += sign * (made["resolution"] == "解决")
        moved["satisfied"] += sign * (made["satisfaction"] == "满意")
        moved["basically_satisfied"] += sign * (made["satisfaction"] == "基本满意")
    return moved


def with_rates(figures: dict[str, Any]) -> dict[str, Any]:
    """The counts with the rates that follow from them under the example rule, as a table prints them."""
    satisfied = figures["satisfied"] + 0.9 * figures["basically_satisfied"]
    parts = {
        "response_rate": figures["contacted"],
        "resolution_rate": figures["resolved"],
        "satisfaction_rate": satisfied,
    }
    return figures | {name: round(part / figures["valid"], 3) for name, part in parts.items()}


def evidence(folder: Path, planted: Any, later: list[dict[str, Any]] | None = None) -> Evidence:
    """What is gathered for a table that `planted` makes of our figures."""
    connection, storage, snapshot = published(folder, later)
    land_official(connection, official(planted(ours(storage, snapshot))), source())
    made_warehouse.rebuild(connection, storage)
    snapshot = publish_now(connection, storage)
    connection.close()
    return gather_evidence(storage, snapshot, RULE, PERIOD)


def explained(found: Evidence) -> dict[str, list[Explanation]]:
    by_unit: dict[str, list[Explanation]] = {}
    for one in explain(found.comparison, found.orders, found.former, found.then):
        by_unit.setdefault(one.unit_id, []).append(one)
    return by_unit


def test_a_single_group_is_found_first_with_its_orders(folder):
    found = explained(
        evidence(
            folder,
            lambda mine: {
                "甲山街道": with_rates(add(mine["甲山街道"], [0, 14, 28])),
                "乙水镇": with_rates(add(mine["乙水镇"], [1, 15, 29, 43])),
            },
        )
    )
    for unit, orders in (("U1", ["A000", "A014", "A028"]), ("U2", ["A001", "A015", "A029", "A043"])):
        best = found[unit][0]
        assert best.causes == (("suspended", ""),)
        assert list(best.order_ids) == orders
        assert best.is_complete
        assert best.support == 2
        assert best.words.startswith(f"可能的原因：挂账 {len(orders)} 件，若计入")


def test_a_pair_of_groups_is_found_when_no_single_one_fits(folder):
    found = explained(
        evidence(folder, lambda mine: {"甲山街道": with_rates(add(mine["甲山街道"], [0, 14, 28, 2, 16]))})
    )
    best = found["U1"][0]
    assert best.causes == (("suspended", ""), ("excluded", ""))
    assert best.order_ids == ("A000", "A002", "A014", "A016", "A028")
    assert best.is_complete


def test_a_type_left_out_and_an_answer_valued_otherwise_are_found(folder):
    def planted(mine: dict[str, Any]) -> dict[str, Any]:
        basic = mine["甲山街道"]["basically_satisfied"]
        return {
            "甲街道": mine["甲山街道"] | {"satisfied": mine["甲山街道"]["satisfied"] + basic},
            "乙水镇": with_rates(add(mine["乙水镇"], [5, 7, 9, 17, 19], -1)),
        }

    found = explained(evidence(folder, planted))
    assert found["U1"][0].causes == (("basic_as_satisfied", ""),)
    assert found["U2"][0].causes == (("order_type_in", "求助"),)


def test_late_callbacks_are_told_from_the_time_of_issue(folder):
    later = [order(number) for number in (4,)] + [order(80, created_at=FIRST + timedelta(days=25))]

    def planted(mine: dict[str, Any]) -> dict[str, Any]:
        before = add(mine["甲山街道"], [4, 80], -1)
        return {"甲山街道": with_rates(before | {"received": before["received"] - 1})}

    found = evidence(folder, planted, later)
    best, of_volume = explained(found)["U1"][:2]
    assert of_volume.causes == (("new_since", ""),)
    assert of_volume.matched == ("received",)
    assert dict(best.causes).keys() == {"late_callback", "new_since"}
    assert best.order_ids == ("A004", "A080")
    nearest = rank_variants(found.comparison, found.variants)[0]
    assert (nearest.kind, nearest.agreeing, nearest.compared) == ("as_of", 1, 1)
    assert nearest.words == "按通报印发时已知的数据计算时，1 个单位全部吻合。"


def test_an_order_that_changed_hands_is_found_without_a_time_of_issue(folder):
    connection, storage, _ = published(folder, [order(6, unit_name="乙水镇")])
    mine = ours(storage, publish_now(connection, storage))
    land_official(connection, official({"甲山街道": with_rates(add(mine["甲山街道"], [6]))}), source(issued_at=None))
    made_warehouse.rebuild(connection, storage)
    snapshot = publish_now(connection, storage)
    found = explained(gather_evidence(storage, snapshot, RULE, PERIOD))
    assert found["U1"][0].causes == (("moved_out", ""),)
    assert found["U1"][0].order_ids == ("A006",)


def test_the_rule_that_a_table_was_made_with_ranks_first(folder):
    connection, storage, snapshot = published(folder)
    connection.close()
    seen = gather_evidence(storage, snapshot, RULE, PERIOD)
    counting = seen.variants.filter(pl.col("variant_id") == "observed-full-count")
    assert counting.height >= 2
    figures = ("valid", "response_rate", "resolution_rate", "satisfaction_rate", "score")
    names = {"U1": "甲山街道", "U2": "乙水镇"}
    planted = {
        names[row["unit_id"]]: {name: row[name] for name in figures}
        for row in counting.iter_rows(named=True)
        if row["unit_id"] in names
    }
    connection = open_warehouse(storage)
    land_official(connection, official(planted), source(issued_at=None))
    made_warehouse.rebuild(connection, storage)
    snapshot = publish_now(connection, storage)
    connection.close()
    found = gather_evidence(storage, snapshot, RULE, PERIOD)
    ranked = rank_variants(found.comparison, found.variants)
    agreeing = [variant.variant_id for variant in ranked if variant.agreeing == 2]
    assert "observed-full-count" in agreeing
    assert ranked[0].difference == 0
    assert not any(variant.is_ours for variant in ranked if variant.agreeing == 2)


def test_a_table_is_stored_once_superseded_and_withdrawn(folder):
    connection, storage, _ = published(folder)
    first = land_official(connection, official({"甲山街道": {"score": 90.0, "district_rank": 2}}), source())
    again = land_official(connection, official({"甲山街道": {"score": 90.0, "district_rank": 2}}), source())
    second = land_official(
        connection,
        official({"甲山街道": {"score": 91.0, "district_rank": 1}}),
        source(ISSUED + timedelta(days=3), content="two"),
    )
    earlier = land_official(
        connection,
        official({"甲山街道": {"score": 50.0, "district_rank": 9}}),
        source(ISSUED - timedelta(days=3), content="three"),
    )
    assert (first, again, second, earlier) == (1, 1, 2, 3)

    def rank() -> tuple[int | None, float | None, int]:
        made_warehouse.rebuild(connection, storage)
        reader = Reader(storage, publish_now(connection, storage))
        (row,) = reader.official_ranks(RULE, PERIOD).to_dicts()
        kept = reader.official_tables(PERIOD).height
        reader.close()
        return row["official_rank"], row["official_score"], kept

    assert rank() == (1, 91.0, 3)
    withdraw_official(connection, second, LATER, "")
    assert rank() == (2, 90.0, 3)
    with pytest.raises(OfficialTableError, match="撤回过"):
        withdraw_official(connection, second, LATER, "")
    with pytest.raises(OfficialTableError, match="没有第 9 号"):
        withdraw_official(connection, 9, LATER, "")


def test_names_resolve_by_the_list_of_the_period_and_unknown_ones_stay_apart(folder):
    connection, storage, _ = published(folder)
    names = {"甲街道": 1, "丙乡": 2, "乙水鎮": 3}
    land_official(connection, official({name: {"district_rank": rank} for name, rank in names.items()}), source())
    made_warehouse.rebuild(connection, storage)
    reader = Reader(storage, publish_now(connection, storage))
    comparison = reader.official_comparison(RULE, PERIOD)
    by_unit = {row["unit_id"]: row for row in comparison.iter_rows(named=True)}
    assert by_unit["U1"]["written_name"] == "甲街道"
    assert by_unit["U3"]["official_rank"] == 2, "a name that nobody else claims stays with its unit"
    assert not by_unit["x:乙水鎮"]["is_known"]
    assert not by_unit["U2"]["is_published"], "a unit with orders that the table leaves out is shown"
    assert comparison["unit_id"].to_list()[:3] == ["U1", "U3", "x:乙水鎮"]
    reader.close()


def test_a_table_of_one_rule_stands_beside_that_rule_only(folder):
    connection, storage, _ = published(folder)
    table = official({"甲山街道": {"district_rank": 7}})
    land_official(connection, table, source())
    land_official(connection, official({"甲山街道": {"district_rank": 1}}), source(content="two", rule_id=RULE))
    made_warehouse.rebuild(connection, storage)
    reader = Reader(storage, publish_now(connection, storage))
    assert reader.official_ranks(RULE, PERIOD)["official_rank"].to_list() == [1]
    assert reader.official_ranks("another", PERIOD)["official_rank"].to_list() == [7]
    reader.close()


def test_equal_figures_need_no_explanation(folder):
    found = evidence(folder, lambda mine: {name: with_rates(mine[name]) for name in NAMES})
    assert explained(found) == {}
    assert rank_variants(found.comparison, found.variants)[0].is_ours


def test_the_reference_is_landed_with_the_example_target(folder):
    connection, storage, _ = published(folder)
    land_reference(connection, storage)
    (row,) = connection.sql("select * from landed.targets").pl().to_dicts()
    assert (row["target_indicator"], row["target_figure"], row["target_status"]) == ("resolution_rate", 0.85, "example")
