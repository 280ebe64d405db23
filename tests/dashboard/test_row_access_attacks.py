"""Every read of the pages is asked for what is not the viewer's: other orders, other units, after others looked."""

import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from made_snapshot import EVENT, ISSUE
from page_words import words

from hotline12345.dashboard import (
    community_data,
    data,
    issue_data,
    issue_records,
    rate_data,
    requests,
    snapshots,
    street_data,
    target_entries,
    topic_data,
    topic_reviews,
)
from hotline12345.dashboard.access import ANALYST, DEMO, NoAccessError, Viewer
from hotline12345.dashboard.bridge_states import BridgeError, Moment, Question
from hotline12345.sql.issue_board_reads import BoardChoice
from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.records.board_events import CHOSEN, Decision
from hotline12345.sql.records.targets import StatedTarget
from hotline12345.sql.what_if import WhatIfError

RULE, PERIOD, OTHERS_ORDER = "example-10-50-40", "2026-03", "D0242"
RULES = replace(DEMO, others="hidden")
TOWN = RULES.viewer("承办单位", "town", ("U2",))
LEADER = RULES.viewer("区领导", "leader")
SPECIAL = RULES.viewer("举报专办", "special")
EXAMPLES = {"issue_examples"}  # masked, none of them need-to-know: what the meeting sees
REFUSED = (WhatIfError, BridgeError, NoAccessError, LookupError)
ARGUMENTS: dict[str, Any] = {
    **{"rule_id": RULE, "period_id": PERIOD, "period_ids": (PERIOD,), "unit_id": "U1", "place_id": "U1"},
    **{"order_id": OTHERS_ORDER, "order_ids": ("D0242", "D0002", "D0244"), "batch_id": 1, "kind": "terrain"},
    **{"start_at": datetime(2026, 1, 1), "end_at": datetime(2027, 1, 1), "since": datetime(2026, 1, 1)},
    **{"question": Question("U1", Moment("2026-02"), Moment(PERIOD), RULE), "model_id": "m1", "proposal_id": "p1"},
    **{"limit": 50, "choice": BoardChoice(date(2026, 3, 1)), "issue_id": ISSUE, "issue_ids": (ISSUE, EVENT)},
    **{"role": "undertaker", "topic_code": None, "level": 1, "within": None, "basis": "计数", "grade": None},
    **{"cut": (date(2026, 1, 1), 1, None), "window": (datetime(2026, 1, 1), datetime(2027, 1, 1))},
}
MODULES = (data, rate_data, topic_data, issue_data, street_data, community_data)
READS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": read
    for module in MODULES
    for name, read in vars(module).items()
    if hasattr(read, "clear")
    and hasattr(read, "__wrapped__")
    and "snapshot" in inspect.signature(read.__wrapped__).parameters
}


@pytest.fixture
def snapshot(published, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(published.data))
    return snapshots.current()


def cells(found: Any) -> Iterator[str]:
    """Every text in an answer, however deep."""
    if isinstance(found, pl.DataFrame):
        for column in found.iter_columns():
            yield from cells(column.to_list())
    elif isinstance(found, dict):
        yield from cells([*found.keys(), *found.values()])
    elif isinstance(found, list | tuple | set | frozenset):
        for one in found:
            yield from cells(one)
    elif is_dataclass(found) and not isinstance(found, type):
        yield from cells([getattr(found, field.name) for field in fields(found)])
    elif isinstance(found, str):
        yield found


def ask(read: Any, viewer: Viewer, snapshot: Any) -> set[str]:
    """What a read answers to the arguments above; nothing where it refuses."""
    names = list(inspect.signature(read.__wrapped__).parameters)[2:]
    try:
        return set(cells(read(viewer, snapshot, **{name: ARGUMENTS[name] for name in names if name in ARGUMENTS})))
    except REFUSED:
        return set()


@pytest.fixture
def others(snapshot) -> set[str]:
    """Orders that are not the town's."""
    everything = snapshots.reader(ANALYST, snapshot)
    own = snapshots.order_reader(TOWN, snapshot)
    query = "select order_id from staging.orders"
    found = set(everything._query(query)["order_id"]) - set(own._query(query)["order_id"])
    assert len(found) > 100
    return found


