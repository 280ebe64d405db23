"""剔挂申诉台账 in the records store: events are appended, the newest that was not undone counts, nothing is ever rewritten."""

from contextlib import closing

import pytest

from hotline12345.sql.records import appeals, store
from hotline12345.sql.records.appeals import ACCEPTED, DRAFTED, EXCLUSION, FILED, GRANTED, SETTLED, SUSPENSION, Appeal
from hotline12345.sql.storage import Storage


@pytest.fixture
def records(tmp_path):
    with closing(store.open_records(Storage(tmp_path, tmp_path / "config"))) as opened:
        yield opened


def step(state, day, **more):
    return Appeal("S1", SUSPENSION, state, day, **more)


def test_an_application_is_what_its_newest_event_says(records):
    number = appeals.save_appeal(records, "甲", step(DRAFTED, "2026-03-01", evidence=(("照片", False), ("证明", True))))
    appeals.save_appeal(
        records, "乙", step(FILED, "2026-03-03", evidence=(("照片", True),), settling_date="2026-06-01"), number
    )
    other = appeals.save_appeal(records, "甲", Appeal("S2", EXCLUSION, FILED, "2026-03-02"))
    first, second = appeals.appeals(records)
    assert (first.appeal_id, second.appeal_id) == (number, other)
    assert (first.state, first.who, first.missing, first.settling_date) == (FILED, "乙", (), "2026-06-01")
    assert first.dates == {DRAFTED: "2026-03-01", FILED: "2026-03-03"}
    assert appeals.appeal_history(records, number)[0].missing == ("照片",)


def test_a_state_noted_again_takes_the_corrected_date(records):
    number = appeals.save_appeal(records, "甲", step(FILED, "2026-03-05"))
    appeals.save_appeal(records, "甲", step(FILED, "2026-03-04"), number)
    assert appeals.appeals(records)[0].dates == {FILED: "2026-03-04"}


def test_undoing_goes_back_step_by_step_and_keeps_every_row(records):
    number = appeals.save_appeal(records, "甲", step(FILED, "2026-03-03"))
    for state, day in ((ACCEPTED, "2026-03-04"), (GRANTED, "2026-03-06"), (SETTLED, "2026-04-01")):
        appeals.save_appeal(records, "甲", step(state, day), number)
    assert appeals.undo_last(records, "乙", number)
    assert appeals.undo_last(records, "乙", number)
    (left,) = appeals.appeals(records)
    assert (left.state, left.dates) == (ACCEPTED, {FILED: "2026-03-03", ACCEPTED: "2026-03-04"})
    appeals.save_appeal(records, "甲", step(GRANTED, "2026-03-07"), number)
    assert [entry.state_date for entry in appeals.appeal_history(records, number)] == [
        "2026-03-03",
        "2026-03-04",
        "2026-03-07",
    ]
    assert records.execute("select count(*) from appeal_events").fetchone()[0] == 7


def test_an_application_undone_to_its_beginning_is_gone_and_its_number_is_not_given_again(records):
    number = appeals.save_appeal(records, "甲", step(FILED, "2026-03-03"))
    assert appeals.undo_last(records, "甲", number)
    assert not appeals.undo_last(records, "甲", number)
    assert not appeals.appeals(records)
    assert appeals.save_appeal(records, "甲", step(FILED, "2026-03-03")) == number + 1
    assert not appeals.undo_last(records, "甲", 99)


def test_a_store_without_the_table_is_brought_up_and_keeps_what_it_had(tmp_path, monkeypatch):
    storage = Storage(tmp_path, tmp_path / "config")
    before = store.MIGRATIONS.index(store.APPEALS)
    whole = store.MIGRATIONS
    monkeypatch.setattr(store, "MIGRATIONS", whole[:before])
    with closing(store.open_records(storage)) as old:
        old.execute(
            "insert into target_events (at, who, indicator, unit_id, rule_id, from_period, value) "
            "values ('2026-03-01', '甲', 'score', '', '', '', 90)"
        )
    monkeypatch.setattr(store, "MIGRATIONS", whole)
    with closing(store.open_records(storage)) as new:
        assert appeals.save_appeal(new, "甲", step(FILED, "2026-03-03")) == 1
        assert new.execute("select count(*) from target_events").fetchone()[0] == 1
