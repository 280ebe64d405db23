"""Limited readers: whatever query runs on them, it finds no row of another unit."""

from datetime import datetime
from pathlib import Path

import pytest
from made_snapshot import publish_orders, storage_at

from hotline12345.sql import row_access
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.row_access import FIGURES_OF_UNITS, NAMES_OF_UNITS, NO_ROWS, ROWS_OF_NOBODY, RowAccess, limit
from hotline12345.sql.what_if import WhatIfError

RULE, PERIOD = "example-10-50-40", "2026-03"
OWN = "U2"
# Tables of figures or definitions over all units: nobody's rows.
OF_ALL = {
    *(
        "landed.batches",
        "landed.calendar_days",
        "landed.channels",
        "landed.day_minutes",
        "landed.freezes",
        "landed.hours",
    ),
    *("landed.limits", "landed.normal_quantiles", "landed.official_withdrawals", "landed.publications", "landed.undos"),
    *("landed.reference_versions", "landed.rule_answers", "landed.rule_days", "landed.rule_deductions"),
    *(
        "landed.rule_items",
        "landed.rule_periods",
        "landed.rules",
        "landed.taxonomies",
        "landed.text_files",
        "landed.texts",
    ),
    *("landed.text_flags", "landed.topic_crosswalk", "landed.topic_models", "landed.topic_names", "landed.topic_paths"),
    *(
        "landed.topic_predictions",
        "landed.topic_proposals",
        "landed.topics",
        "landed.issue_edits",
        "landed.issue_history",
    ),
    *("landed.issue_measures", "landed.recurring_issues", "landed.populations", "intermediate.rule_parts"),
    *("intermediate.topics", "marts.mart_batches", "marts.mart_channel_months", "marts.mart_group_summary"),
    *("marts.mart_issues", "marts.mart_periods", "marts.mart_topic_health", "meta.snapshot", "run.parameters"),
    *("landed.appeal_deadlines", "landed.search_files", "landed.search_texts", "landed.search_words", "landed.seasons"),
    "staging.topics",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    storage = storage_at(tmp_path_factory.mktemp("rows"))
    publish_orders(storage)
    return Reader(storage, current_snapshot(storage))


def tables(reader: Reader) -> dict[str, set[str]]:
    """The columns of every table of the snapshot."""
    rows = reader._query(
        "select schema_name || '.' || table_name as name, column_name from duckdb_columns() where database_name = 'stored'"
    )
    found: dict[str, set[str]] = {}
    for name, column in rows.iter_rows():
        found.setdefault(name, set()).add(column)
    return found


def test_every_table_is_known_to_be_limited_or_nobody_s(whole):
    """A new table must be thought about: it is limited by a column of its own, or listed here."""
    limiting = {"order_id", "unit_id", "place_id"}
    left = {
        name
        for name, columns in tables(whole).items()
        if not columns & limiting
        and not {"group_kind", "group_id"} <= columns
        and name not in FIGURES_OF_UNITS | NAMES_OF_UNITS | ROWS_OF_NOBODY | OF_ALL
    }
    assert not left


@pytest.mark.parametrize("by", ["undertaker", "trade"])
def test_no_table_shows_an_order_of_another_unit(whole, by):
    column = "unit_id" if by == "undertaker" else "trade_id"
    own = set(
        whole._query(
            f"select order_id from staging.orders where {column} = '{OWN}' "
            f"union select order_id from intermediate.rate_ledger where unit_id = '{OWN}'"
        )["order_id"]
    )
    limited = whole.limited(RowAccess((OWN,), by=by))
    seen = 0
    for name, columns in tables(whole).items():
        if "order_id" in columns:
            found = set(limited._query(f"select order_id from {name}")["order_id"])
            assert found <= own, name
            seen += len(found)
    assert seen
    assert by == "trade" or len(own) < whole.overview()["orders"]


def test_figures_of_other_units_are_hidden_or_without_name(whole):
    others = {"U1", "U3", "B1", "B2", "E1"}
    names = {"东河街道", "石泉镇", "区城管委", "区住建委", "示例热力公司"}
    for shown in ("hidden", "anonymous"):
        limited = whole.limited(RowAccess((OWN,), others=shown))
        for name, columns in tables(whole).items():
            if name in NAMES_OF_UNITS or "order_id" in columns:
                continue
            for column in sorted(columns & {"unit_id", "unit_name"}):
                found = set(limited._query(f"select distinct {column} from {name}")[column])
                assert not found & (others | names), (name, column)
            if {"group_kind", "group_id"} <= columns:
                found = set(
                    limited._query(f"select distinct group_id from {name} where group_kind = 'unit'")["group_id"]
                )
                assert not found & others, name


def test_anonymous_others_keep_their_figures_and_ranks(whole):
    limited = whole.limited(RowAccess((OWN,), others="anonymous"))
    every, seen = (reader.unit_scores(RULE, PERIOD) for reader in (whole, limited))
    assert sorted(every["score"].drop_nulls()) == sorted(seen["score"].drop_nulls())
    others = seen.filter(seen["unit_id"] != OWN)
    assert others["unit_name"].str.starts_with("其他单位 ").all()
    assert others["unit_id"].n_unique() == others.height == every.height - 1
    assert whole.limited(RowAccess((OWN,), others="shown")).unit_scores(RULE, PERIOD).equals(every)


def test_the_numbers_of_anonymous_units_are_dealt_by_chance(whole, monkeypatch):
    """Unit ids and times of publication are known: whoever could work the numbers out from them would know who is who."""
    dealt, aliases = set(), row_access._ALIASES
    for start in range(8):  # of the program
        monkeypatch.setattr(row_access, "_ALIASES", aliases.replace(row_access._DEALT, f"start {start}"))
        limit(whole._connection.cursor(), f"dealt_{start}", RowAccess((OWN,), others="anonymous"))
        numbered = whole._query(f"select unit_id from dealt_{start}.main.aliases order by alias_id")
        dealt.add(tuple(numbered["unit_id"]))
    assert len(dealt) > 1


def test_nobody_sees_no_order_and_the_names_of_all_units(whole):
    nobody = whole.limited(NO_ROWS)
    assert nobody.overview()["orders"] == 0
    assert nobody.unit_scores(RULE, PERIOD).is_empty()
    assert nobody.quarantined_rows(1).is_empty()
    assert whole.quarantined_rows(1).height == 2


def test_texts_and_places_of_need_to_know_orders(whole):
    every = "select order_id from staging.orders where is_need_to_know and {} is not null"
    assert whole.limited(RowAccess(need_to_know=True))._query(every.format("text_hash")).height > 10
    closed = whole.limited(RowAccess())
    for name, columns in tables(whole).items():
        for column in sorted(columns & {"text_hash", "place_point"}):
            if "order_id" in columns:
                query = f"""
                    select {column} from {name} inner join (select order_id from staging.orders where is_need_to_know)
                    using (order_id) where {column} is not null
                """
                assert closed._query(query).is_empty(), name
    assert closed.order("D0032").row(0, named=True)["title"] is None
    assert closed.order("D0034").row(0, named=True)["title"]


def test_readers_of_one_snapshot_do_not_mix(whole):
    """The same connection serves all of them."""
    town, bureau = whole.limited(RowAccess(("U1",))), whole.limited(RowAccess(("B1",)))
    for reader, unit_id in ((town, "U1"), (bureau, "B1"), (town, "U1")):
        assert reader.unit_scores(RULE, PERIOD)["unit_id"].to_list() == [unit_id]
    counted = [
        reader.topic_places(datetime(2026, 1, 1), datetime(2027, 1, 1))["order_count"].sum()
        for reader in (town, bureau, whole)
    ]
    assert counted[0] + counted[1] < counted[2] == 480


def test_a_what_if_is_of_the_own_unit_only_and_ranks_among_all(whole):
    limited = whole.limited(RowAccess((OWN,)))
    with pytest.raises(WhatIfError, match="本单位"):
        limited.what_if(RULE, PERIOD, "U1")
    assert limited.what_if(RULE, PERIOD, OWN).now.equals(whole.what_if(RULE, PERIOD, OWN).now)


def test_ids_with_quotes_are_bound_not_pasted(whole):
    assert whole.limited(RowAccess(("U1'; drop table staging.orders; --",))).overview()["orders"] == 0
    assert whole.overview()["orders"] == 480


def test_a_limited_reader_is_cheap_to_ask_for_again(whole, tmp_path: Path):
    first, again = whole.limited(RowAccess((OWN,))), whole.limited(RowAccess((OWN,)))
    assert first._catalog == again._catalog
