"""每月一题 in a real browser: a candidate, beside another, decided, and handed out as a pack."""

import re
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from made_board import FEES, HEATING, publish_board
from made_snapshot import storage_at
from playwright.sync_api import Page, expect

from hotline12345.sql.records import board_events
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage

pytestmark = pytest.mark.browser
PATIENCE_MS = 40_000
BIND_MS = 1_000
HEADER, ROW = 36, 35  # heights in a list, in pixels


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A published folder with three themes and an event."""
    storage = storage_at(tmp_path / "data")
    publish_board(storage)
    return storage


def sees(page: Page, text: str) -> None:
    expect(page.get_by_text(re.compile(text)).first).to_be_visible(timeout=PATIENCE_MS)


def settled(page: Page) -> None:
    """The run is over and the browser has bound what it drew."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE_MS)
    page.wait_for_timeout(BIND_MS)


def pick_row(page: Page, number: int) -> None:
    """Click the mark of a row of the list, from 0."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW * (number + 0.5))
    settled(page)


def choose(page: Page, name: str, option: str) -> None:
    """Choose an option of a selector by its words."""
    page.get_by_role("combobox", name=name).fill(option)
    page.wait_for_timeout(BIND_MS)
    page.keyboard.press("Enter")
    settled(page)


def test_a_candidate_is_compared_decided_and_handed_out(watched, storage, tmp_path):
    page = watched.page
    page.goto(f"{watched.address}/issues")
    sees(page, "第 2 名　供暖不热")
    settled(page)
    page.get_by_role("button", name="加入比较").click()
    settled(page)
    pick_row(page, 1)
    sees(page, "物业收费不清（共性问题）")
    assert f"issue={FEES}" in page.url, "the address names what is open"
    page.get_by_role("button", name="加入比较").click()
    settled(page)
    page.get_by_role("button", name="去比较").click()
    sees(page, "指标对比")
    settled(page)
    assert HEATING in page.url
    sees(page, "“供暖不热”排在“物业收费不清”前")

    page.get_by_role("button", name="去决定：供暖不热").click()
    sees(page, "还没有决定")
    settled(page)
    choose(page, "主题月", "2026年6月")
    choose(page, "建议牵头单位", "区城管委")
    page.get_by_role("textbox", name="理由").fill("人多面广，连年反复")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="记录决定").click()
    sees(page, "选定 2026年6月；建议牵头单位（待会议确定）：区城管委；理由：人多面广，连年反复")
    with closing(open_records(storage)) as records:
        (decision,) = board_events.decisions(records)
    assert (decision.issue_id, decision.theme_month, decision.who) == (HEATING, "2026-06", "演示·分析员")

    settled(page)
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.get_by_role("button", name="下载 Word 材料").click()
    pack = tmp_path / "pack.docx"
    waiting.value.save_as(pack)
    assert waiting.value.suggested_filename.endswith(".docx")
    text = re.sub(r"<[^>]+>", "", zipfile.ZipFile(pack).read("word/document.xml").decode())
    assert "供暖不热" in text and "人多面广，连年反复" in text
    assert not watched.errors
    assert watched.hosts <= {"127.0.0.1", ""}
