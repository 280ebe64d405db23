"""我的街镇 in a real browser: a number is copied where the browser has no clipboard of its own, an order opens, a phone suffices."""

import pytest
from made_street import publish_street
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"  # as on http in an intranet
HEADER, ROW = 36, 35  # heights in a list, in pixels
PHONE = {"width": 420, "height": 900}


@pytest.fixture
def storage(tmp_path):
    return publish_street(tmp_path / "data")[0]


def test_copy_a_number_apply_and_open_the_order(watched):
    page = watched.page
    page.add_init_script(NO_CLIPBOARD)
    page.goto(f"{watched.address}/mine?unit=东河街道&period=2026年3月&mine_section=失分工单")
    number = page.get_by_role("button", name="S20 复制")
    expect(number).to_be_visible(timeout=30_000)
    number.click()
    expect(page.get_by_role("button", name="S20 已复制")).to_be_visible()
    page.get_by_role("radio", name="剔挂申诉").click()
    page.get_by_text("登记一件申请").click()
    page.get_by_label("工单编号", exact=True).click()
    page.keyboard.press("Control+v")
    expect(page.get_by_label("工单编号", exact=True)).to_have_value("S20")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("剔除　拟报").first).to_be_visible()

    page.get_by_role("button", name="打开工单 S20").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("工单 S20")
    assert "S20" not in page.url, "no order stands in the address"
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_text("剔除　拟报").first).to_be_visible()
    assert watched.hosts <= {"127.0.0.1", ""}
    assert not watched.errors


def test_a_row_of_callers_lists_their_orders(watched):
    page = watched.page
    page.goto(f"{watched.address}/mine?unit=东河街道&mine_section=多次来电")
    callers = page.get_by_test_id("stDataFrame").first
    expect(callers.locator("canvas").first).to_be_visible(timeout=30_000)
    callers.scroll_into_view_if_needed()
    box = callers.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW / 2)
    expect(page.get_by_role("button", name="打开工单 S12")).to_be_visible()
    expect(page.get_by_text("诉求人 A：3 件")).to_be_visible()
    assert not watched.errors


def test_a_link_reopens_the_section_and_a_phone_is_wide_enough(watched):
    page = watched.page
    page.set_viewport_size(PHONE)
    page.goto(f"{watched.address}/mine?unit=东河街道&mine_section=待办")
    expect(page.get_by_role("button", name="打开工单 S01")).to_be_visible(timeout=30_000)
    for section in ("失分工单", "多次来电", "解决后再次反映", "小区和村", "与昨日相比", "剔挂申诉"):
        page.get_by_role("radio", name=section).click()
        expect(page.get_by_role("radio", name=section)).to_be_checked()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.reload()
    expect(page.get_by_role("radio", name="剔挂申诉")).to_be_checked(timeout=30_000)
    assert not watched.errors
