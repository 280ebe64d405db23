"""Issues keep their id and name from run to run; joining, splitting, vanishing and coming back are told once."""

from datetime import timedelta

import polars as pl
import pytest
from made_clusters import EVENT, START, THEME, World, event, found, ids, theme

from hotline12345.models.recurring.identity import FORMER, ISSUES, MEMBERS, identify
from hotline12345.models.recurring.matching import Stored, new_issue_id


@pytest.fixture
def world() -> World:
    return World()


def test_a_new_issue_is_named_by_place_and_problem_and_told_once(world):
    world.run([event(ids(3, 1, 2)), theme(ids(1, 2, 3, 4), "电梯故障")])
    an_event, a_theme = world.id_of("O0001"), world.id_of("O0001", THEME)
    assert an_event == new_issue_id(EVENT, "桐园小区", "O0001")
    assert (an_event[0], a_theme[0]) == ("E", "T")
    assert world.groups() == {an_event: ids(1, 2, 3), a_theme: ids(1, 2, 3, 4)}
    row = world.issue(an_event)
    assert (row["issue_name"], row["name_source"], row["first_known_at"]) == (
        "桐园小区 电梯故障",
        "系统",
        START + timedelta(days=1),
    )
    assert world.issue(a_theme)["issue_name"] == "电梯故障"
    assert world.history["event"].to_list() == ["出现", "出现"]
    assert world.history["reason"].to_list() == [
        "首次发现：3 件工单，3 名诉求人。",
        "首次发现：4 件工单，4 名诉求人。",
    ]


def test_later_months_change_neither_id_nor_name(world):
    world.run([event(ids(5, 6, 7))])
    first = world.id_of("O0005")
    world.run([event(ids(1, 5, 6, 7, 8, 9), problem="电梯经常坏")])
    assert world.groups() == {first: ids(1, 5, 6, 7, 8, 9)}, "even an older order that arrives late"
    assert world.issue(first)["issue_name"] == "桐园小区 电梯故障"
    assert world.history.height == 1


def test_the_same_data_again_tells_nothing_and_changes_nothing(world):
    groups = [event(ids(1, 2, 3)), event(ids(4, 5, 6), "松园小区"), theme(ids(1, 2, 4, 5))]
    world.run(groups)
    before = world.issues, world.members, world.history
    again = world.run(list(reversed(groups)), day=1)
    assert again.history.is_empty()
    assert all(
        one.equals(other) for one, other in zip(before, (world.issues, world.members, world.history), strict=True)
    )


def test_issues_that_are_not_concerned_are_left_alone(world):
    world.run([event(ids(1, 2, 3)), event(ids(4, 5, 6), "松园小区")])
    untouched = world.id_of("O0004")
    result = world.run([event(ids(1, 2, 3, 7))])
    assert untouched not in result.members["issue_id"]
    assert world.groups()[untouched] == ids(4, 5, 6)
    assert world.issue(untouched)["gone_at"] is None


def test_two_issues_in_one_cluster_join_and_the_one_with_more_people_lives(world):
    world.run([event(ids(1, 2, 3)), event(ids(4, 5, 6, 7), problem="电梯停运")])
    small, big = world.id_of("O0001"), world.id_of("O0004")
    world.run([event(ids(*range(1, 9)))])
    assert world.groups() == {big: ids(*range(1, 9))}
    assert (world.issue(small)["merged_into"], world.issue(small)["gone_at"]) == (big, None)
    assert world.events()[2:] == [(small, "合并", big)]
    assert world.history["reason"][2] == "与“桐园小区 电梯停运”归为同一个问题，人数较多的一个保留编号；原编号仍可打开。"


def test_people_count_before_orders_and_the_older_issue_wins_a_tie(world):
    voices = dict.fromkeys(ids(1, 2, 3, 4, 5), "one person")
    world.run([event(ids(1, 2, 3, 4, 5))], voices=voices)
    world.run([event(ids(6, 7), problem="电梯停运")])
    many_orders, more_people = world.id_of("O0001"), world.id_of("O0006")
    world.run([event(ids(*range(1, 8)))], voices=voices)
    assert world.groups().keys() == {more_people}
    other = World()
    other.run([event(ids(8, 9))])
    other.run([event(ids(1, 2), problem="电梯停运")])
    older = other.id_of("O0008")
    other.run([event(ids(1, 2, 8, 9))])
    assert other.groups().keys() == {older}
    assert many_orders in world.issues["issue_id"]


def test_links_by_old_ids_lead_to_the_end_of_the_chain(world):
    world.run([event(ids(1, 2)), event(ids(3, 4, 5), problem="停运"), event(ids(*range(6, 12)), problem="困人")])
    small, middle, big = (world.id_of(order) for order in ids(1, 3, 6))
    world.run([event(ids(1, 2, 3, 4, 5))])
    world.run([event(ids(*range(1, 12)))])
    assert {i: world.issue(i)["merged_into"] for i in (small, middle, big)} == {small: big, middle: big, big: None}


