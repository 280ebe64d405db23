"""The miner finds what was planted, nothing else, and the same whatever the order of the rows."""

from datetime import timedelta
from random import Random

import polars as pl
import pytest
from planted_issues import EVERYDAY, HEATING, LIFT, MIXING_PLANT, START, corpus, order, repeated, table
from polars.testing import assert_frame_equal

from hotline12345.models.recurring import Mined, mine
from hotline12345.models.recurring.scoring import SCORE_COLUMNS, SCORES, Scoring


def members_of(mined: Mined, place: str | None, word: str) -> set[str]:
    """The orders of the one issue of a place (None: theme) whose problem contains a word."""
    issues = mined.issues.filter(pl.col("place").eq_missing(place), pl.col("problem").str.contains(word, literal=True))
    assert issues.height == 1, mined.issues.select("issue_name", "people_count")
    return set(mined.members.filter(issue_id=issues["issue_id"].item())["order_id"])


def ids(start: int, count: int) -> set[str]:
    return {f"T{number:04d}" for number in range(start, start + count)}


@pytest.mark.parametrize(
    ("place", "word", "planted"),
    [
        ("云栖佳苑", "搅拌站", ids(1, 12)),
        ("云栖佳苑", "电梯", ids(101, 10)),
        ("锦川家园", "热", ids(201, 11)),
        (None, "房产证", ids(301, 24)),
    ],
)
def test_planted_problems_are_found_whole_and_pure(
    mined: Mined, place: str | None, word: str, planted: set[str]
) -> None:
    assert members_of(mined, place, word) == planted


def test_planted_problems_lead_the_list(mined: Mined) -> None:
    top = mined.issues.head(4)
    assert set(top["place"]) == {"云栖佳苑", "锦川家园", None}
    assert set(top["order_count"]) == {12, 10, 11, 24}


def test_two_problems_of_one_estate_stay_apart(mined: Mined) -> None:
    events = mined.issues.filter(place="云栖佳苑", issue_grain="点位事件").filter(pl.col("people_count") >= 10)
    assert events["order_count"].sort().to_list() == [10, 12]


def test_issues_are_counted(mined: Mined) -> None:
    theme = mined.issues.filter(issue_grain="共性问题").filter(pl.col("problem").str.contains("房产证"))
    row = theme.row(0, named=True)
    assert (row["people_count"], row["order_count"], row["place_count"], row["unit_count"]) == (24, 24, 8, 1)
    assert (row["first_at"], row["last_at"]) == (START, START + timedelta(days=9 * 23))
    assert row["month_count"] == len({(START + timedelta(days=9 * i)).strftime("%Y-%m") for i in range(24)})
    assert row["unresolved_share"] is None
    assert row["difficulty_score"] is None


def test_scores_are_the_weighted_parts_and_ranks_follow_them(mined: Mined) -> None:
    weights = Scoring().weights
    for issue in mined.issues.iter_rows(named=True):
        known = {name: issue[column] for name, column in zip(SCORES, SCORE_COLUMNS, strict=True)}
        known = {name: value for name, value in known.items() if value is not None}
        expected = sum(value * weights[name] for name, value in known.items()) / sum(weights[name] for name in known)
        assert issue["issue_score"] == pytest.approx(expected, abs=0.006)
    assert mined.issues["issue_rank"].to_list() == list(range(1, mined.issues.height + 1))
    assert mined.issues.filter(~pl.col("is_covered"))["issue_score"].is_sorted(descending=True)


def test_every_issue_is_listed_with_its_members(mined: Mined) -> None:
    counted = mined.members.group_by("issue_id").agg(order_count=pl.len().cast(pl.Int64))
    assert_frame_equal(
        counted, mined.issues.select("issue_id", "order_count"), check_row_order=False, check_column_order=False
    )
    for issue in mined.members.partition_by("issue_id"):
        assert issue["example_rank"].to_list() == list(range(1, issue.height + 1))
    grains = mined.members.join(mined.issues.select("issue_id", "issue_grain"), on="issue_id")
    assert not grains.select("issue_grain", "order_id").is_duplicated().any(), "at most one issue of each grain"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(records: pl.DataFrame, mined: Mined, seed: int) -> None:
    again = mine(records.sample(fraction=1.0, shuffle=True, seed=seed))
    assert_frame_equal(again.issues, mined.issues)
    assert_frame_equal(again.members, mined.members)
    assert again.statistics.version == mined.statistics.version


