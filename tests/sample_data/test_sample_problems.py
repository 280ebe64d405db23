"""The twelve planted recurring problems and the traps beside them."""

import polars as pl
import pytest
from made_sample import Sample

from hotline12345.sample_data.world import load_world

PROBLEMS = [problem.problem_id for problem in load_world().problems]


def planted(sample: Sample, problem: str) -> pl.DataFrame:
    """Orders of a planted problem with their truth."""
    frame = pl.concat([sample.orders, sample.truth], how="horizontal")
    return frame.filter(pl.col("problem_id") == problem)


def test_there_are_twelve(sample: Sample) -> None:
    assert len(PROBLEMS) == 12
    assert sorted(sample.truth["problem_id"].drop_nulls().unique()) == PROBLEMS
    assert {problem.grain for problem in load_world().problems} == {"点位事件", "共性问题"}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_many_people_over_months_in_different_words(sample: Sample, problem: str) -> None:
    orders = planted(sample, problem)
    assert 25 <= orders.height <= 125
    assert orders["caller"].n_unique() >= 0.6 * orders.height
    assert orders["创建时间"].str.slice(0, 7).n_unique() >= 3
    assert orders["主要内容"].n_unique() == orders.height
    assert orders["标题"].n_unique() > 5


@pytest.mark.parametrize("problem", PROBLEMS)
def test_grain(sample: Sample, problem: str) -> None:
    orders = planted(sample, problem)
    places, units = orders["小区点位"].n_unique(), orders["被反映街乡镇"].n_unique()
    if orders["grain"][0] == "点位事件":
        assert places == 1
    else:
        assert places >= 5
        assert units >= 3


def test_some_problems_come_back_after_having_been_solved(sample: Sample) -> None:
    frame = pl.concat([sample.orders, sample.truth], how="horizontal")
    back = frame.filter(pl.col("link") == "解决后再次反映")
    assert back["problem_id"].n_unique() >= 6
    first = frame.filter(pl.col("link") == "新诉求").select("案件编号", "是否解决", "办结时间")
    pairs = back.join(first, on="案件编号", suffix="_first")
    assert pairs.height == back.height > 80
    assert (pairs["是否解决_first"] == "解决").all()
    assert (pairs["办结时间_first"] < pairs["创建时间"]).all()


def test_one_estate_has_two_different_problems(sample: Sample) -> None:
    places = {problem: set(planted(sample, problem)["小区点位"]) for problem in ("R01", "R09")}
    topics = {planted(sample, problem)["topic_level1"][0] for problem in ("R01", "R09")}
    assert places["R01"] == places["R09"]
    assert len(topics) == 2


def test_one_problem_returns_in_a_second_winter(sample: Sample) -> None:
    months = planted(sample, "R02")["创建时间"].str.slice(0, 7)
    assert (months < "2025-04").sum() > 20
    assert (months > "2025-10").sum() > 20
    assert months.is_between(pl.lit("2025-04"), pl.lit("2025-10")).sum() == 0
