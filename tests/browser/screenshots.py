"""Pictures of every page at 1440 × 900, for looking at them and for the README.

Run on any published folder: `python tests/browser/screenshots.py DATA_FOLDER OUTPUT_FOLDER [UNIT]`.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from app_server import serve
from playwright.sync_api import Page, sync_playwright

PAGES = {
    **{"overview": "总览", "rates": "三率", "orders": "明细", "targets": "目标", "reconcile": "对账", "rules": "口径"},
    **{"topics": "诉求分类", "review": "分类复核", "model": "模型", "issues": "每月一题", "health": "数据健康"},
}
SECTIONS = {"unit": "失分工单", "bridge": "为什么变了", "distance": "差距", "what_if": "测算"}
SETTLED_MS = 1500


def shoot(page: Page, path: Path) -> None:
    """Wait until nothing moves any more, then take the picture."""
    page.locator(".foot").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=path)


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


def main(data: Path, output: Path, unit: str | None) -> None:
    """Every page, the explanation of an order's topic, and the sections of one unit where it is named."""
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
            page.get_by_role("link", name=title, exact=True).click()
            page.get_by_role("heading", level=1, name=title, exact=True).wait_for()
            shoot(page, output / f"{name}.png")
        explanation(page, output / "explanation.png")
        if unit:
            for name, section in SECTIONS.items():
                page.goto(f"{address}/unit?unit={unit}&section={section}")
                shoot(page, output / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
