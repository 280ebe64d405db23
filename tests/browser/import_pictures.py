"""Pictures of the page 数据导入 for docs/loading.md, 1440 wide, on the synthetic sample.

`python tests/browser/import_pictures.py docs/images` uploads the sample's files to a folder of its own as a clerk does, and
takes imports.png (a file to be confirmed) and quarantine.png (a result with rows kept aside).
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from app_server import serve
from playwright.sync_api import Page, sync_playwright

from hotline12345.dashboard import requests
from hotline12345.dashboard.access import ANALYST
from hotline12345.flows import serve as server
from hotline12345.flows.cli.errors import describe
from hotline12345.flows.cli.init import TEMPLATES
from hotline12345.sample_data.paths import CONFIG, sample_files
from hotline12345.sql.storage import Storage

WIDTH, SETTLED_MS = 1440, 2000


def upload(storage: Storage, file: Path) -> None:
    """Upload a file and have it inspected."""
    requests.file_upload(ANALYST, file.name, file.read_bytes())
    server.serve(storage, describe, once=True)


def shoot(storage: Storage, page: Page, path: Path, height: int) -> None:
    """The upper part of the page beside a running server, once nothing moves any more."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    with server.beating(storage):
        page.get_by_text("运行中", exact=True).wait_for()
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=path)


def main(output: Path) -> None:
    """Both pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        storage = Storage.at(Path(folder) / "data", Path(folder) / "data" / "config")
        storage.make()
        os.environ["HOTLINE_DATA_DIR"] = str(storage.data)
        for name in TEMPLATES:
            shutil.copyfile(CONFIG / name, storage.config / name)
        file, *_ = sample_files()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(locale="zh-CN")
        with serve(storage.data, Path(folder) / "app.log") as address:
            upload(storage, file)
            page.goto(address)
            page.get_by_role("link", name="数据导入").click()
            page.get_by_text("待确认").wait_for()
            shoot(storage, page, output / "imports.png", 1060)
            page.get_by_role("button", name="确认导入").click()
            page.get_by_text("正在处理").wait_for()
            server.serve(storage, describe, once=True)
            page.get_by_text("不合要求").wait_for()
            shoot(storage, page, output / "quarantine.png", 900)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
