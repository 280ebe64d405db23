"""A district leader's journey: one screen, one printed page, communities without small cells, no way to single orders."""

import re

import pytest
from playwright.sync_api import Page, expect

from hotline12345.dashboard import labels

pytestmark = pytest.mark.browser
LEADER_PAGES = ("总览", "三率", "目标", "口径", "诉求分类", "村社区", "每月一题")
PHONE = {"width": 420, "height": 900}
DRAWN_MS = 30_000


def as_leader(page: Page) -> None:
    """Choose the role in the sidebar and wait for its navigation."""
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="演示角色").click()
    page.get_by_role("option", name="区领导", exact=True).click()
    expect(page.get_by_role("link", name="明细", exact=True)).to_have_count(0)


def open_page(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()


def test_a_leader_sees_one_screen_prints_one_page_and_opens_no_order(watched):
    page = watched.page
    page.goto(watched.address)
    expect(page.get_by_role("heading", level=1, name="总览")).to_be_visible(timeout=DRAWN_MS)
    as_leader(page)
    links = page.get_by_test_id("stSidebarNav").get_by_role("link").all_inner_texts()
    assert tuple(re.sub(r"^\w+\n", "", link).strip() for link in links) == LEADER_PAGES
    for title in ("各考核周期受理量", "降量提质（环比）", "诉求量变化最大的街乡镇", "变化最大的分类", "反复出现的问题"):
        expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=DRAWN_MS)
    lowest = page.get_by_role("heading", name="反复出现的问题").bounding_box()
    assert lowest
    assert lowest["y"] < 900, "every part begins on the first screen"
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1

    open_page(page, "村社区")
    expect(page.get_by_text(labels.WITHHELD_BECAUSE).first).to_be_visible(timeout=DRAWN_MS)
    open_page(page, "诉求分类")
    expect(page.get_by_role("heading", name="各类占多大")).to_be_visible(timeout=DRAWN_MS)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert watched.hosts <= {"127.0.0.1", ""}
    assert not watched.errors
