"""The journey of a clerk without a shell: upload, question, bad rows, correction, published; `hotline serve` runs beside."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from made_snapshot import storage_at
from playwright.sync_api import Locator, Page, expect

from hotline12345.sql.storage import Storage

pytestmark = pytest.mark.browser
ORDERS = 24
PATIENCE_MS = 20_000


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A folder where nothing was ever published."""
    return storage_at(tmp_path / "data")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A workbook with an ambiguous header (处理时间) and one time that nobody can read."""
    path = tmp_path / "三月导出12900008888.xlsx"
    header = ("工单号", "诉求类型", "标题", "反映内容", "工单创建时间", "处理时间", "乡镇街道", "责任单位", "有效回访")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("工单")
        sheet.write_row(0, 0, header)
        for number in range(1, ORDERS + 1):
            created = datetime(2026, 3, 1, 9) + timedelta(hours=5 * number)
            times = (created, created + timedelta(days=1))
            written = [f"{time:%Y-%m-%d %H:%M}" for time in times]
            told = "三月某日" if number == 5 else written[0]
            texts = (
                "暖气不热",
                f"来电反映东河小区 {number} 号楼暖气不热",
                told,
                written[1],
                "东河街道",
                "东河街道",
                "是",
            )
            sheet.write_row(number, 0, (f"D2026{number:06d}", "投诉", *texts))
    return path


def corrected(workbook: Path) -> Path:
    """The downloaded bad rows with the unreadable time put right."""
    book = openpyxl.load_workbook(workbook)
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "创建时间")
    (cell,) = [sheet.cell(row, column) for row in range(2, sheet.max_row + 1) if sheet.cell(row, column).value]
    assert cell.value == "三月某日"
    cell.value = "2026-03-02 10:00"
    book.save(workbook.with_name("改正.xlsx"))
    return workbook.with_name("改正.xlsx")


def upload(page: Page, file: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    page.get_by_role("button", name="上传并识别").click()


def sees(what: Locator) -> None:
    expect(what).to_be_visible(timeout=PATIENCE_MS)


def test_from_the_upload_to_the_published_correction(watched, server, export, tmp_path):
    page = watched.page
    page.set_default_timeout(PATIENCE_MS)
    page.goto(watched.address)
    sees(page.get_by_text("还没有发布过数据"))
    page.get_by_role("link", name="数据导入").click()
    sees(page.get_by_text("运行中", exact=True))

    upload(page, export)
    sees(page.get_by_text("待确认：三月导出129****8888.xlsx"))
    sees(page.get_by_text("列“处理时间”在不同系统里含义不同"))
    expect(page.get_by_role("button", name="确认导入")).to_be_disabled()
    page.reload()
    page.get_by_label("问题 1 的回答").click()
    page.get_by_role("option", name=re.compile("作为“办结时间")).click()
    page.get_by_role("button", name="确认导入").click()

    sees(page.get_by_text("1 行不合要求，没有进入统计"))
    sees(page.get_by_text(str(ORDERS - 1), exact=True))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载隔离的 1 行").click()
    waiting.value.save_as(tmp_path / "bad.xlsx")

    upload(page, corrected(tmp_path / "bad.xlsx"))
    sees(page.get_by_text("待确认：改正.xlsx"))
    page.get_by_role("button", name="确认导入").click()
    sees(page.get_by_text(re.compile("请求 4　导入　改正.xlsx　完成")))
    page.get_by_text(re.compile("请求 2　导入")).click()
    sees(page.get_by_text("隔离的行都已改正"))

    page.get_by_role("link", name="数据健康").click()
    sees(page.get_by_text(f"{ORDERS} 件", exact=True))
    assert watched.hosts <= {"127.0.0.1", ""}
    assert not watched.errors
