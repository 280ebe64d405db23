"""A running app on a hand-made folder, the server beside it, and a page that notes every error and every request."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from app_server import serve
from made_snapshot import publish_orders, storage_at
from playwright.sync_api import Page, sync_playwright

from hotline12345.sql.storage import Storage


@dataclass
class Watched:
    """A page, what its console said, and the hosts it asked for."""

    page: Page
    address: str
    console: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    @property
    def errors(self) -> list[str]:
        """Errors of the console, but for Streamlit's own search for its server below a page's address: a 404."""
        return [line for line in self.console if line.startswith("error") and "404" not in line]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A published folder of this test's own."""
    storage = storage_at(tmp_path / "data")
    publish_orders(storage)
    return storage


@pytest.fixture
def server(storage: Storage, hotline_command: str) -> Iterator[None]:
    """`hotline serve` on the test's folder, in a process of its own."""
    process = subprocess.Popen([hotline_command, "serve", "--data-dir", str(storage.data)], stdout=subprocess.DEVNULL)
    yield
    process.terminate()
    assert process.wait(timeout=30) == 0


@contextmanager
def watching(address: str, chromium: str) -> Iterator[Watched]:
    """A new page of 1440 × 900 in the distribution's Chromium; requests to other machines are noted."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        found = Watched(page, address)
        page.on("console", lambda message: found.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: found.console.append(f"error: {error}"))
        page.on("request", lambda request: found.hosts.add(urlparse(request.url).hostname or ""))
        page.on("websocket", lambda socket: found.hosts.add(urlparse(socket.url).hostname or ""))
        yield found
        browser.close()


@pytest.fixture
def watched(storage: Storage, tmp_path: Path, chromium: str) -> Iterator[Watched]:
    """A page of an app on the test's own folder."""
    with serve(storage.data, tmp_path / "app.log") as address, watching(address, chromium) as found:
        yield found
