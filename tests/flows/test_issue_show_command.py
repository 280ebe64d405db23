"""`hotline issues list` and `show` on a published snapshot with known issues."""

import json
from pathlib import Path

import pytest
from called import Hotline
from made_board import FEES, HEATING, LAMPS, OLD, publish_board
from made_snapshot import storage_at

from hotline12345.sql.storage import Storage


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    storage = storage_at(tmp_path_factory.mktemp("board"))
    publish_board(storage)
    return storage


def shown(hotline: Hotline, board: Storage, issue_id: str) -> dict:
    return json.loads(hotline("issues", "show", issue_id, "--data-dir", board.data, "--format", "json").out)


def test_list_has_the_four_scores_and_only_ranked_issues(hotline: Hotline, board: Storage) -> None:
    found = json.loads(hotline("issues", "list", "--data-dir", board.data, "--format", "json").out)
    assert [issue["issue_rank"] for issue in found] == [1, 2, 3, 4]
    assert OLD not in [issue["issue_id"] for issue in found]
    asked = [(row["unresolved_count"], row["resolution_asked_count"], row["unresolved_share"]) for row in found]
    assert all(share == pytest.approx(part / of) for part, of, share in asked), "a share stands with what it is of"
    told = hotline("issues", "list", "--data-dir", board.data).out
    assert "统计期 2024年5月1日至" in told and "数据截至 2026-05-31 12:00" in told
    assert {"frequency_score", "breadth_score", "difficulty_score", "urgency_score", "top_share"} <= found[0].keys()


def test_show_tells_figures_that_add_up(hotline: Hotline, board: Storage) -> None:
    issue = shown(hotline, board, HEATING)
    assert (issue["order_count"], issue["people_count"]) == (180, 120)
    for parts in ("units_of_issue", "months_of_issue"):
        assert sum(row["order_count"] for row in issue[parts]) == 180
        assert sum(row["resolution_asked_count"] for row in issue[parts]) == issue["resolution_asked_count"]
        assert sum(row["recurrence_count"] for row in issue[parts]) == issue["recurrence_count"]
    assert {line["score"] for line in issue["evidence"]} == {"高频", "共性", "难点", "紧迫"}
    for row in issue["units_of_issue"]:
        assert row["resolution_rate"] == pytest.approx(row["resolved_count"] / row["resolution_asked_count"])


def test_show_prints_examples_masked_and_none_that_is_need_to_know(hotline: Hotline, board: Storage) -> None:
    issue = shown(hotline, board, LAMPS)
    hidden = {f"D{LAMPS[-1]}{number:03d}" for number in range(0, 30, 29)}
    assert len(issue["examples"]) == 5 and not hidden & {row["order_id"] for row in issue["examples"]}
    said = hotline("issues", "show", LAMPS, "--data-dir", board.data).out
    assert "另有 2 件举报或保密工单计数但不列出" in said
    assert "典型工单（已脱敏）" in said and "138****1234" in said
    assert "本系统测算，以正式通报为准" in said and "建议值" in said


def test_the_id_of_a_merged_issue_opens_the_one_it_was_merged_into(hotline: Hotline, board: Storage) -> None:
    assert shown(hotline, board, OLD)["issue_id"] == FEES
    assert f"{OLD} 已并入这个问题" in hotline("issues", "show", OLD, "--data-dir", board.data).out


def test_an_unknown_id_is_told(hotline: Hotline, board: Storage, tmp_path: Path) -> None:
    outcome = hotline("issues", "show", "T9", "--data-dir", board.data)
    assert outcome.code == 2 and "没有这个问题" in outcome.err and "hotline issues list" in outcome.err
    assert "还没有发布过数据" in hotline("issues", "show", "T9", "--data-dir", tmp_path).err
