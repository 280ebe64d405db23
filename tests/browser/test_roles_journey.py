"""What each role comes for, in a real browser on one running app: its own pages, its own orders, nothing of others."""

import re
from collections.abc import Iterator

import polars as pl
import pytest
from app_server import serve
from conftest import Watched, watching
from demo_roles import DRAWN_MS, drawn, take_role
from made_snapshot import CUTOFF, land, orders, refresh, source, storage_at
from playwright.sync_api import Page, expect

from hotline12345.dashboard.access import DEMO, PAGES
from hotline12345.dashboard.labels import CONFIDENTIAL
from hotline12345.sql.warehouse import open_warehouse

pytestmark = pytest.mark.browser
TRADE, TOWN = "区城管委", "西岭镇"
SECRET = "第37号"  # the body of D0037, which is confidential
LIST = "stDataFrame"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app on a folder of all tests below: the made orders, every fifth of them of one bureau's trade."""
    folder = tmp_path_factory.mktemp("roles")
    storage = storage_at(folder / "data")
    connection = open_warehouse(storage)
    number = pl.col("row_number")
    frame = orders().with_columns(trade_bureau=pl.when(number % 5 == 2).then(pl.lit(TRADE)))
    land(connection, storage, frame, source("三月导出.xlsx", frame, CUTOFF, quarantined=2))
    refresh(connection, storage, CUTOFF)
    with serve(storage.data, folder / "app.log") as running:
        yield running


@pytest.fixture
def visit(address: str, chromium: str) -> Iterator[Watched]:
    """A page of its own; nothing it did may have left the machine or failed."""
    with watching(address, chromium) as found:
        found.page.set_default_timeout(DRAWN_MS)
        expect.set_options(timeout=DRAWN_MS)
        found.page.goto(address)
        yield found
        assert found.hosts <= {"127.0.0.1", ""}
        assert not found.errors
        expect(found.page.get_by_test_id("stException")).to_have_count(0)


def has_pages_of(page: Page, role: str) -> None:
    """Its navigation offers the pages of its role and no other."""
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links).to_have_count(len(DEMO.roles[role].pages))
    shown = {re.sub(r"^\w+\n", "", link).strip() for link in links.all_inner_texts()}
    assert shown == {PAGES[page] for page in DEMO.roles[role].pages}


def go(page: Page, title: str, heading: str | None = None) -> None:
    """Open a page by the navigation and wait until it is complete."""
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=heading or title, exact=True)).to_be_visible()
    drawn(page)


def sees(page: Page, text: str) -> None:
    expect(page.get_by_text(re.compile(text)).first).to_be_visible()


def search(page: Page, words: str) -> None:
    go(page, "民生诉求库")
    page.get_by_role("textbox", name="检索词").fill(words)
    page.keyboard.press("Enter")


def test_a_bureau_sees_its_trade_its_orders_and_finds_only_them(visit):
    page = visit.page
    take_role(page, "行业部门", TRADE)
    has_pages_of(page, "行业部门")
    go(page, "我的街镇", "我的行业")
    sees(page, "不按行业部门计分，这里不列三率")
    go(page, "明细")
    expect(page.get_by_test_id(LIST)).to_be_visible()
    search(page, "“第35号”")
    sees(page, "工单 1 件，1 个承办单位")
    search(page, "“第36号”")
    sees(page, "没有同时写到")


def test_the_meeting_sees_issues_decides_and_takes_the_pack(visit):
    page = visit.page
    take_role(page, "专题会")
    has_pages_of(page, "专题会")
    go(page, "每月一题")
    page.get_by_role("radio", name="决定与跟踪").click()
    sees(page, "还没有决定")
    page.get_by_role("radio", name="暂缓").click()
    drawn(page)
    page.get_by_role("textbox", name="理由").fill("冬季连年反映")
    page.keyboard.press("Tab")
    drawn(page)
    page.get_by_role("button", name="记录决定").click()
    sees(page, "理由：冬季连年反映")
    drawn(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 Word 材料").click()
    assert waiting.value.suggested_filename.endswith(".docx")


def test_the_keeper_sees_the_system_and_the_data_but_no_order(visit):
    page = visit.page
    take_role(page, "管理员")
    has_pages_of(page, "管理员")
    go(page, "系统状态")
    sees(page, "磁盘剩余")
    go(page, "数据健康")
    sees(page, "无法识别该时间")
    expect(page.get_by_text("暖气")).to_have_count(0)


def test_only_the_office_for_reports_opens_what_is_need_to_know(visit):
    page = visit.page
    search(page, f"“{SECRET}”")
    sees(page, "没有同时写到")
    take_role(page, "举报专办")
    has_pages_of(page, "举报专办")
    search(page, f"“{SECRET}”")
    sees(page, "工单 1 件")
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="工单 D0037")).to_be_visible()
    sees(page, f"{SECRET}，电话138")
    expect(page.get_by_text(CONFIDENTIAL)).to_have_count(0)
    assert "D0037" not in page.url


def test_a_town_searches_with_a_typing_error_opens_keeps_and_reopens(visit):
    page = visit.page
    take_role(page, "承办单位", TOWN)
    has_pages_of(page, "承办单位")
    search(page, "暖器")
    sees(page, "“暖器”换成“暖气”")
    sees(page, "1 个承办单位")
    page.get_by_role("button", name="打开", exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=re.compile(r"^工单 D\d{4}$"))).to_be_visible()
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("heading", level=1, name="民生诉求库")).to_be_visible()
    drawn(page)

    search(page, "供暖 问题")
    sees(page, "写到“供暖”")
    page.get_by_role("button", name="我保存的检索").click()
    page.get_by_role("textbox", name="名称").fill("冬季供暖")
    page.get_by_role("button", name="保存这个检索").click()
    expect(page).to_have_url(re.compile(r"[?&]saved=\d+"))
    assert "供暖" not in page.url and "%E4%BE%9B" not in page.url, "no words in the address"
    drawn(page)
    search(page, "暖气")
    sees(page, "写到“暖气”")
    drawn(page)
    page.get_by_role("button", name="我保存的检索").click()
    page.get_by_role("button", name="冬季供暖", exact=True).click()
    expect(page.get_by_role("textbox", name="检索词")).to_have_value("供暖 问题")
    page.goto(page.url)  # a new session of the demo: somebody else
    sees(page, "您没有这个编号的检索")


def test_a_town_sees_where_it_stands_among_units_without_names(visit):
    page = visit.page
    take_role(page, "承办单位", TOWN)
    go(page, "三率")
    table = page.locator("table.ht").first
    expect(table).to_contain_text(TOWN)
    expect(table).to_contain_text(re.compile(r"其他单位 \d"))
    for other in ("东河街道", "石泉镇"):
        expect(page.get_by_text(other)).to_have_count(0)
    expect(table.get_by_role("link")).to_have_count(1)
    table.get_by_role("link", name=TOWN).click()
    expect(page.get_by_text(f"{TOWN} · 综合成绩")).to_be_visible()
