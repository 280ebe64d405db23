"""Files as offices really make them: encodings, separators, several sheets, headers of two rows, cells of every kind."""

import io
import time
import zipfile
from datetime import datetime
from datetime import time as day_time
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from order_files import HEADERS, ORDER, csv_bytes, order, write_xlsx

from hotline12345.flows.ingest import decoding, detect
from hotline12345.flows.ingest.detect import Source
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.mapping import FileMapping
from hotline12345.flows.ingest.prepare import prepare
from hotline12345.flows.ingest.read import RawTable, read_table

ORDERS = [order(工单编号=f"2026050100{i:03}", 主要内容="㐀𠮷家园，停水；暖气|不热;a,b") for i in range(40)]


def opened(path: Path, **said: object) -> RawTable:
    return read_table(detect.detect(path), FileMapping(**said))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("gb18030", b"", "gb18030"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_every_encoding_and_separator(tmp_path, encoding, mark, found, separator):
    path = written(tmp_path / "a.xls", mark + csv_bytes([["一、示例"], HEADERS, *ORDERS], encoding, separator))
    prepared = prepare(path, b"key")
    assert (prepared.file.encoding, prepared.file.header_row) == (found, 2)
    assert prepared.rows.orders["body"].to_list() == ["㐀𠮷家园，停水；暖气|不热;a,b"] * 40
    assert prepared.rows.rows_quarantined == 0


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_the_encoding_is_found_behind_megabytes_of_ascii(tmp_path, monkeypatch, encoding):
    monkeypatch.setattr(detect, "BLOCK_BYTES", 64)
    monkeypatch.setattr(detect, "SAMPLE_BYTES", 256)
    english = [["title"], *([f"note {i}"] for i in range(15))]
    path = written(tmp_path / "a.csv", csv_bytes([*english, HEADERS, *ORDERS], encoding))
    assert prepare(path, b"key").rows.orders.height == 40


def test_a_file_of_two_encodings_is_refused_at_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(detect, "SAMPLE_BYTES", 1 << 10)
    monkeypatch.setattr(detect, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(decoding, "BLOCK_BYTES", 1 << 10)
    path = written(tmp_path / "a.csv", csv_bytes([HEADERS, *ORDERS]) + csv_bytes(ORDERS, "gb18030"))
    with pytest.raises(IngestError, match="不同编码") as refused:
        prepare(path, b"key")
    assert refused.value.code == "E05"


@pytest.mark.parametrize("stated", ["rot13", "latin-1", "no such", "utf-7", "a\0b"])
def test_an_encoding_that_exports_never_have_is_refused(tmp_path, stated):
    path = written(tmp_path / "a.csv", csv_bytes([HEADERS, *ORDERS]))
    with pytest.raises(IngestError, match=r"可用：utf-8") as refused:
        prepare(path, b"key", FileMapping(encoding=stated))
    assert refused.value.code == "E05"


def test_a_separator_that_cannot_be_one_is_refused(tmp_path):
    path = written(tmp_path / "a.csv", csv_bytes([HEADERS, *ORDERS]))
    with pytest.raises(IngestError, match="separator") as refused:
        prepare(path, b"key", FileMapping(separator='"'))
    assert refused.value.code == "E10"


def test_short_records_with_line_breaks_stay_whole(tmp_path):
    rows = [order(工单编号=f"20260501{i:03}", 主要内容="第一行\n第二行") for i in range(5)]
    path = written(tmp_path / "a.csv", csv_bytes([[*HEADERS, "备注", ""], *rows]))
    prepared = prepare(path, b"key")
    assert prepared.rows.orders["body"].to_list() == ["第一行 第二行"] * 5
    assert prepared.rows.orders["row_number"].to_list() == [2, 3, 4, 5, 6]


def test_empty_and_repeated_headers(tmp_path):
    rows = [[*HEADERS, "", "备注", "备注"], [*ORDER, "x", "y", "z"], [*order(工单编号="2"), "", "", "", "", ""]]
    for path in (written(tmp_path / "a.csv", csv_bytes(rows)), write_xlsx(tmp_path / "a.xlsx", {"a": rows})):
        file = prepare(path, b"key").file
        assert file.unmapped == ["第11列（无表头）", "备注", "备注（2）"]


UPPER = ["工单编号", "创建时间", "主要内容", "承办单位", "回访情况", None, None, "首次", "最终"]
LOWER = [None, None, None, None, "是否有效回访", "是否解决", "是否满意", "满意度", "满意度"]
BELOW = ["2026050100001", "2026-05-01 10:20:30", "暖气不热", "示例镇", "是", "是", "满意", "满意", "不满意"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("above", [[], [["示例区工单"]]])
def test_a_header_of_two_rows(tmp_path, form, above):
    rows = [*above, UPPER, LOWER, BELOW]
    path = tmp_path / f"a.{form}"
    if form == "csv":
        path.write_bytes(csv_bytes(rows))
    else:
        write_xlsx(path, {"工单": rows})
        book = openpyxl.load_workbook(path)
        first = len(above) + 1
        book.active.merge_cells(start_row=first, end_row=first, start_column=5, end_column=7)
        book.active.merge_cells(start_row=first, end_row=first + 1, start_column=1, end_column=1)
        book.save(path)
    prepared = prepare(path, b"key")
    row = prepared.rows.orders.row(0, named=True)
    assert prepared.rows.orders.height == 1
    assert (row["resolution"], row["satisfaction"]) == ("解决", "满意")
    assert (row["satisfaction_first"], row["satisfaction_final"]) == ("满意", "不满意")
    assert prepared.file.header_row == len(above) + 2
    assert prepared.rows.rows_not_data == len(above) + 2


def test_a_row_of_data_is_no_second_header(tmp_path):
    path = written(tmp_path / "a.csv", csv_bytes([HEADERS, order(主要内容="标签"), ORDER]))
    assert prepare(path, b"key").file.header_row == 1


def month(number: int, count: int) -> list[list[object]]:
    return [["工单明细"], HEADERS, *(order(工单编号=f"2026{number:02}{i:05}") for i in range(count)), ["合计", count]]


def test_sheets_of_months_are_read_as_one_table(tmp_path):
    sheets = {
        "说明": [["填报说明"]],
        "5月": month(5, 3),
        "6月": [["导出"], *month(6, 2)],
        "汇总": [["单位", "件数"], ["a", 5]],
    }
    prepared = prepare(write_xlsx(tmp_path / "a.xlsx", sheets), b"key")
    assert prepared.rows.orders["order_id"].to_list() == [
        *(f"202605{i:05}" for i in range(3)),
        "20260600000",
        "20260600001",
    ]
    assert prepared.rows.orders["row_number"].to_list() == [3, 4, 5, 10, 11]
    assert (prepared.rows.rows_read, prepared.rows.rows_not_data) == (12, 7)
    assert prepared.file.sheet == "5月、6月"
    said = "\n".join(prepared.file.notes)
    assert "“5月”第 1–6 行（表内行号加 0），“6月”第 7–12 行（表内行号加 6）" in said
    assert "“说明”" in said
    assert "“汇总”" in said


def test_a_sheet_can_be_chosen(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"5月": month(5, 3), "6月": month(6, 2)})
    assert prepare(path, b"key", FileMapping(sheet="6月")).rows.orders.height == 2
    with pytest.raises(IngestError, match="“5月”、“6月”"):
        prepare(path, b"key", FileMapping(sheet="7月"))


def test_sheets_with_other_headers_and_hidden_ones_are_named_not_read(tmp_path):
    other = [["工单编号", "创建时间", "标题"], ["9", "2026-05-01", "x"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"工单": month(5, 3), "补充": other, "草稿": month(6, 2)})
    book = openpyxl.load_workbook(path)
    book["草稿"].sheet_state = "hidden"
    book.save(path)
    prepared = prepare(path, b"key")
    assert prepared.rows.orders.height == 3
    hidden = next(note for note in prepared.file.notes if "草稿" in note)
    assert "隐藏" in hidden
    assert "5 行" in hidden
    assert "“补充”也像工单表（2 行）" in "\n".join(prepared.file.notes)


def test_long_numbers_are_found_in_every_sheet(tmp_path):
    sheets = {
        "5月": [HEADERS, order(工单编号="20260501123456789")],
        "6月": [HEADERS, order(工单编号="20260601123456780"), order(工单编号=20260601123456789)],
    }
    prepared = prepare(write_xlsx(tmp_path / "a.xlsx", sheets), b"key")
    assert prepared.rows.orders["order_id"].to_list() == ["20260501123456789", "20260601123456780"]
    assert prepared.rows.quarantine.select("row_number", "rule").rows() == [(5, "digits_lost")]


def test_a_chart_sheet_is_passed_over_in_silence(tmp_path, caplog):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for i, row in enumerate(month(5, 2)):
            (book.get_worksheet_by_name("5月") or book.add_worksheet("5月")).write_row(i, 0, row)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='5月'!$B$3:$B$4"})
        book.add_chartsheet("图").set_chart(chart)
    assert prepare(path, b"key").rows.orders.height == 2
    assert caplog.records == []


def test_a_workbook_with_two_sheets_of_one_name_is_damaged(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"5月": month(5, 2), "6月": month(6, 2)})
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace("6月".encode(), "5月".encode()))
    with pytest.raises(IngestError, match="损坏"):
        prepare(written(path, content.getvalue()), b"key")


