"""What analysts change is respected by every later run and can be taken back without a trace in the issues."""

import pytest
from made_clusters import EVENT, World, event, ids, theme

from hotline12345.models.recurring.edits import Edit, follow, merged


@pytest.fixture
def world() -> World:
    """Two events of one estate and one of another, known since the first run."""
    made = World()
    made.run(GROUPS)
    return made


LIFT, NOISE, OTHER = event(ids(1, 2, 3)), event(ids(4, 5, 6), problem="夜间噪声"), event(ids(7, 8, 9), "松园小区")
GROUPS = [LIFT, NOISE, OTHER]


def three(world: World) -> tuple[str, str, str]:
    return world.id_of("O0001"), world.id_of("O0004"), world.id_of("O0007")


def test_a_new_name_stays_until_it_is_taken_back(world):
    lift, _, _ = three(world)
    rename = Edit("rename", lift, edited_name="桐园电梯反复停运")
    world.run([event(ids(1, 2, 3, 10), problem="电梯停运")], [rename])
    assert (world.issue(lift)["issue_name"], world.issue(lift)["name_source"]) == ("桐园电梯反复停运", "人工")
    newer = Edit("rename", lift, edited_name="桐园电梯")
    world.run([], [rename, newer])
    assert world.issue(lift)["issue_name"] == "桐园电梯"
    world.run([])
    assert (world.issue(lift)["issue_name"], world.issue(lift)["name_source"]) == ("桐园小区 电梯故障", "系统")


@pytest.mark.parametrize(
    ("on", "off", "column"), [("dismiss", "restore", "is_dismissed"), ("pin", "unpin", "is_pinned")]
)
def test_the_newest_of_two_opposite_words_counts(world, on, off, column):
    lift, noise, _ = three(world)
    world.run([LIFT], [Edit(on, lift)])
    assert (world.issue(lift)[column], world.issue(noise)[column]) == (True, False)
    world.run([LIFT], [Edit(on, lift), Edit(off, lift)])
    assert world.issue(lift)[column] is False
    world.run([LIFT], [Edit(on, lift), Edit(off, lift), Edit(on, lift)])
    assert world.issue(lift)[column] is True


def test_what_splits_off_a_dismissed_issue_is_dismissed_until_somebody_says_more(world):
    lift, _, _ = three(world)
    edits = [Edit("dismiss", lift)]
    world.run([event(ids(1, 2, 3, 10, 11, 12, 13))], edits)
    world.run([event(ids(1, 2, 3)), event(ids(10, 11, 12, 13))], edits)
    part = next(issue_id for issue_id in world.groups() if world.issue(issue_id)["split_from"] == lift)
    assert world.issue(lift)["is_dismissed"] and world.issue(part)["is_dismissed"]
    world.run([], [*edits, Edit("restore", part)])
    assert world.issue(lift)["is_dismissed"] and not world.issue(part)["is_dismissed"]


def test_a_dismissed_issue_that_was_gone_is_still_dismissed_when_it_comes_back(world):
    lift, _, _ = three(world)
    edits = [Edit("dismiss", lift)]
    world.run([], edits, gone=ids(1, 2, 3))
    world.run([event(ids(21, 22, 23))], edits)
    assert world.id_of("O0021") == lift
    assert world.issue(lift)["is_dismissed"]


def test_a_merge_takes_later_orders_along_and_can_be_taken_back(world):
    lift, _, other = three(world)
    merge = [Edit("merge", other, lift)]
    world.run([OTHER], merge)
    assert world.groups()[lift] == ids(1, 2, 3, 7, 8, 9)
    assert world.issue(other)["merged_into"] == lift
    world.run([event(ids(7, 8, 9, 10), "松园小区")], merge)
    assert world.groups()[lift] == ids(1, 2, 3, 7, 8, 9, 10)
    assert other not in world.groups()
    world.run([event(ids(7, 8, 9, 10), "松园小区")])
    assert world.groups()[lift] == ids(1, 2, 3)
    assert world.groups()[other] == ids(7, 8, 9, 10)
    assert world.issue(other)["merged_into"] is None
    assert [name for _, name, _ in world.events()] == ["出现"] * 3, "edits are history of their own"


def test_a_merged_issue_whose_cluster_ends_is_no_news_while_the_other_lives(world):
    lift, _, other = three(world)
    merge = [Edit("merge", lift, other)]
    world.run([LIFT], merge)
    world.run([], merge, gone=ids(7, 8, 9))
    assert world.groups()[other] == ids(1, 2, 3), "the merged orders are all that is left of it"
    assert world.issue(other)["gone_at"] is None
    assert world.events()[3:] == []


