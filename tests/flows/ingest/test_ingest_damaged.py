"""Files that only look like tables, or would bring the Excel parser down, are refused in one clear sentence."""

import io
import os
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlwt
from order_files import HEADERS, ORDER, order, write_xlsx

from hotline12345.flows.ingest import detect, office
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.prepare import prepare


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def archive_of(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def changed(path: Path, old: bytes, new: bytes) -> bytes:
    """A workbook with something replaced in its sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(file, "w") as out:
        for name in book.namelist():
            out.writestr(name, book.read(name).replace(old, new) if "sheet1" in name else book.read(name))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (archive_of("word/document.xml"), "E03", "Word 文档"),
        (archive_of("ppt/presentation.xml"), "E03", "PowerPoint"),
        (archive_of("xl/workbook.bin"), "E03", "另存为 .xlsx"),
        (archive_of("xl/workbook.xml")[:-9], "E04", "损坏"),
        (archive_of("xl/workbook.xml"), "E04", "损坏"),
        ("<html><table>".encode("utf-8-sig"), "E03", "网页表格"),
        (b"MIME-Version: 1.0\n", "E03", "网页表格"),
        (bytes(5000), "E02", "空的"),
        (bytes(range(256)) * 40, "E03", "不是能识别的表格"),
    ],
)
def test_files_that_only_look_like_tables(tmp_path, content, code, said):
    with pytest.raises(IngestError, match=said) as refused:
        prepare(written(tmp_path / "a.xlsx", content), b"key")
    assert refused.value.code == code


@pytest.mark.parametrize("cell", [b'"XFD1048576"', b'"ABC999999"', b'"ZZZZ99999999999"', b'"A9999999"'])
def test_a_cell_far_away_is_refused_before_memory_is_taken(tmp_path, cell):
    path = write_xlsx(tmp_path / "a.xlsx", {"工单": [HEADERS, ORDER]})
    path.write_bytes(changed(path, b'"B2"', cell))
    with pytest.raises(IngestError, match="大得不正常") as refused:
        prepare(path, b"key")
    assert refused.value.code == "E04"


def test_an_absurdly_large_archive_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(IngestError, match="大得不正常"):
        prepare(write_xlsx(tmp_path / "a.xlsx", {"工单": [HEADERS, ORDER]}), b"key")


def xls_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    book, file = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("工单")
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    book.save(file)
    return file.getvalue()


def test_an_xls_with_a_cell_beyond_its_columns_is_refused(tmp_path):
    number = struct.pack("<HHHH", 0x0203, 14, 1, 3)
    content = xls_bytes([HEADERS, order(主要内容=1.5)])
    assert content.count(number) == 1 or content.count(struct.pack("<HHHH", 0x027E, 10, 1, 3)) == 1
    for kind, length in ((0x0203, 14), (0x027E, 10)):
        content = content.replace(
            struct.pack("<HHHH", kind, length, 1, 3), struct.pack("<HHHH", kind, length, 1, 60_000)
        )
    with pytest.raises(IngestError, match="损坏"):
        prepare(written(tmp_path / "a.xls", content), b"key")


def test_an_xls_whose_sectors_form_a_ring_is_refused(tmp_path):
    content = bytearray(xls_bytes([HEADERS, ORDER]))
    table = 512 * (struct.unpack_from("<I", content, 76)[0] + 1)
    directory = struct.unpack_from("<I", content, 48)[0]
    struct.pack_into("<I", content, table + 4 * directory, directory)
    with pytest.raises(IngestError, match="损坏"):
        prepare(written(tmp_path / "a.xls", bytes(content)), b"key")


def test_an_xls_that_needs_a_password(tmp_path):
    content = xls_bytes([HEADERS, ORDER])
    style = struct.pack("<HH", 0x0042, 2)  # the code page stands where the password record would
    assert style in content
    with pytest.raises(IngestError, match="密码"):
        prepare(written(tmp_path / "a.xls", content.replace(style, struct.pack("<HH", 0x002F, 2), 1)), b"key")


def test_a_panic_of_the_excel_parser_is_one_clear_sentence(tmp_path, capfd, monkeypatch):
    class Panic(BaseException):
        pass

    def panics(_):
        os.write(2, b"thread panicked")
        raise Panic

    monkeypatch.setattr("hotline12345.flows.ingest.workbook.fastexcel.read_excel", panics)
    with pytest.raises(IngestError, match="无法作为 Excel 打开"):
        prepare(write_xlsx(tmp_path / "a.xlsx", {"工单": [HEADERS, ORDER]}), b"key")
    assert capfd.readouterr().err == ""


def test_a_folder_is_called_by_its_name(tmp_path, monkeypatch):
    folder = tmp_path / "导出"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(IngestError, match="“导出”是一个文件夹"):
        detect.detect(Path())
