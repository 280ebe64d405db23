"""The role switch of the demo's sidebar."""

from playwright.sync_api import Page, expect

DRAWN_MS = 30_000  # of a page beside other tests


def take_role(page: Page, role: str, unit: str | None = None) -> None:
    """Choose a role, and the unit it belongs to, and wait until its own pages are offered."""
    _choose(page, "演示角色", role)
    if unit:
        _choose(page, "所属单位", unit)


def _choose(page: Page, name: str, option: str) -> None:
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name=name)
    expect(box).to_be_visible(timeout=DRAWN_MS)
    drawn(page)
    if box.input_value() != option:
        box.fill(option)
        page.get_by_role("option", name=option, exact=True).click(timeout=DRAWN_MS)
        expect(box).to_have_value(option, timeout=DRAWN_MS)
        drawn(page)


def drawn(page: Page) -> None:
    """Wait until the run is over."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=DRAWN_MS)
