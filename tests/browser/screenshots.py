"""Pictures of every page at 1440 × 900, as the role that uses it sees it, for looking at them and for the README.

Run on any published folder: `python tests/browser/screenshots.py DATA_FOLDER OUTPUT_FOLDER [UNIT]`.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from app_server import serve
from demo_roles import DRAWN_MS, take_role
from playwright.sync_api import Page, expect, sync_playwright

PAGES = {
    **{"overview": "总览", "rates": "三率", "orders": "明细", "targets": "目标", "reconcile": "对账", "rules": "口径"},
    **{"topics": "诉求分类", "communities": "村社区", "review": "分类复核", "model": "模型", "issues": "每月一题"},
    "health": "数据健康",
}
ROLE_PAGES = {
    "承办单位": {"mine": "我的街镇", "rates_own": "三率"},
    "区领导": {"overview_leader": "总览"},
    "行业部门": {"mine_trade": "我的行业"},
    "管理员": {"admin": "系统状态"},
}
TRADE_UNIT = "区城管委"
SECTIONS = {"unit": "失分工单", "bridge": "为什么变了", "distance": "差距", "what_if": "测算"}
SEARCHED = "供暖 不热"
SETTLED_MS = 1500


def shoot(page: Page, path: Path) -> None:
    """Wait until nothing moves any more, then take the picture; a page that failed is an error."""
    page.locator(".foot, .stAlert").last.wait_for(timeout=DRAWN_MS)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=DRAWN_MS)
    page.wait_for_timeout(SETTLED_MS)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.screenshot(path=path)


def page_picture(page: Page, title: str, path: Path) -> None:
    """The page that the navigation names, once its heading stands; 我的街镇 has another heading for a bureau."""
    page.get_by_role("link", name="我的街镇" if title == "我的行业" else title, exact=True).click()
    page.get_by_role("heading", level=1, name=title, exact=True).wait_for(timeout=DRAWN_MS)
    shoot(page, path)


def explanation(page: Page, path: Path) -> None:
    """Why the second order of the review queue has its topic, as its page says."""
    page.get_by_role("link", name=PAGES["review"], exact=True).click()
    page.get_by_role("button", name="跳过").click()
    page.get_by_text("本次跳过 1 件").wait_for()
    page.get_by_role("button", name="打开工单").click()
    page.get_by_role("heading", name="为什么归到这一类").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.get_by_role("heading", name="为什么归到这一类").evaluate("heading => heading.scrollIntoView()")
    shoot(page, path)


def search(page: Page, path: Path) -> None:
    """民生诉求库 with what it finds."""
    page.get_by_role("link", name="民生诉求库", exact=True).click()
    page.get_by_role("textbox", name="检索词").fill(SEARCHED)
    page.keyboard.press("Enter")
    page.get_by_text("写到“").first.wait_for(timeout=DRAWN_MS)
    shoot(page, path)


def main(data: Path, output: Path, unit: str | None) -> None:
    """Every page, the explanation of an order's topic, what a search finds, and one unit's pages where it is named."""
    output.mkdir(parents=True, exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as scratch,
        serve(data, Path(scratch) / "app.log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.goto(address)
        for name, title in PAGES.items():
            page_picture(page, title, output / f"{name}.png")
        explanation(page, output / "explanation.png")
        search(page, output / "library.png")
        if unit:
            for name, section in SECTIONS.items():
                page.goto(f"{address}/unit?unit={unit}&section={section}")
                page.locator(".foot").wait_for(timeout=DRAWN_MS)
                shoot(page, output / f"{name}.png")
        for role, titles in ROLE_PAGES.items():
            page.goto(address)
            take_role(page, role, {"承办单位": unit, "行业部门": TRADE_UNIT}.get(role))
            for name, title in titles.items():
                page_picture(page, title, output / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
