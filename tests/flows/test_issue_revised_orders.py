"""Orders that a later export brings again: what was an example stays one, and what became confidential is none any more."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from made_mining import Site, site_at
from planted_issues import corpus

MARCH = datetime(2026, 3, 1, 9)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = site_at(tmp_path / "site")
    yield made.loaded(records())
    made.connection.close()


def records() -> list[dict[str, object]]:
    """The planted corpus within one month."""
    found = corpus().drop("is_resolved", "closed_at", "unit", "topic").to_dicts()
    return [each | {"reported_at": MARCH + timedelta(hours=number)} for number, each in enumerate(found)]


def examples(site: Site) -> dict[tuple[str, str], int | None]:
    """(issue, order) → example_rank."""
    rows = site.connection.execute("select issue_id, order_id, example_rank from landed.recurring_issue_orders")
    return {(issue_id, order_id): rank for issue_id, order_id, rank in rows.fetchall()}


def test_an_answer_that_comes_later_takes_no_example_away(site: Site) -> None:
    before = examples(site)
    assert {issue_id[0] for issue_id, _ in before} == {"E", "T"}
    answered = [each | {"resolution": "解决", "closed_at": MARCH + timedelta(days=9)} for each in records()]
    assert examples(site.loaded(answered)) == before


def test_an_order_that_becomes_confidential_is_no_example_and_still_counts(site: Site) -> None:
    before = examples(site)
    first = {order_id for (_, order_id), rank in before.items() if rank == 1}
    after = examples(site.loaded([each | {"is_confidential": each["order_id"] in first} for each in records()]))
    assert after.keys() == before.keys()
    assert {rank for (_, order_id), rank in after.items() if order_id in first} == {None}
    assert {issue_id for (issue_id, _), rank in after.items() if rank} == {issue_id for issue_id, _ in before}