def test_frozen_statistics_give_the_same_issue_whatever_else_is_mined(records: pl.DataFrame, mined: Mined) -> None:
    only = mine(records.filter(place="云栖佳苑"), statistics=mined.statistics)
    assert members_of(only, "云栖佳苑", "搅拌站") == ids(1, 12)
    assert only.statistics.version == mined.statistics.version


def test_generic_phrases_make_no_issue() -> None:
    polite = ("请加快解决小区业主问题", "市民来电反映小区业主的问题，请相关部门尽快核实处理，谢谢")
    assert mine(table(order(i, polite, None, f"p{i}", i) for i in range(30))).issues.is_empty()


def test_one_person_with_many_orders_is_one_voice() -> None:
    one = [{**record, "caller": "p1"} for record in repeated(1, MIXING_PLANT, ("云栖佳苑",), 40)]
    two = [{**record, "order_id": f"U{i}", "caller": f"q{i % 2}"} for i, record in enumerate(one)]
    assert mine(table(one)).issues.is_empty()
    assert mine(table(one + two)).issues["people_count"].to_list() == [3]


def test_ninety_orders_on_ninety_matters_are_no_issue() -> None:
    random = Random(5)
    parts = [text for pair in EVERYDAY for text in pair]
    texts = [(random.choice(parts), "，".join(random.sample(parts, 2))) for _ in range(90)]
    records = [order(i, texts[i], f"{'甲乙丙丁戊己庚辛壬'[i % 9]}里{i // 9}号院", "p1", i) for i in range(90)]
    assert mine(table(records)).issues.is_empty()


def test_without_callers_equal_texts_are_one_voice() -> None:
    different = [
        order(i, (title, body + "，已经" + "一二三四五六七八九"[i % 9] + "年"), "云栖佳苑", None, i)
        for i, (title, body) in enumerate(MIXING_PLANT * 3)
    ]
    copies = [{**record, "order_id": f"C{i}"} for i, record in enumerate(different)]
    assert mine(table(different + copies)).issues.select("people_count", "order_count").row(0) == (9, 18)


def test_a_voice_goes_before_the_caller() -> None:
    records = [{**record, "voice": "k1"} for record in repeated(1, MIXING_PLANT, ("云栖佳苑",), 12)]
    assert mine(table(records)).issues.is_empty()


def test_a_place_with_one_wrong_character_is_the_same_place() -> None:
    found = mine(table(repeated(1, LIFT, ("云栖佳苑", "云栖佳苑", "云栖家苑"), 12))).issues
    assert found.select("place", "order_count").rows() == [("云栖佳苑", 12)]


def test_places_of_one_name_in_two_towns_stay_apart() -> None:
    records = repeated(1, LIFT, ("幸福家园",), 12)
    for i, record in enumerate(records):
        record["area"] = ("东示镇", "西示镇")[i % 2]
    found = mine(table(records)).issues.filter(issue_grain="点位事件")
    assert sorted(found["place"]) == ["东示镇幸福家园", "西示镇幸福家园"]


def test_a_place_is_read_from_the_text_where_the_column_is_empty() -> None:
    texts = tuple((f"示例镇云栖花园小区{title}", body) for title, body in HEATING)
    assert mine(table(repeated(1, texts, (None,), 9))).issues["place"].to_list() == ["云栖花园"]


def test_an_event_of_a_theme_is_linked_and_does_not_crowd_the_list() -> None:
    found = mine(table(repeated(1, HEATING, ("云栖佳苑", "望河花园", "锦川家园", "槐北公寓"), 40))).issues
    assert found["issue_grain"].to_list() == ["共性问题"] + ["点位事件"] * 4
    assert found["is_covered"].to_list() == [False] + [True] * 4
    assert set(found["parent_id"][1:]) == {found["issue_id"][0]}


