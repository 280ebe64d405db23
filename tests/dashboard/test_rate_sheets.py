"""打印: the printed page says what the screen says, every unit stands on it, and it carries its ground."""

import io
from datetime import datetime

import docx
import polars as pl
import pytest
from made_snapshot import publish_orders, storage_at

from hotline12345.dashboard import labels, rank_tables
from hotline12345.dashboard.documents.rate_sheets import Printed, overview_sheet, rates_sheet, unit_sheet
from hotline12345.sql.lost_reads import GROUPINGS
from hotline12345.sql.reads import Reader

RULE, PERIOD = "example-10-50-40", "2026-03"
PAGE = Printed(
    "2026年3月期三率", "2026年2月19日至3月18日", ["规则：示例", labels.DISCLAIMER], datetime(2026, 3, 29, 13), 1, True
)


@pytest.fixture(scope="module")
def reads(tmp_path_factory):
    """The made snapshot."""
    storage = storage_at(tmp_path_factory.mktemp("sheets"))
    reader = Reader(storage, publish_orders(storage))
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def scores(reads) -> pl.DataFrame:
    """Every unit of the period as the page lists them."""
    return labels.in_group_order(reads.unit_scores(RULE, PERIOD))


def tables(content: bytes) -> list[list[list[str]]]:
    """The texts of each table, row by row."""
    return [[[cell.text for cell in row.cells] for row in t.rows] for t in docx.Document(io.BytesIO(content)).tables]


def texts(content: bytes) -> list[str]:
    """The paragraphs."""
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_every_unit_is_printed_with_the_screens_figures(reads, scores):
    made = tables(rates_sheet(PAGE, scores, reads.group_summary(RULE, PERIOD)))
    printed = {row[1]: row for table in made for row in table[1:]}
    assert set(scores["unit_name"]) == set(printed) - {"汇总"}
    for row in scores.iter_rows(named=True):
        line = printed[row["unit_name"]]
        assert line[2:8] == [
            labels.count(row[n])
            for n in ("received", "valid", "contacted", "resolved", "satisfied", "basically_satisfied")
        ]
        assert line[8:] == [
            *(labels.rate(row[f"{rate}_rate"]) for rate in rank_tables.RATES),
            labels.score(row["score"]),
        ]


def test_a_group_closes_with_its_summary_only_where_it_is_ranked(reads, scores):
    summary = reads.group_summary(RULE, PERIOD)
    towns = tables(rates_sheet(PAGE, scores, summary))[0]
    own = summary.filter(pl.col("unit_group") == "街镇").row(0, named=True)
    assert towns[-1][1] == "汇总"
    assert towns[-1][9] == labels.rate(own["resolution_rate"])
    assert "汇总" not in [row[1] for table in tables(rates_sheet(PAGE, scores, summary.clear())) for row in table]


def test_a_unit_without_callbacks_has_no_rate(reads, scores):
    without = scores.filter(pl.col("valid") == 0)
    assert without.height
    line = next(
        row for table in tables(rates_sheet(PAGE, without, reads.group_summary(RULE, PERIOD))) for row in table[1:]
    )
    assert line[0] == labels.MISSING
    assert line[8:] == [labels.MISSING] * 4


def test_the_page_of_one_unit_has_rates_answers_and_places(reads, scores):
    row = scores.filter(pl.col("unit_id") == "U2").row(0, named=True)
    lost = {by: reads.lost_summary(RULE, PERIOD, "U2", by) for by in GROUPINGS}
    rates, answers, places = tables(unit_sheet(PAGE, row, {}, rank_tables.rank(row), lost))
    assert rates[2][1] == labels.rate(row["resolution_rate"])
    assert rates[2][4:] == [labels.MISSING] * 2
    assert [line[0] for line in answers[1:]] == ["双是", "解决不满意", "未解决满意", "双否"]
    first = lost["topic_name"].row(0, named=True)
    assert places[1][:2] == [first["topic_name"], labels.count(first["lost_count"])]


def test_both_say_what_they_stand_on_and_are_the_same_each_time(reads, scores):
    summary = reads.group_summary(RULE, PERIOD)
    made = rates_sheet(PAGE, scores, summary)
    assert made == rates_sheet(PAGE, scores, summary)
    said = texts(made)
    assert said[0] == PAGE.title
    assert labels.SIMULATED in said
    assert said[-1] == labels.DISCLAIMER


def test_the_overview_has_groups_topics_and_issues(reads):
    summary = labels.in_group_order(reads.group_summary(RULE, PERIOD))
    moved = pl.DataFrame({"topic_name": ["住房", "供暖"], "now": [12, 3], "before": [10, 0], "year_ago": [None, 6]})
    issues = pl.DataFrame({"issue_rank": [1], "issue_name": ["供暖不热"], "people_count": [40], "order_count": [69]})
    groups, topics, listed = tables(overview_sheet(PAGE, summary, moved, issues))
    assert [row[0] for row in groups[1:]] == summary["unit_group"].to_list()
    assert groups[1][4] == labels.rate(summary["resolution_rate"][0])
    assert topics[1:] == [["住房", "12", "10", "+20.0%", "—", "—"], ["供暖", "3", "0", "—", "6", "-50.0%"]]
    assert listed[1] == ["1", "供暖不热", "40", "69"]
    assert len(tables(overview_sheet(PAGE, summary.clear(), moved, issues.clear()))) == 1
