"""The miner finds what was planted, nothing else, and the same whatever the order of the rows."""

from datetime import timedelta
from random import Random

import polars as pl
import pytest
from planted_issues import EVERYDAY, HEATING, LIFT, MIXING_PLANT, START, corpus, order, repeated
from polars.testing import assert_frame_equal

from hotline12345.models.recurring import SCORE_PARTS, Mined, MiningSettings, mine
from hotline12345.models.recurring.describe import conform, describe
from hotline12345.models.recurring.statistics import fit_statistics


def members_of(mined: Mined, place: str | None, word: str) -> set[str]:
    """The orders of the one issue of a place (None: theme) whose problem contains a word."""
    issues = mined.issues.filter(pl.col("place").eq_missing(place), pl.col("problem").str.contains(word, literal=True))
    assert issues.height == 1, mined.issues.select("name", "people")
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
    assert set(top["orders"]) == {12, 10, 11, 24}


def test_two_problems_of_one_estate_stay_apart(mined: Mined) -> None:
    events = mined.issues.filter(place="云栖佳苑", grain="点位事件").filter(pl.col("people") >= 10)
    assert events["orders"].sort().to_list() == [10, 12]


def test_issues_are_counted(mined: Mined) -> None:
    theme = mined.issues.filter(pl.col("grain") == "共性问题", pl.col("problem").str.contains("房产证")).row(
        0, named=True
    )
    assert (theme["people"], theme["orders"], theme["places"], theme["units"]) == (24, 24, 8, 1)
    assert theme["first_at"] == START
    assert theme["last_at"] == START + timedelta(days=9 * 23)
    assert theme["months"] == len({(START + timedelta(days=9 * i)).strftime("%Y-%m") for i in range(24)})
    assert theme["unresolved_share"] is None
    assert theme["difficulty_score"] is None


def test_scores_are_the_weighted_parts_and_ranks_follow_them(mined: Mined) -> None:
    weights = MiningSettings()
    for issue in mined.issues.iter_rows(named=True):
        known = {part: issue[part] for part in SCORE_PARTS if issue[part] is not None}
        of = {part: getattr(weights, part.replace("_score", "_weight")) for part in known}
        expected = sum(known[part] * of[part] for part in known) / sum(of.values())
        assert issue["score"] == pytest.approx(expected, abs=0.006)
    assert mined.issues["rank"].to_list() == list(range(1, mined.issues.height + 1))
    assert mined.issues.filter(~pl.col("is_covered"))["score"].is_sorted(descending=True)


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


def test_statistics_have_a_version_of_their_contents(records: pl.DataFrame) -> None:
    settings = MiningSettings()
    described = describe(conform(records), settings)
    assert fit_statistics(described, settings).version == fit_statistics(described[::-1], settings).version
    assert fit_statistics(described, settings).version != fit_statistics(described[1:], settings).version


def test_generic_phrases_make_no_issue() -> None:
    polite = ("请加快解决小区业主问题", "市民来电反映小区业主的问题，请相关部门尽快核实处理，谢谢")
    records = [order(i, polite, None, f"p{i}", i) for i in range(30)]
    assert mine(pl.DataFrame(records, infer_schema_length=None)).issues.is_empty()


def test_one_person_with_many_orders_is_one_voice() -> None:
    one = repeated(1, MIXING_PLANT, ("云栖佳苑",), 40)
    for record in one:
        record["caller"] = "p1"
    two = [{**record, "order_id": f"U{i}", "caller": f"q{i % 2}"} for i, record in enumerate(one)]
    assert mine(pl.DataFrame(one, infer_schema_length=None)).issues.is_empty()
    assert mine(pl.DataFrame(one + two, infer_schema_length=None)).issues["people"].to_list() == [3]


def test_ninety_orders_on_ninety_matters_are_no_issue() -> None:
    random = Random(5)
    parts = [text for pair in EVERYDAY for text in pair]
    texts = [(random.choice(parts), "，".join(random.sample(parts, 2))) for _ in range(90)]
    records = [order(i, texts[i], f"{'甲乙丙丁戊己庚辛壬'[i % 9]}里{i // 9}号院", "p1", i) for i in range(90)]
    assert mine(pl.DataFrame(records, infer_schema_length=None)).issues.is_empty()


def test_without_callers_equal_texts_are_one_voice() -> None:
    different = [
        order(i, (title, body + "，已经" + "一二三四五六七八九"[i % 9] + "年"), "云栖佳苑", None, i)
        for i, (title, body) in enumerate(MIXING_PLANT * 3)
    ]
    copies = [{**record, "order_id": f"C{i}"} for i, record in enumerate(different)]
    issues = mine(pl.DataFrame(different + copies, infer_schema_length=None)).issues
    assert issues.select("people", "orders").row(0) == (9, 18)


def test_a_place_with_one_wrong_character_is_the_same_place() -> None:
    records = repeated(1, LIFT, ("云栖佳苑", "云栖佳苑", "云栖家苑"), 12)
    found = mine(pl.DataFrame(records, infer_schema_length=None)).issues
    assert found.select("place", "orders").rows() == [("云栖佳苑", 12)]


def test_places_of_one_name_in_two_towns_stay_apart() -> None:
    records = repeated(1, LIFT, ("幸福家园",), 12)
    for i, record in enumerate(records):
        record["area"] = ("东示镇", "西示镇")[i % 2]
    found = mine(pl.DataFrame(records, infer_schema_length=None)).issues.filter(grain="点位事件")
    assert sorted(found["place"]) == ["东示镇幸福家园", "西示镇幸福家园"]


def test_a_place_is_read_from_the_text_where_the_column_is_empty() -> None:
    texts = tuple((f"示例镇云栖花园小区{title}", body) for title, body in HEATING)
    found = mine(pl.DataFrame(repeated(1, texts, (None,), 9), infer_schema_length=None)).issues  # type: ignore[arg-type]
    assert found["place"].to_list() == ["云栖花园"]


def test_an_event_of_a_theme_is_linked_and_does_not_crowd_the_list() -> None:
    records = repeated(1, HEATING, ("云栖佳苑", "望河花园", "锦川家园", "槐北公寓"), 40)
    found = mine(pl.DataFrame(records, infer_schema_length=None)).issues
    assert found["grain"].to_list() == ["共性问题"] + ["点位事件"] * 4
    assert found["is_covered"].to_list() == [False] + [True] * 4
    assert set(found["parent_id"][1:]) == {found["issue_id"][0]}


@pytest.mark.parametrize("columns", [("title", "body"), ("title",), ("body",)])
def test_one_text_is_enough_and_times_and_places_may_be_absent(columns: tuple[str, ...]) -> None:
    found = mine(corpus().select("order_id", "caller", *columns))
    assert found.issues.filter(pl.col("problem").str.contains("房产证")).height >= 1
    assert found.issues["first_at"].null_count() == found.issues.height
    assert found.members["occurrence"].null_count() == found.members.height


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_input(rows: int) -> None:
    full = mine(corpus())
    few = mine(corpus().head(rows))
    assert few.issues.is_empty()
    assert few.members.is_empty()
    assert few.issues.schema == full.issues.schema
    assert few.members.schema == full.members.schema


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


def test_examples_come_from_different_people_first() -> None:
    records = repeated(1, MIXING_PLANT, ("云栖佳苑",), 12)
    for record in records[:6]:
        record["caller"] = "p1"
    found = mine(pl.DataFrame(records, infer_schema_length=None))
    first = found.members.sort("example_rank").head(7)["order_id"]
    caller = {str(record["order_id"]): record["caller"] for record in records}
    assert len({caller[order_id] for order_id in first}) == 7
