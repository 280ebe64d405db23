"""`hotline issues recurrence` on a published snapshot: exact counts by unit and topic, and no rate of nothing."""

import csv
import io
import json
from pathlib import Path

import pytest
from called import Hotline
from made_board import publish_board
from made_recurrences import Recurrences, recurrences_of_board
from made_snapshot import storage_at

from hotline12345.models.statistics.intervals import wilson_interval
from hotline12345.sql.storage import Storage


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    storage = storage_at(tmp_path_factory.mktemp("board"))
    publish_board(storage)
    return storage


def listed(hotline: Hotline, board: Storage, by: str) -> list[dict]:
    done = hotline("issues", "recurrence", "--by", by, "--data-dir", board.data, "--format", "json")
    return json.loads(done.out)


def counted(rows: list[dict], name: str) -> dict[str, Recurrences]:
    return {row[name]: Recurrences(row["resolved_occurrence_count"], row["recurrence_count"]) for row in rows}


def test_units_and_topics_are_counted_exactly_and_add_up(hotline: Hotline, board: Storage) -> None:
    by_unit, by_topic, total = recurrences_of_board(board)
    assert total.again and total.resolved > total.again
    units, topics = listed(hotline, board, "unit"), listed(hotline, board, "topic")
    assert {name: found for name, found in counted(units, "unit_name").items() if found.resolved} == by_unit
    assert counted(topics, "topic_name") == by_topic
    for rows in (units, topics):
        assert sum(row["resolved_occurrence_count"] for row in rows) == total.resolved
        assert sum(row["recurrence_count"] for row in rows) == total.again


def test_a_rate_stands_with_its_interval(hotline: Hotline, board: Storage) -> None:
    for row in (*listed(hotline, board, "unit"), *listed(hotline, board, "topic")):
        again, resolved = row["recurrence_count"], row["resolved_occurrence_count"]
        figures = [row["recurrence_rate"], row["recurrence_rate_low"], row["recurrence_rate_high"]]
        assert figures == pytest.approx([again / resolved, *wilson_interval(again, resolved)])


def test_the_table_says_what_the_figures_are_of(hotline: Hotline, board: Storage) -> None:
    total = recurrences_of_board(board)[2]
    said = hotline("issues", "recurrence", "--data-dir", board.data).out
    for part in (
        f"已解决 {total.resolved} 次，其中 {total.again} 次之后又有人反映",
        "再次反映数到 2026-05-31",
        "已解决不足 20 次的",
        "本系统测算，以正式通报为准",
        "模拟数据",
    ):
        assert part in said
    assert "假性" not in said and "反水" not in said


def test_csv_has_the_same_rows_under_chinese_headings(hotline: Hotline, board: Storage) -> None:
    done = hotline("issues", "recurrence", "--by", "topic", "--data-dir", board.data, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out.lstrip("\ufeff"))))
    found = {row["问题分类"]: Recurrences(int(row["已解决的次数"]), int(row["解决后再次反映"])) for row in rows}
    assert found == recurrences_of_board(board)[1]


def test_without_data_it_says_so(hotline: Hotline, tmp_path: Path) -> None:
    done = hotline("issues", "recurrence", "--data-dir", tmp_path)
    assert done.code == 2 and "还没有发布过数据" in done.err
