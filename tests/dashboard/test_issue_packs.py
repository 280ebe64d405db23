"""Gathering a pack from a published folder: what is counted, what may be shown, what was decided; the page's buttons."""

import io
from datetime import date
from pathlib import Path

import docx
import made_board
import openpyxl
import polars as pl
import pytest
from made_board import ESTATE, FEES, HEATING, LAMPS, OLD, SECRET, THEMES
from made_snapshot import storage_at
from streamlit.testing.v1 import AppTest

from hotline12345.dashboard import issue_records
from hotline12345.dashboard.access import ANALYST, DEMO
from hotline12345.dashboard.documents import issue_docx, issue_xlsx
from hotline12345.dashboard.documents.issue_content import ORDER_COLUMNS, Decision, PackContent, PlanItem
from hotline12345.dashboard.issue_packs import gather
from hotline12345.sql.publish import Snapshot, current_snapshot
from hotline12345.sql.records import board_events
from hotline12345.sql.storage import Storage

MONTH = date(2026, 6, 1)
PAGE = """
from datetime import date
from functools import partial
from hotline12345.dashboard import app
from hotline12345.dashboard.access import ANALYST
from hotline12345.dashboard.views import issue_pack
app.show(ANALYST, partial(issue_pack.render, issue_ids={ids!r}, month=date(2026, 6, 1)))
"""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A published folder with a decision about a merged issue and a plan; tests only read it."""
    storage = storage_at(tmp_path_factory.mktemp("packed"))
    made_board.publish_board(storage)
    return storage


@pytest.fixture
def snapshot(board: Storage, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """The published state, with the environment as a page has it."""
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(board.data))
    return current_snapshot(board)


@pytest.fixture
def pack(snapshot: Snapshot) -> PackContent:
    return gather(ANALYST, snapshot, [FEES, HEATING], MONTH)


def test_candidates_come_as_ranked(pack):
    ranks = [candidate.issue["issue_rank"] for candidate in pack.candidates]
    assert ranks == sorted(ranks)
    assert {candidate.name for candidate in pack.candidates} == {"供暖不热", "物业收费不清"}
    assert pack.is_simulated
    assert pack.cutoff_at == made_board.CUTOFF


def test_every_order_is_listed_or_told(pack):
    for candidate in pack.candidates:
        count = THEMES[candidate.issue["issue_id"]][1]
        hidden = len(range(0, count, SECRET))
        assert (candidate.hidden_count, candidate.unlisted_count) == (hidden, 0)
        assert candidate.orders.height == count - hidden
        assert int(candidate.months["order_count"].sum()) == int(candidate.units["order_count"].sum()) == count
        assert candidate.units["order_count"].is_sorted(descending=True)


def test_need_to_know_orders_are_nowhere(pack):
    secret = {made_board.order_id(HEATING, number) for number in range(0, 180, SECRET)}
    listed = pl.concat(candidate.orders.select("order_id") for candidate in pack.candidates)["order_id"].to_list()
    shown = pl.concat(candidate.examples.select("order_id") for candidate in pack.candidates)["order_id"].to_list()
    assert listed
    assert len(shown) == 6
    assert secret.isdisjoint(listed)
    assert secret.isdisjoint(shown)
    files = (issue_xlsx.workbook(pack), issue_docx.document(pack))
    sheets = openpyxl.load_workbook(io.BytesIO(files[0]))
    cells = {cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}
    assert secret.isdisjoint(cells)
    assert not [text for text in docx.Document(io.BytesIO(files[1])).element.itertext() if text in secret]


def test_orders_have_no_texts_and_no_callers(pack):
    assert pack.candidates[0].orders.columns == list(ORDER_COLUMNS)
    assert pack.candidates[0].orders["unit_name"].is_in(made_board.HANDLERS).all()
    assert "138****1234" in pack.candidates[0].examples["text"][0]


def test_figures_say_by_which_rules_and_weights(pack):
    assert "示例规则" in pack.basis()
    assert "2026-05-31 12:00" in pack.basis()
    assert pack.weights.startswith("权重（建议值）：高频 0.")
    assert {each.score for each in pack.candidates[0].evidence} == {"高频", "共性", "难点", "紧迫"}


def test_decisions_and_plans_are_filled_in(snapshot, own_records):
    issue_records.decide(
        ANALYST, board_events.Decision(OLD, board_events.CHOSEN, "两年反复", "2026-07", "B1", ("U1", "U2"))
    )
    issue_records.save_item(ANALYST, board_events.PlanItem(FEES, board_events.TASK, "公示收费标准", "U1", "2026-08-31"))
    candidate = gather(ANALYST, snapshot, [FEES], MONTH).candidates[0]
    assert candidate.decision == Decision("选定", "两年反复", "区城管委", "东河街道、西岭镇")
    assert candidate.lead == "区城管委"
    assert candidate.plan == [PlanItem("任务", "公示收费标准", "东河街道", "2026年8月31日", "未开始")]
    assert "选定" in candidate.history[-1]


@pytest.fixture
def own_records(board: Storage) -> None:
    """The records of this test only."""
    yield
    for file in Path(board.data).glob("records.sqlite*"):
        file.unlink()


def test_a_viewer_of_one_unit_gets_its_orders_only(snapshot):
    candidate = gather(DEMO.viewer("承办单位", "x", ("U1",)), snapshot, [HEATING], MONTH).candidates[0]
    assert candidate.orders["unit_name"].unique().to_list() == ["东河街道"]


def test_without_any_of_the_issues_there_is_no_pack(snapshot):
    with pytest.raises(LookupError):
        gather(ANALYST, snapshot, ["T404", OLD], MONTH)


def test_an_event_has_no_common_score(snapshot):
    made = docx.Document(io.BytesIO(issue_docx.document(gather(ANALYST, snapshot, [ESTATE, LAMPS], MONTH))))
    rows = {row.cells[1].text: row.cells[6].text for row in made.tables[0].rows}
    assert rows["和平里小区：供暖不热"] == "—"
    assert rows["路灯不亮"] != "—"


@pytest.mark.parametrize(("ids", "buttons"), [([HEATING, FEES], 2), ([], 0)])
def test_the_page_offers_both_files(snapshot, ids, buttons):
    page = AppTest.from_string(PAGE.format(ids=ids), default_timeout=20).run()
    assert not page.exception
    assert len(page.get("download_button")) == buttons
    assert bool(page.info) == (not buttons)
