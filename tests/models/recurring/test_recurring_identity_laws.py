"""Laws of identity, on random groups that grow, join and fall apart, with random edits in between."""

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from made_clusters import EVENT, World, by_number, event, found

from hotline12345.models.recurring.edits import Edit
from hotline12345.models.recurring.identity import identify
from hotline12345.models.recurring.matching import Found, new_issue_id

FEWEST = 2  # so many orders make a cluster here

labels = st.lists(st.integers(0, 4), min_size=1, max_size=30)  # the group of each order, in order of time
cuts = st.lists(st.integers(1, 29), max_size=5)  # where a run ends


def groups(partition: Sequence[int], upto: int, only: set[int] | None = None):
    """The groups of the first orders as events, those of `only` where given; groups too small are none."""
    return [
        event([f"O{n:04d}" for n in range(upto) if partition[n] == group], f"{group}号院")
        for group in sorted(set(partition[:upto]) if only is None else only)
        if partition[:upto].count(group) >= FEWEST
    ]


def day_by_day(partition: list[int], days: list[int], edits: Sequence[Edit] = ()) -> World:
    """One run a day over the groups that the day's orders touch."""
    world, done = World(), 0
    for upto in [*sorted({day for day in days if day < len(partition)}), len(partition)]:
        world.run(groups(partition, upto, set(partition[done:upto])), edits)
        done = upto
    return world


def first_id(partition: Sequence[int], group: int) -> str:
    return new_issue_id(EVENT, f"{group}号院", f"O{list(partition).index(group):04d}")


def some_edits(partition: list[int]) -> list[Edit]:
    """A merge, a split, a dismissal and a pin of the groups 0 to 3."""
    one, two, three, four = (first_id(partition, group) if group in partition else f"E{group}" for group in range(4))
    mine = [f"O{n:04d}" for n, group in enumerate(partition) if group == 2]
    splits = [Edit("split", three, "Epart", "分出的部分", tuple(mine[:1]), tuple(mine[1:2]))] if len(mine) > 1 else []
    return [Edit("merge", one, two), *splits, Edit("dismiss", two), Edit("pin", four)]


@given(labels, cuts)
@settings(max_examples=20, deadline=None)
def test_day_by_day_gives_what_all_at_once_gives(partition, days):
    edits = some_edits(partition)
    slowly, at_once = day_by_day(partition, days, edits), day_by_day(partition, [], edits)
    assert slowly.groups() == at_once.groups()
    assert slowly.issues.drop("first_known_at").equals(at_once.issues.drop("first_known_at"))


@given(labels, cuts)
@settings(max_examples=20, deadline=None)
def test_ids_and_names_stay_when_later_months_are_added(partition, days):
    world = World()
    for upto in [*sorted({day for day in days if day < len(partition)}), len(partition)]:
        before = {order: issue for issue, orders in world.groups().items() for order in orders}
        names = dict(world.issues.select("issue_id", "issue_name").iter_rows())
        world.run(groups(partition, upto))
        after = {order: issue for issue, orders in world.groups().items() for order in orders}
        assert before.items() <= after.items()
        assert names.items() <= dict(world.issues.select("issue_id", "issue_name").iter_rows()).items()


@given(labels, labels, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_is_irrelevant(earlier, later, shuffler):
    world = World()
    world.run(groups(earlier, len(earlier)), some_edits(earlier))
    edits = some_edits(later)
    mined = found(groups(later, len(later)), 2)
    stored = world.stored({(EVENT, f"O{n:04d}") for n in range(40)}, edits)
    plain = identify(mined, stored, edits, by_number)
    mixed = identify(
        Found(
            _mixed(mined.clusters, shuffler),
            _mixed(mined.members, shuffler),
            _mixed(mined.facts, shuffler),
            mined.until,
        ),
        type(stored)(*(_mixed(frame, shuffler) for frame in (stored.issues, stored.members, stored.former))),
        edits,
        by_number,
    )
    for name in ("issues", "members", "former", "history"):
        assert getattr(plain, name).equals(getattr(mixed, name)), name


def _mixed(frame, shuffler: random.Random):
    rows = list(range(frame.height))
    shuffler.shuffle(rows)
    return frame[rows]


@given(st.lists(labels, min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_whatever_mining_does_every_order_counts_once_and_a_second_run_says_nothing(partitions):
    """Groups may fall apart and join at will from run to run."""
    world = World()
    everything = [f"O{n:04d}" for n in range(30)]
    for partition in partitions:
        mined = groups(partition, len(partition))
        world.run(mined, gone=everything)
        clustered = sorted(order for group in mined for order in group[3])
        assert sorted(world.members["order_id"]) == clustered
        assert sorted(map(sorted, world.groups().values())) == sorted(sorted(group[3]) for group in mined)
        assert world.issues["issue_id"].is_unique().all()
        live = set(world.groups())
        for row in world.issues.iter_rows(named=True):
            lost = row["merged_into"] is not None or row["gone_at"] is not None
            assert lost == (row["issue_id"] not in live), row
        before = world.issues, world.members, world.former
        assert world.run(mined, gone=everything, day=world.day).history.is_empty()
        assert all(
            one.equals(two) for one, two in zip(before, (world.issues, world.members, world.former), strict=True)
        )


@given(st.lists(labels, min_size=2, max_size=4), st.integers(0, 4))
@settings(max_examples=20, deadline=None)
def test_a_dismissed_issue_stays_dismissed_and_takes_its_parts_along(partitions, which):
    world = World()
    world.run(groups(partitions[0], len(partitions[0])))
    if not world.groups():
        return
    dismissed = sorted(world.groups())[which % len(world.groups())]
    for partition in partitions[1:]:
        world.run(
            groups(partition, len(partition)), [Edit("dismiss", dismissed)], gone=[f"O{n:04d}" for n in range(30)]
        )
        flags = dict(world.issues.select("issue_id", "is_dismissed").iter_rows())
        origins = dict(world.issues.select("issue_id", "split_from").iter_rows())
        assert flags[dismissed]
        assert all(flags[issue_id] == flags[origin] for issue_id, origin in origins.items() if origin), origins