def test_a_sheet_of_65000_formatted_rows_with_500_orders(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, coloured = book.add_worksheet("工单"), book.add_format({"bg_color": "yellow"})
        for i, row in enumerate([HEADERS, *(order(工单编号=f"2026{n:05}") for n in range(500))]):
            sheet.write_row(i, 0, row)
        for i in range(501, 65_000):
            sheet.write_blank(i, 0, None, coloured)
        sheet.write_string(64_999, 3, " ")
    began = time.monotonic()
    prepared = prepare(path, b"key")
    assert time.monotonic() - began < 10
    assert prepared.rows.orders.height == 500
    assert (prepared.rows.rows_read, prepared.rows.rows_not_data) == (65_000, 64_500)


def test_cells_of_every_kind_become_text(tmp_path):
    path = tmp_path / "a.xlsx"
    cells = [
        "工单编号",
        "创建时间",
        datetime(2026, 5, 1, 10, 20, 30),
        "2026/5/1 10:20",
        46143.5,
        day_time(10, 20),
        True,
        123.0,
    ]
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet("工单")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_column(1, 3, cells)
        sheet.write_formula(9, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(10, 3, "=A1&B1", None, "算得的文字")
        sheet.write_formula(11, 3, "=1+1", None, 2)
    (chunk,) = opened(path).chunks()
    assert chunk["3"].to_list()[1:] == [
        *(
            "工单编号",
            "创建时间",
            "2026-05-01 10:20:30",
            "2026/5/1 10:20",
            "46143.5",
            "1899-12-31 10:20:00",
            "true",
            "123",
        ),
        *(None, "算得的文字", "2"),
    ]


def test_an_empty_parquet_has_one_empty_chunk(tmp_path):
    pl.DataFrame(schema=dict.fromkeys(HEADERS, pl.String)).write_parquet(tmp_path / "a.parquet")
    assert [chunk.height for chunk in opened(tmp_path / "a.parquet").chunks()] == [0]


def test_parquet_comes_in_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr("hotline12345.flows.ingest.read.CHUNK_ROWS", 7)
    pl.DataFrame([ORDER] * 20, schema=HEADERS, orient="row").write_parquet(tmp_path / "a.parquet")
    chunks = list(opened(tmp_path / "a.parquet").chunks())
    assert [chunk.height for chunk in chunks] == [7, 7, 6]
    assert pl.concat(chunks)["row_number"].to_list() == list(range(1, 21))


def test_no_header_says_what_came_nearest_and_where_it_was_looked_for(tmp_path):
    rows = [["统计表"], ["名次", "工单编号", "金额"], ["1", "2", "3"]]
    with pytest.raises(IngestError) as refused:
        prepare(write_xlsx(tmp_path / "a.xlsx", {"一": rows, "二": []}), b"key")
    assert refused.value.code == "E06"
    assert "工作表“一”、“二”" in refused.value.message
    assert "第 2 行" in refused.value.message
    assert "工单编号" in refused.value.message


def test_the_source_of_a_text_file_is_its_bytes(tmp_path):
    path = written(tmp_path / "a.csv", csv_bytes([HEADERS, ORDER]))
    found = detect.detect(path)
    assert isinstance(found, Source)
    assert detect.detect(written(tmp_path / "b.csv", path.read_bytes())).content_hash == found.content_hash