def test_there_are_reads_to_attack():
    assert len(READS) > 50


@pytest.mark.parametrize("name", sorted(READS))
def test_a_town_gets_no_order_of_another_unit(name, snapshot, others):
    ask(READS[name], ANALYST, snapshot)  # what the cache now holds must not reach the town
    assert not ask(READS[name], TOWN, snapshot) & others


@pytest.mark.parametrize("name", sorted(set(READS) - {f"issue_data.{name}" for name in EXAMPLES}))
def test_a_leader_gets_figures_and_no_order(name, snapshot):
    every = set(snapshots.reader(ANALYST, snapshot)._query("select order_id from staging.orders")["order_id"])
    ask(READS[name], ANALYST, snapshot)
    assert not ask(READS[name], LEADER, snapshot) & every


def test_the_attack_would_find_an_order(snapshot, others):
    """The same questions asked by an analyst find orders: the attack can fail."""
    found = {name for name in READS if ask(READS[name], ANALYST, snapshot) & others}
    assert {"data.order", "data.order_versions", "rate_data.ledger", "rate_data.period_orders"} <= found
    assert len(found) > 10


def test_examples_are_never_need_to_know(snapshot):
    hidden = set(
        snapshots.reader(ANALYST, snapshot)._query("select order_id from staging.orders where is_need_to_know")[
            "order_id"
        ]
    )
    for viewer in (LEADER, ANALYST, SPECIAL):
        assert not set(issue_data.issue_examples(viewer, snapshot, ISSUE, 100)["order_id"]) & hidden


def test_restricted_texts_open_for_the_named_role_only(snapshot):
    assert data.order(ANALYST, snapshot, "D0032")["body"][0] is None
    assert data.order(SPECIAL, snapshot, "D0032")["body"][0]
    assert data.order(ANALYST, snapshot, "D0032")["body"][0] is None, "the cache keeps roles apart"


WRITES = {
    "decide": lambda viewer: issue_records.decide(viewer, Decision(ISSUE, CHOSEN, "反映多", "2026-07", "B1", ())),
    "edit": lambda viewer: issue_records.undo_edit(viewer, 1, "x"),
    "review": lambda viewer: topic_reviews.file_model_request(viewer, "train_topics", {}),
    "import": lambda viewer: requests.file_upload(viewer, "x.csv", b"x"),
    "target of another unit": lambda viewer: target_entries.enter(viewer, StatedTarget("resolution_rate", 0.9, "U1")),
    "target of all": lambda viewer: target_entries.enter(viewer, StatedTarget("resolution_rate", 0.9)),
}


@pytest.mark.parametrize("what", sorted(WRITES))
def test_a_town_writes_nothing_that_is_not_its_own(what, own, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    with pytest.raises(NoAccessError):
        WRITES[what](TOWN)


@pytest.mark.parametrize(
    ("view", "state", "query"),
    [
        ("unit", {}, {"unit": "东河街道"}),
        ("unit", {"unit": "U1"}, {}),
        ("orders", {}, {"unit": "东河街道", "figure": "全部"}),
        ("orders", {"unit": "U1"}, {}),
        ("orders", {"order_id": OTHERS_ORDER}, {}),
        ("rates", {"order_id": OTHERS_ORDER}, {}),
        ("topics", {"unit": "U1"}, {"unit": "东河街道"}),
        ("mine", {"unit": "U1", "own_unit": "U1"}, {"unit": "东河街道"}),
    ],
)
def test_addresses_session_state_and_widgets_open_nothing(show, published, others, view, state, query):
    page = show(view, published, state, whose=("承办单位", ("U2",)), **query)
    said = words(page)
    assert not {one for one in others if one in said}
    for frame in page.dataframe:
        assert not set(cells(pl.from_pandas(frame.value.reset_index(drop=True)))) & others


def test_no_read_filters_by_itself():
    """One way: what may be read is decided where a reader is opened."""
    for owner in SnapshotReads.__subclasses__():
        for name, read in inspect.getmembers(owner, inspect.isfunction):
            assert "units" not in inspect.signature(read).parameters, name