def test_a_split_moves_the_named_orders_and_later_ones_follow_the_nearer_part(world):
    lift, _, _ = three(world)
    split = [Edit("split", lift, "Epart", "桐园小区 电梯异响", tuple(ids(3)), tuple(ids(1, 2)))]
    world.run([event(ids(0, 1, 2, 3, 10))], split)
    assert world.groups()[lift] == ids(0, 1, 2)
    assert world.groups()["Epart"] == ids(3, 10)
    row = world.issue("Epart")
    assert (row["issue_name"], row["name_source"], row["problem"], row["place"], row["split_from"]) == (
        "桐园小区 电梯异响",
        "人工",
        "电梯异响",
        "桐园小区",
        lift,
    )
    world.run([event(ids(0, 1, 2, 3, 10))])
    assert world.groups()[lift] == ids(0, 1, 2, 3, 10)
    assert world.issue("Epart")["gone_at"] is not None


def test_a_part_that_was_split_off_can_be_merged_elsewhere(world):
    lift, noise, _ = three(world)
    edits = [
        Edit("split", lift, "Epart", "电梯夜间异响", tuple(ids(3)), tuple(ids(1, 2))),
        Edit("merge", "Epart", noise),
    ]
    world.run([LIFT], edits)
    assert world.groups()[noise] == ids(3, 4, 5, 6)
    assert world.groups()[lift] == ids(1, 2)
    world.run([LIFT], edits[:1])
    assert world.groups()[noise] == ids(4, 5, 6)
    assert world.groups()["Epart"] == ids(3)


def test_a_part_that_was_split_off_can_be_split_again_in_the_same_run(world):
    lift, _, _ = three(world)
    edits = [
        Edit("split", lift, "Epart", "电梯异响", tuple(ids(2, 3)), tuple(ids(1))),
        Edit("split", "Epart", "Epiece", "电梯困人", tuple(ids(3)), tuple(ids(2))),
    ]
    world.run([LIFT], edits)
    assert [world.groups()[issue_id] for issue_id in (lift, "Epart", "Epiece")] == [ids(1), ids(2), ids(3)]
    assert (world.issue("Epiece")["split_from"], world.issue("Epiece")["place"]) == ("Epart", "桐园小区")


def test_a_split_keeps_its_orders_when_mining_joins_the_issue_with_another(world):
    lift, _, _ = three(world)
    split = [Edit("split", lift, "Epart", "桐园小区 电梯异响", tuple(ids(3)), tuple(ids(1, 2)))]
    world.run([LIFT], split)
    world.run([event(ids(1, 2, 3, 4, 5, 6, 10), problem="夜间噪声")], split)
    assert world.groups()["Epart"] == ids(3)
    assert len(world.groups()) == 3, "the part, the joined one, and the one of the other estate"


def test_a_split_of_an_event_leaves_the_theme_alone():
    world = World()
    world.run([LIFT, theme(ids(1, 2, 3, 7))])
    lift = world.id_of("O0001", EVENT)
    split = [Edit("split", lift, "Epart", "电梯异响", tuple(ids(3)), tuple(ids(1, 2)))]
    world.run([LIFT, theme(ids(1, 2, 3, 7))], split)
    assert sorted(map(len, world.groups().values())) == [1, 2, 4]


def test_merges_in_a_circle_end_where_the_circle_would_close(world):
    lift, noise, other = three(world)
    edits = [Edit("merge", lift, noise), Edit("merge", noise, other), Edit("merge", other, lift)]
    assert merged(edits) == {lift: other, noise: other}
    world.run(GROUPS, edits)
    assert world.groups() == {other: ids(*range(1, 10))}
    assert {i: world.issue(i)["merged_into"] for i in (lift, noise, other)} == {lift: other, noise: other, other: None}


def test_an_edit_of_an_issue_that_nobody_knows_changes_nothing(world):
    before = world.issues
    world.run(
        [LIFT], [Edit("merge", "Enone", "Eother"), Edit("rename", "Enone", edited_name="无"), Edit("pin", "Enone")]
    )
    assert world.issues.equals(before)


def test_links_that_run_in_a_circle_end():
    assert follow({"A": "B", "B": "C"}, "A") == "C"
    assert follow({"A": "B", "B": "A"}, "A") == "B"
