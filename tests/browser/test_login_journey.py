"""The way in as people take it: an initial password, a reload, an account that is switched off while a page is open."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from hotline12345.sql.storage import Storage

pytestmark = pytest.mark.browser
NEW = "my-own-word-8"
START_SECONDS = 120


@contextmanager
def dashboard(command: str, storage: Storage, log: Path) -> Iterator[str]:
    """The address of `hotline dashboard` on a folder, answering."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with log.open("w", encoding="utf-8") as output:
        arguments = [command, "dashboard", "--data-dir", str(storage.data), "--port", str(port)]
        process = subprocess.Popen(arguments, env=os.environ, stdout=output, stderr=output)
        try:
            deadline = time.monotonic() + START_SECONDS
            while time.monotonic() < deadline and process.poll() is None:
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def accounts(command: str, storage: Storage, *arguments: str) -> str:
    ended = subprocess.run(
        [command, "accounts", *arguments, "--data-dir", str(storage.data)], capture_output=True, text=True, check=True
    )
    return ended.stdout


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("登录名").fill("fenxi")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_from_the_initial_password_to_the_end_of_the_account(storage, hotline_command, chromium, tmp_path):
    made = accounts(hotline_command, storage, "add", "fenxi", "--name", "甲", "--role", "分析员", "--format", "json")
    initial = json.loads(made)[0]["initial_password"]
    hosts: set[str | None] = set()
    policy: list[str] = []
    with dashboard(hotline_command, storage, tmp_path / "app.log") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        page.on("request", lambda request: hosts.add(urlparse(request.url).hostname))
        page.on("console", lambda said: policy.append(said.text) if "Content Security" in said.text else None)

        page.goto(f"{address}/rates")
        expect(page.get_by_text("请升级浏览器")).to_be_hidden()
        sign_in(page, "not-the-password")
        expect(page.get_by_role("alert")).to_contain_text("登录名或密码不正确")
        sign_in(page, initial)
        expect(page).to_have_url(f"{address}/password")
        page.goto(f"{address}/rates")
        expect(page).to_have_url(f"{address}/password")
        page.get_by_label("原密码").fill(initial)
        page.get_by_label("新密码", exact=True).fill(NEW)
        page.get_by_label("再输一次新密码").fill(NEW)
        page.get_by_role("button", name="保存").click()

        page.goto(f"{address}/rates")
        expect(page.locator("table.ht").first).to_be_visible()
        page.reload()
        expect(page.locator("table.ht").first).to_be_visible()
        cookie = next(one for one in page.context.cookies() if one["name"] == "hotline_session")
        assert cookie["httpOnly"]
        assert cookie["value"] not in page.evaluate("document.cookie")

        accounts(hotline_command, storage, "disable", "fenxi")
        page.get_by_role("link", name="口径").click()
        expect(page.get_by_text("登录已结束")).to_be_visible()
        expect(page.locator("table.ht")).to_have_count(0)
        page.get_by_role("link", name="重新登录").click()
        sign_in(page, NEW)
        expect(page.get_by_role("alert")).to_contain_text("已停用")
        browser.close()
    assert hosts == {"127.0.0.1"}
    assert policy == [], "nothing that Streamlit needs is forbidden"
