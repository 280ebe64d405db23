"""Distances in orders against brute force: the fewest orders that reach a figure, or none that do."""

from datetime import datetime
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest

from hotline12345.dashboard.distances import Distance, say, to_figure, to_next_rank
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

RULE = """
id = "r"
name = "测试规则"
status = "example"
source = "测试"
valid_from = 2020-01-01
minimum_valid = 1
[period]
start_day = 1
[scope]
excluded_order_types = []
[summary]
method = "mean_of_units"
[answers.resolution]
"解决" = 1
"部分解决" = 0.5
[answers.satisfaction]
"满意" = 1
"基本满意" = 0.9
"""
WEIGHTED = RULE + "[weights]\nresponse = 0.1\nresolution = 0.5\nsatisfaction = 0.4\nrenormalise = true\n"
DEDUCTION = (
    RULE
    + '[score]\nmethod = "deduction"\n'
    + "[deductions.resolution]\ntarget = 0.8\npoints = 1\n[deductions.satisfaction]\ntarget = 0.95\npoints = 0.6\n"
)
# 20 orders of 甲镇 and 20 of 乙镇: how often each pair of answers
ANSWERS = {
    "甲镇": {
        ("解决", "满意"): 9,
        ("解决", "不满意"): 3,
        ("部分解决", "基本满意"): 3,
        ("未解决", "满意"): 2,
        ("未解决", "不满意"): 3,
    },
    "乙镇": {("解决", "满意"): 16, ("解决", "基本满意"): 2, ("未解决", "不满意"): 2},
}
VALUES = {"解决": 1.0, "部分解决": 0.5, "未解决": 0.0, "满意": 1.0, "基本满意": 0.9, "不满意": 0.0}


def rows() -> list[dict[str, Any]]:
    pairs = [(unit, *pair) for unit, counts in ANSWERS.items() for pair, count in counts.items() for _ in range(count)]
    return [
        {
            "order_id": f"A{number:02}",
            "order_type": "投诉",
            "created_at": datetime(2026, 3, 2),
            "unit_name": unit,
            "is_valid_callback": True,
            "is_contacted": True,
            "resolution": resolution,
            "satisfaction": satisfaction,
        }
        for number, (unit, resolution, satisfaction) in enumerate(pairs)
    ]


@pytest.fixture(scope="module", params=["weighted", "deduction"])
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder: Path = tmp_path_factory.mktemp(request.param)
    rule = WEIGHTED if request.param == "weighted" else DEDUCTION
    connection = made_warehouse.make(folder, rows(), ["U0,甲镇,街镇,,,,,,", "U1,乙镇,街镇,,,,,,"], rule)
    return Reader(Storage.at(folder), Snapshot(request.param, folder), replayed=connection)


def by_hand(method: str, resolution: float, satisfaction: float) -> float:
    """The score of sums over 20 contacted orders."""
    if method == "weighted":
        return 10 + 50 * resolution / 20 + 40 * satisfaction / 20
    return 100 - 100 * max(0.0, 0.8 - resolution / 20) - 60 * max(0.0, 0.95 - satisfaction / 20)


def best(method: str, improved: str) -> list[float]:
    """The highest score that k orders can bring, for each k, by trying every choice of kinds of orders."""
    pairs = {pair: count for pair, count in ANSWERS["甲镇"].items() if pair != ("解决", "满意")}
    start = [sum(VALUES[pair[n]] * count for pair, count in ANSWERS["甲镇"].items()) for n in (0, 1)]
    gains = {
        pair: (
            (1 - VALUES[pair[0]]) * (improved != "satisfaction"),
            (1 - VALUES[pair[1]]) * (improved != "resolution"),
        )
        for pair in pairs
    }
    useful = [pair for pair in pairs if any(gains[pair])]
    found = []
    for size in range(sum(pairs[pair] for pair in useful) + 1):
        choices = (
            choice
            for choice in combinations_with_replacement(useful, size)
            if all(choice.count(pair) <= pairs[pair] for pair in useful)
        )
        scores = [
            by_hand(method, start[0] + sum(gains[p][0] for p in choice), start[1] + sum(gains[p][1] for p in choice))
            for choice in choices
        ]
        found.append(max(scores))
    return found


@pytest.mark.parametrize("improved", ["resolution", "satisfaction", "both"])
def test_each_step_is_the_best_that_so_many_orders_can_bring(read: Reader, improved: Any) -> None:
    steps = read.score_steps("r", "2026-03", "U0", improved)
    assert steps["step_count"].to_list() == list(range(steps.height))
    assert steps["exact_score"].to_list() == pytest.approx(best(read.run_id, improved))
    assert steps["resolution_rate"].is_sorted() and steps["satisfaction_rate"].is_sorted()
    now = read.unit_scores("r", "2026-03").filter(pl.col("unit_id") == "U0")["score"][0]
    assert steps["score"][0] == now


def test_the_first_step_that_reaches_a_figure_is_taken(read: Reader) -> None:
    steps = read.score_steps("r", "2026-03", "U0", "resolution")
    assert to_figure(steps, "resolution_rate", 0.85) == Distance(4, 8)  # 13.5 of 20; 14.5, 15.5, 16.5, 17.5
    assert to_figure(steps, "resolution_rate", 0.675) == Distance(0, 8)
    assert to_figure(steps, "resolution_rate", 1.01) == Distance(None, 8)
    assert to_figure(read.score_steps("r", "2026-03", "U9", "both"), "score", 90) is None


def test_the_next_rank_counts_the_tie_break(read: Reader) -> None:
    scores = read.unit_scores("r", "2026-03")
    steps = read.score_steps("r", "2026-03", "U0", "both")
    found = to_next_rank(steps, scores, "U0", "received")
    other = scores.filter(pl.col("unit_id") == "U1")["score"][0]
    reached = [bool(score > other) for score in steps["score"]]
    assert found == Distance(reached.index(True), steps.height - 1)
    ahead = scores.with_columns(received=pl.when(pl.col("unit_id") == "U0").then(99).otherwise("received"))
    tied = steps.with_columns(score=pl.when(pl.col("step_count") == 2).then(other).otherwise("score"))
    assert to_next_rank(tied, ahead, "U0", "received") == Distance(min(2, reached.index(True)), steps.height - 1)
    assert to_next_rank(read.score_steps("r", "2026-03", "U1", "both"), scores, "U1", "received") is None


def test_words() -> None:
    assert say(Distance(3, 8), "resolution") == "再解决 3 件"
    assert say(Distance(3, 8), "satisfaction") == "再有 3 件满意"
    assert say(Distance(0, 8), "both") == "已达到" and say(None, "both") == "—"
    assert say(Distance(None, 8), "both") == "现有 8 件未得满分的工单全部改进也达不到"
