"""LibreOffice opens both files of an evidence pack and prints them as meant; without it this test cannot run and fails."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from made_pack import pack

from hotline12345.dashboard.documents import issue_docx, issue_xlsx

pytestmark = pytest.mark.slow


def printed(file: Path, folder: Path) -> list[str]:
    """The text of each page of a file, as LibreOffice prints it."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    assert office, "install libreoffice-writer and libreoffice-calc"
    assert reader, "install poppler-utils"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file],
        check=True,
        capture_output=True,
        timeout=180,
    )
    pdf = (folder / file.name).with_suffix(".pdf")
    text = subprocess.run([reader, "-layout", pdf, "-"], check=True, capture_output=True, text=True, encoding="utf-8")
    return text.stdout.split("\f")[:-1]


def test_the_document_prints_a_page_a_candidate(tmp_path):
    file = tmp_path / "pack.docx"
    file.write_bytes(issue_docx.document(pack()))
    pages = printed(file, tmp_path)
    assert len(pages) == 10
    for number, name in ((2, "供暖不热"), (3, "电动自行车飞线充电"), (4, "和平里小区")):
        page = pages[number - 1]
        assert name in page
        assert "统计期" in page
        assert re.search(rf"—\s*{number}\s*—", page)


def test_the_workbook_shows_the_same_after_calculating(tmp_path):
    file = tmp_path / "pack.xlsx"
    file.write_bytes(issue_xlsx.workbook(pack()))
    pages = printed(file, tmp_path)
    assert not [page for page in pages if re.search(r"#(REF|NAME|VALUE|DIV)|Err:", page)]
    assert "25.0%" in "".join(pages)
