"""What makes the pages a comfort, in a real browser: links that hold, files to hand on, dark, new data, the keeper's page."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from made_snapshot import publish_again
from playwright.sync_api import Page, expect

from hotline12345.dashboard.views import live

pytestmark = pytest.mark.browser
START_MS = 30_000  # of a page beside other tests
DARK_PAGE, LIGHT_INK = "rgb(18, 24, 31)", "rgb(230, 235, 240)"


def settled(page: Page, title: str) -> None:
    """Wait until a page is complete."""
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible(timeout=START_MS)
    page.locator(".foot").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def go(page: Page, title: str) -> None:
    """Go to a page by the navigation."""
    page.get_by_role("link", name=title, exact=True).click()
    settled(page, title)


def save(page: Page, button: str, folder: Path) -> Path:
    """Click a download button; the file as it was saved."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_link_reopens_the_view_and_its_period_holds(watched):
    page = watched.page
    page.goto(f"{watched.address}/rates?period=2026年2月")
    settled(page, "三率")
    page.get_by_role("tab", name="区直部门").click()
    expect(page).to_have_url(re.compile("rates_group="))
    page.get_by_text("与上期、去年同期相比").click()
    expect(page).to_have_url(re.compile("rates_kind="))
    link = page.url
    go(page, "明细")
    expect(page.locator(".foot")).to_contain_text("考核周期：2026年2月")
    page.goto(link)
    settled(page, "三率")
    expect(page.get_by_role("tab", name="区直部门")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("columnheader", name="环比").first).to_be_visible()
    assert not watched.errors


def test_the_period_of_a_link_holds_at_the_first_change_of_page(watched):
    page = watched.page
    page.goto(f"{watched.address}/rates?period=2026年2月")
    settled(page, "三率")
    go(page, "目标")
    expect(page.get_by_role("combobox", name="考核周期")).to_have_value("2026年2月")
    expect(page.locator(".foot")).to_contain_text("考核周期：2026年2月")


def test_words_that_somebody_searches_for_never_stand_in_the_address(watched):
    page = watched.page
    page.goto(f"{watched.address}/orders?unit=西岭镇")
    settled(page, "明细")
    page.get_by_placeholder("标题、编号、社区、分类中的字").fill("D0001")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    assert "D0001" not in page.url


def test_files_to_print_and_to_hand_to_each_unit(watched, tmp_path):
    page = watched.page
    page.goto(f"{watched.address}/rates")
    settled(page, "三率")
    assert save(page, "打印（Word）", tmp_path).read_bytes().startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(save(page, "按单位打包失分工单", tmp_path).read_bytes())) as pack:
        assert "失分工单_西岭镇_2026-03.xlsx" in pack.namelist()
    page.goto(f"{watched.address}/unit?unit=西岭镇")
    settled(page, "单位")
    assert save(page, "打印（Word）", tmp_path).name == "三率_西岭镇_2026-03.docx"
    assert not watched.errors


def test_each_figure_says_how_it_is_counted(watched):
    page = watched.page
    page.goto(f"{watched.address}/rates")
    settled(page, "三率")
    page.get_by_role("button", name="怎么算的").click()
    expect(page.get_by_text("10%×响应率")).to_be_visible()
    page.get_by_role("link", name="口径页：指标定义与算例").click()
    settled(page, "口径")
    expect(page.get_by_role("tab", name="指标定义与算例")).to_have_attribute("aria-selected", "true")


def test_a_dark_system_gets_dark_pages_and_paper_stays_white(watched):
    page = watched.page
    page.emulate_media(color_scheme="dark")
    page.goto(f"{watched.address}/rates")
    settled(page, "三率")
    app = page.locator(".stApp")
    assert app.evaluate("e => getComputedStyle(e).backgroundColor") == DARK_PAGE
    cell = page.locator("table.ht td b").first
    assert cell.evaluate("e => getComputedStyle(e).color") == LIGHT_INK
    page.emulate_media(media="print", color_scheme="dark")
    assert app.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    assert cell.evaluate("e => getComputedStyle(e).color") == "rgb(29, 39, 51)"


@pytest.mark.slow
def test_new_data_are_offered_while_a_page_stands_open(watched, storage):
    page = watched.page
    page.goto(f"{watched.address}/orders")
    settled(page, "明细")
    expect(page.get_by_text("有新数据")).to_have_count(0)
    before = page.locator(".foot").inner_text()
    publish_again(storage)
    page.get_by_role("button", name="点此刷新").click(timeout=(live.EVERY_SECONDS + 15) * 1000)
    expect(page.get_by_text("有新数据")).to_have_count(0)
    expect(page.locator(".foot")).not_to_have_text(before)
    assert not watched.errors


def test_the_keeper_sees_how_the_system_is(watched):
    page = watched.page
    page.goto(watched.address)
    settled(page, "总览")
    page.get_by_role("combobox", name="演示角色").click()
    page.get_by_role("option", name="管理员", exact=True).click()
    page.get_by_role("link", name="系统状态", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="系统状态")).to_be_visible()
    for part in ("磁盘剩余 / 总共", "最近一次导入", "版本"):
        expect(page.get_by_text(part, exact=True).first).to_be_visible()
    assert watched.hosts == {"127.0.0.1"}


def test_an_unknown_address_is_explained_in_chinese(watched):
    page = watched.page
    page.goto(f"{watched.address}/nosuch")
    title = page.locator("section[role=dialog] h2")
    title.wait_for()
    assert "打不开" in title.evaluate("e => getComputedStyle(e, '::after').content")
    assert title.evaluate("e => getComputedStyle(e).fontSize") == "0px"
