"""An uncertain order is corrected, a new model learns from it and is published, and the former model comes back."""

import re
from pathlib import Path

import polars as pl
import pytest
from made_topic_site import FIRST_NEW, NEW, classified, correct, make_site
from playwright.sync_api import Page, expect

from hotline12345.sql.publish import pointed
from hotline12345.sql.storage import Storage

pytestmark = pytest.mark.browser
PATIENCE_MS = 40_000
BIND_MS = 1_000
HEADER, ROW = 36, 35  # heights in a list, in pixels
LIFTS = [f"D2025{number:06d}" for number in range(FIRST_NEW, FIRST_NEW + NEW)]
LEFT = LIFTS[NEW - 10 :]  # nobody corrects these


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A published folder with a first model, which does not know what lifts are."""
    return make_site(tmp_path)


def open_page(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()


def sees(page: Page, text: str) -> None:
    expect(page.get_by_text(re.compile(text)).first).to_be_visible(timeout=PATIENCE_MS)


def answer(page: Page, order_id: str, name: str) -> None:
    """Call an order up by its number and choose its topic from the catalogue."""
    page.get_by_role("textbox", name="按工单编号找一件").fill(order_id)
    page.keyboard.press("Enter")
    expect(page.locator(".lead", has_text=order_id)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("combobox", name="从目录选择").fill(name)
    page.wait_for_timeout(BIND_MS)
    page.keyboard.press("Enter")
    sees(page, f"已记录：工单 {order_id} 改正")


def uncorrected(storage: Storage) -> pl.DataFrame:
    """What counts of the orders that nobody corrected."""
    return classified(storage).filter(pl.col("order_id").is_in(LEFT))


def test_a_correction_is_learnt_published_and_the_former_model_comes_back(watched, storage, server):
    page, first = watched.page, str(pointed(storage.topic_models))
    before = uncorrected(storage)
    assert before.filter(pl.col("topic_code") == "B").height < len(LEFT) / 2
    page.goto(f"{watched.address}/review")
    answer(page, LIFTS[0], "住房")
    page.get_by_text("已复核", exact=True).click()
    sees(page, "其中 1 件等重新发布后计入")
    page.wait_for_timeout(BIND_MS)
    rows = page.get_by_test_id("stDataFrame").bounding_box()
    assert rows
    page.mouse.click(rows["x"] + 16, rows["y"] + HEADER + ROW / 2)
    sees(page, "先前：演示·分析员")
    correct(storage, LIFTS[1 : NEW - 10], "B", who="同事")

    page.get_by_text("重新训练与分类", exact=True).click()
    page.get_by_role("button", name="重新训练").click()
    sees(page, "请求 1　重新训练　完成")
    sees(page, "不比上一模型差，予以启用")
    second = str(pointed(storage.topic_models))
    assert second != first
    assert set(uncorrected(storage)["topic_code"]) == {"B"}, "it has learnt what lifts are"
    page.get_by_text("已复核", exact=True).click()
    sees(page, "其中 0 件等重新发布后计入")
    open_page(page, "模型")
    sees(page, f"现用模型 {second}")
    sees(page, "由 .*（模型 " + first)

    open_page(page, "分类复核")
    page.get_by_text("重新训练与分类", exact=True).click()
    page.get_by_role("button", name="换回先前的模型").click()
    sees(page, f"已换回模型 {first}")
    assert pointed(storage.topic_models) == first
    assert uncorrected(storage).equals(before)
    open_page(page, "模型")
    sees(page, f"现用模型 {first}")
    assert not watched.errors
    assert watched.hosts <= {"127.0.0.1", ""}