def test_a_problem_of_one_place_alone_is_no_theme() -> None:
    """More than three quarters of the people speak of one estate, the others of two more."""
    found = mine(table(repeated(1, HEATING, ("云栖佳苑",) * 8 + ("望河花园", "锦川家园"), 40))).issues
    assert found["issue_grain"].unique().to_list() == ["点位事件"]


@pytest.mark.parametrize("columns", [("title", "body"), ("title",), ("body",)])
def test_one_text_is_enough_and_times_and_places_may_be_absent(columns: tuple[str, ...]) -> None:
    found = mine(corpus().select("order_id", "caller", *columns))
    assert found.issues.filter(pl.col("problem").str.contains("房产证")).height >= 1
    assert found.issues["first_at"].null_count() == found.issues.height
    assert found.members["occurrence"].null_count() == found.members.height


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_input(mined: Mined, rows: int) -> None:
    few = mine(corpus().head(rows))
    assert few.issues.is_empty()
    assert few.members.is_empty()
    assert few.issues.schema == mined.issues.schema
    assert few.members.schema == mined.members.schema


def test_empty_texts_are_no_issue() -> None:
    frame = pl.DataFrame({"order_id": [str(i) for i in range(20)], "title": [None] * 20, "body": [""] * 20})
    assert mine(frame).issues.is_empty()


def test_bad_records_are_refused() -> None:
    with pytest.raises(ValueError, match="order_id"):
        mine(pl.DataFrame({"title": ["电梯停运"]}))
    with pytest.raises(ValueError, match="title, body"):
        mine(pl.DataFrame({"order_id": ["1"]}))
    with pytest.raises(ValueError, match="unique"):
        mine(pl.DataFrame({"order_id": ["1", "1"], "title": ["电梯停运", "电梯停运"]}))
    with pytest.raises(ValueError, match="not null"):
        mine(pl.DataFrame({"order_id": ["1", None], "title": ["电梯停运", "电梯停运"]}))


def test_examples_come_from_different_people_first() -> None:
    records = repeated(1, MIXING_PLANT, ("云栖佳苑",), 12)
    for record in records[:6]:
        record["caller"] = "p1"
    first = mine(table(records)).members.sort("example_rank").head(7)["order_id"]
    caller = {str(record["order_id"]): record["caller"] for record in records}
    assert len({caller[order_id] for order_id in first}) == 7


def test_need_to_know_orders_count_but_are_no_examples_and_name_nothing() -> None:
    """Half of the people report in confidence, in words of their own."""
    known, secret = MIXING_PLANT[2], ("内部举报搅拌站偷排", "搅拌站厂长指使工人夜里偷排，罐车轰鸣")
    records = [
        {**order(i, secret if i % 2 else known, "云栖佳苑", f"p{i}", i), "is_need_to_know": bool(i % 2)}
        for i in range(12)
    ]
    found = mine(table(records))
    assert found.issues.select("place", "order_count", "need_to_know_count").rows() == [("云栖佳苑", 12, 6)]
    shown = set(found.members.drop_nulls("example_rank")["order_id"])
    assert shown == {f"T{i:04d}" for i in range(0, 12, 2)}
    assert not found.issues["issue_name"].str.contains("举报|偷排|厂长").any()
    assert "搅拌站" in found.issues["issue_name"].item()


def test_outcomes_and_closings_reach_the_measures() -> None:
    """Eight reports, each resolved a day later; the last one is by the person of the first."""
    records = repeated(1, MIXING_PLANT, ("云栖佳苑",), 8)
    for number, record in enumerate(records):
        record.update(is_resolved=True, closed_at=START + timedelta(days=9 * number + 1))
    records[7]["caller"] = records[0]["caller"]
    found = mine(table(records))
    issue = found.issues.row(0, named=True)
    assert found.members.sort("order_id")["occurrence"].to_list() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (issue["people_count"], issue["order_count"], issue["recurrence_count"]) == (7, 8, 7)
    assert (issue["unresolved_share"], issue["unsettled_share"]) == (0, 1 / 8)
