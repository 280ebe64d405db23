"""One journey through the app in a real browser."""

import re

import pytest
from made_snapshot import publish_again
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGES = ("总览", "三率", "诉求分类", "每月一题", "数据健康")
HEADER, ROW = 36, 35  # heights in the list of orders, in pixels


def test_from_the_overview_to_an_order(watched):
    page = watched.page
    page.goto(watched.address)
    for name in PAGES:
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        expect(page.get_by_text("模拟数据", exact=True)).to_be_visible()
        expect(page.get_by_text("本系统测算，以正式通报为准")).to_be_visible()
    expect(page.get_by_text("Deploy")).to_have_count(0)

    page.get_by_role("link", name="三率").click()
    expect(page.get_by_role("cell", name="石泉镇")).to_be_visible()
    page.get_by_label("承办单位").click()
    page.get_by_role("option", name="西岭镇").click()
    expect(page.get_by_text("街镇第 2 位，共 2 个")).to_be_visible()
    orders = page.get_by_test_id("stDataFrame")
    expect(orders.locator("canvas").first).to_be_visible()
    box = orders.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW / 2)
    expect(page.get_by_role("heading", name="怎样计入三率")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"工单 D\d{4}"))
    assert not re.search(r"D\d{4}", page.url), "no order stands in the address"
    page.get_by_role("button", name="返回工单列表").click()
    expect(page.get_by_role("heading", name="这一期的工单")).to_be_visible()

    assert watched.hosts == {"127.0.0.1", ""} or watched.hosts == {"127.0.0.1"}
    assert not [line for line in watched.console if line.startswith("error")]


def test_an_open_page_survives_a_publish_and_shows_it(watched, storage):
    page = watched.page
    page.goto(watched.address)
    page.get_by_role("link", name="数据健康").click()
    expect(page.get_by_text("480 件", exact=True)).to_be_visible()
    publish_again(storage)
    page.get_by_role("link", name="总览").click()
    page.get_by_role("link", name="数据健康").click()
    expect(page.get_by_text("481 件", exact=True)).to_be_visible()
    assert not [line for line in watched.console if line.startswith("error")]
