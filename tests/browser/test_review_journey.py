"""Reviewing with the keyboard in a real browser."""

from contextlib import closing
from pathlib import Path

import pytest
from made_review import publish_reviewable
from made_snapshot import storage_at
from playwright.sync_api import Page, expect

from hotline12345.sql.records import topic_events
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage

pytestmark = pytest.mark.browser
PATIENCE_MS = 40_000
BIND_MS = 1_000


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A published folder with answers of a model."""
    storage = storage_at(tmp_path / "data")
    publish_reviewable(storage)
    return storage


def said(storage: Storage) -> list[tuple[str, str, str | None]]:
    with closing(open_records(storage)) as records:
        return [(e.order_id, e.action, e.topic_code) for e in topic_events.answers_in_force(records)]


def press(page: Page, key: str) -> None:
    """Press a key once the browser has bound the keys of the buttons, some time after it has drawn them."""
    page.wait_for_timeout(BIND_MS)
    page.keyboard.press(key)


def shows(page: Page, number: int) -> None:
    """The order beside the list is this one, and the page is complete."""
    expect(page.locator(".text", has_text=f"反映第{number}号供暖问题")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def reviewed(page: Page, count: int) -> None:
    expect(page.get_by_text(f"已复核 {count} 件")).to_be_visible(timeout=PATIENCE_MS)


def test_keys_answer_skip_and_take_back_but_not_while_typing(watched, storage):
    page = watched.page
    page.goto(f"{watched.address}/review")
    shows(page, 461)
    press(page, "Enter")
    shows(page, 462)
    press(page, "2")
    shows(page, 441)
    press(page, "1")
    shows(page, 421)
    assert said(storage) == [("D0441", "correct", "T2"), ("D0462", "correct", "T2"), ("D0461", "confirm", "T3")]
    press(page, "s")
    shows(page, 401)
    press(page, "u")
    shows(page, 381)
    for number in (401, 421, 441):
        press(page, "z")
        shows(page, number)
    reviewed(page, 2)
    assert said(storage) == [("D0462", "correct", "T2"), ("D0461", "confirm", "T3")]

    choice = page.get_by_role("combobox", name="从目录选择")
    choice.click()
    page.keyboard.type("1su2z")
    expect(choice).to_have_value("1su2z")
    assert len(said(storage)) == 2, "letters typed into a field are only letters"
    choice.fill("供暖")
    press(page, "Enter")
    shows(page, 421)
    assert said(storage)[0] == ("D0441", "correct", "T11"), "Enter chose from the catalogue and confirmed nothing"

    page.get_by_role("button", name="跳过").click()
    shows(page, 401)
    press(page, "Enter")
    reviewed(page, 4)
    assert said(storage)[0] == ("D0401", "confirm", "T3"), "Enter confirms, whatever button was clicked last"
    expect(page.get_by_text("本次跳过 1 件")).to_be_visible()
    assert not watched.errors
    assert watched.hosts <= {"127.0.0.1", ""}