def test_the_larger_part_of_a_split_keeps_the_id(world):
    world.run([event(ids(*range(1, 8)))])
    whole = world.id_of("O0001")
    world.run([event(ids(1, 2, 3), problem="电梯异响"), event(ids(4, 5, 6, 7))])
    part = world.id_of("O0001")
    assert world.groups() == {whole: ids(4, 5, 6, 7), part: ids(1, 2, 3)}
    assert part != whole, "although its earliest order is the one that named the whole"
    assert world.events()[1:] == [(part, "拆分", whole)]
    assert world.history["reason"][1] == "从“桐园小区 电梯故障”中分出：3 件工单，3 名诉求人；人数较多的一边保留原编号。"
    assert world.issue(part)["split_from"] == whole


def test_an_issue_without_cluster_is_gone_and_comes_back_by_its_orders(world):
    world.run([event(ids(1, 2, 3))])
    issue_id = world.id_of("O0001")
    world.run([], gone=ids(1, 2, 3))
    assert world.groups() == {}
    assert world.issue(issue_id)["gone_at"] == START + timedelta(days=2)
    world.run([event(ids(2, 3, 9), problem="电梯异响")])
    assert world.groups() == {issue_id: ids(2, 3, 9)}
    assert world.issue(issue_id)["gone_at"] is None
    assert [name for _, name, _ in world.events()] == ["出现", "消失", "恢复"]
    assert world.former.is_empty()


def test_an_issue_comes_back_by_its_place_and_problem(world):
    world.run([event(ids(1, 2, 3)), theme(ids(1, 2, 3), "供暖不热")])
    issue_id, a_theme = world.id_of("O0001"), world.id_of("O0001", THEME)
    world.run([], gone=ids(1, 2, 3))
    world.run([event(ids(11, 12), "松园小区"), event(ids(13, 14)), theme(ids(13, 14), "供暖不热")])
    assert world.id_of("O0013") == issue_id
    assert world.id_of("O0013", THEME) == a_theme
    assert world.id_of("O0011") not in {issue_id, a_theme}


def test_an_absorbed_issue_gets_its_id_back_when_it_stands_alone_again(world):
    world.run([event(ids(1, 2, 3)), event(ids(4, 5, 6, 7), problem="电梯停运")])
    small, big = world.id_of("O0001"), world.id_of("O0004")
    world.run([event(ids(*range(1, 8)))])
    world.run([event(ids(1, 2, 3)), event(ids(4, 5, 6, 7))])
    assert world.groups() == {small: ids(1, 2, 3), big: ids(4, 5, 6, 7)}
    assert (world.issue(small)["merged_into"], world.issue(small)["absorbed_by"]) == (None, None)
    assert world.events()[2:] == [(small, "合并", big), (small, "恢复", None)]


def test_one_stray_order_does_not_carry_an_id_along(world):
    world.run([event(ids(*range(1, 11)))])
    issue_id = world.id_of("O0001")
    world.run([event(ids(1, *range(20, 30)), problem="停车难")], gone=ids(*range(2, 11)))
    assert world.id_of("O0001") != issue_id
    assert world.issue(issue_id)["gone_at"] is not None


def test_grains_do_not_take_each_others_ids(world):
    world.run([event(ids(1, 2, 3))])
    an_event = world.id_of("O0001")
    world.run([theme(ids(1, 2, 3))], gone=ids(1, 2, 3))
    assert world.groups().keys() == {world.id_of("O0001", THEME)}
    assert world.issue(an_event)["gone_at"] is not None


def test_a_run_over_one_grain_leaves_the_other_alone(world):
    world.run([event(ids(1, 2, 3)), theme(ids(1, 2, 3, 4))])
    a_theme = world.id_of("O0001", THEME)
    world.run([event(ids(1, 2, 3, 5))])
    assert world.groups()[a_theme] == ids(1, 2, 3, 4)
    assert world.history.height == 2


def test_orders_that_were_not_looked_at_stay_where_they_are():
    world = World()
    world.run([event(ids(1, 2, 3, 4))])
    issue_id = world.id_of("O0001")
    mined = found([event(ids(1, 9), "松园小区")], 2)
    stored = Stored(
        world.issues, world.members.with_columns(is_examined=pl.col("order_id") == "O0001"), FORMER.to_frame()
    )
    result = identify(mined, stored, [], lambda orders, parts: [])
    kept = result.members.filter(pl.col("issue_id") == issue_id)["order_id"].to_list()
    assert kept == ids(2, 3, 4)
    assert result.members.height == 5


def test_nothing_mined_gives_empty_frames_of_the_right_columns():
    empty = Stored(ISSUES.to_frame(), MEMBERS.to_frame().with_columns(is_examined=pl.lit(True)), FORMER.to_frame())
    result = identify(found([]), empty, [], lambda orders, parts: [])
    assert (result.issues.schema, result.members.schema, result.former.schema) == (ISSUES, MEMBERS, FORMER)
    assert result.history.is_empty()


def test_ids_tell_places_grains_and_orders_apart():
    made = {
        new_issue_id(grain, place, order)
        for grain, place in ((EVENT, "甲"), (EVENT, "乙"), (THEME, None))
        for order in ("1", "2")
    }
    assert len(made) == 6
