"""The same orders come out of every kind of file, and what is no table is refused in one clear sentence."""

import zipfile
from datetime import datetime

import polars as pl
import pytest
import xlwt
from order_files import HEADERS, ORDER, csv_bytes, order, write_xlsx

from hotline12345.flows.ingest.headers import HEADER_SEARCH_ROWS
from hotline12345.flows.ingest.prepare import FileMapping, IngestError, load_mapping, prepare

ROWS = [ORDER, order(工单编号="2026050100002", 主要内容="㐀𠮷家园，停水", 是否解决="否", 是否满意="")]


def same(prepared, row_numbers=(2, 3)):
    assert prepared.rows.orders["row_number"].to_list() == list(row_numbers)
    assert prepared.rows.orders["order_id"].to_list() == ["2026050100001", "2026050100002"]
    assert prepared.rows.orders["created_at"].to_list() == [datetime(2026, 5, 1, 10, 20, 30)] * 2
    assert prepared.rows.orders["body"].to_list() == ["暖气不热", "㐀𠮷家园，停水"]
    assert prepared.rows.orders["resolution"].to_list() == ["解决", "未解决"]
    assert prepared.rows.orders["satisfaction"].to_list() == ["满意", None]
    assert (
        prepared.rows.rows_read
        == prepared.rows.orders.height + prepared.rows.rows_quarantined + prepared.rows.rows_not_data
    )


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_text_tables(tmp_path, encoding, found, separator):
    path = tmp_path / "a.txt"
    path.write_bytes(csv_bytes([HEADERS, *ROWS], encoding, separator))
    prepared = prepare(path, b"key")
    same(prepared)
    assert (prepared.file.format, prepared.file.encoding, prepared.file.header_row) == ("csv", found, 1)


def test_xlsx_with_title_empty_sheet_and_table_away_from_the_corner(tmp_path):
    table = [[], [None, "示例区工单"], [None, *HEADERS], *([None, *row] for row in ROWS), [], [None, "合计", 2]]
    prepared = prepare(write_xlsx(tmp_path / "a.xlsx", {"封面": [["说明"]], "空": [], "工单": table}), b"key")
    same(prepared, (4, 5))
    assert (prepared.file.sheet, prepared.file.header_row, prepared.rows.rows_read, prepared.rows.rows_not_data) == (
        "工单",
        3,
        7,
        5,
    )


def test_xls(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("工单")
    for i, row in enumerate([["标题"], HEADERS, *ROWS]):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    book.save(str(tmp_path / "a.xls"))
    prepared = prepare(tmp_path / "a.xls", b"key")
    same(prepared, (3, 4))
    assert prepared.file.format == "xls"


def test_parquet_with_typed_columns(tmp_path):
    frame = pl.DataFrame(ROWS, schema=HEADERS, orient="row")
    frame = frame.with_columns(
        pl.col("创建时间").str.to_datetime(), pl.col("工单编号").cast(pl.Float64), 列表=pl.lit([1])
    )
    frame.write_parquet(tmp_path / "a.parquet")
    prepared = prepare(tmp_path / "a.parquet", b"key")
    same(prepared, (1, 2))
    assert prepared.file.unmapped == ["列表"]


def test_cells_of_both_kinds_in_one_column(tmp_path):
    rows = [
        HEADERS,
        order(创建时间=datetime(2026, 5, 1, 10, 20, 30), 工单编号=2026050100001),
        order(创建时间="2026/5/1 10:20:30", 工单编号=123.0),
        order(创建时间=46143.4309027778, 工单编号="BJ-3"),
    ]
    orders = prepare(write_xlsx(tmp_path / "a.xlsx", {"工单": rows}), b"key").rows.orders
    assert orders["order_id"].to_list() == ["2026050100001", "123", "BJ-3"]
    assert orders["created_at"].to_list() == [datetime(2026, 5, 1, 10, 20, 30)] * 3


@pytest.mark.parametrize("digits", [16, 17, 18, 19])
def test_an_id_of_any_length_kept_as_a_number_is_noticed(tmp_path, digits):
    number = int("2024053012345678123"[:digits])
    prepared = prepare(write_xlsx(tmp_path / "a.xlsx", {"工单": [HEADERS, order(工单编号=number), order()]}), b"key")
    assert prepared.rows.orders.height == 1
    assert prepared.rows.quarantine["rule"].to_list() == ["digits_lost"]


def test_long_ids_kept_as_numbers_have_lost_digits_and_as_text_have_not(tmp_path):
    rows = [HEADERS, order(工单编号=20260501123456789), order(工单编号="20260501123456780")]
    prepared = prepare(write_xlsx(tmp_path / "a.xlsx", {"工单": rows}), b"key")
    assert prepared.rows.orders["order_id"].to_list() == ["20260501123456780"]
    assert prepared.rows.quarantine.select("row_number", "column_name", "rule").rows() == [
        (2, "order_id", "digits_lost")
    ]


def test_ragged_and_broken_rows_spoil_only_themselves(load):
    prepared = load([
        ORDER,
        [*order(工单编号="2"), "12812345678"],
        [*order(工单编号="3"), "", " "],
        order(工单编号="4")[:7],
        order(工单编号="5", 主要内容="第一行\n第二行"),
    ])  # fmt: skip
    assert prepared.rows.orders["order_id"].to_list() == ["2026050100001", "3", "4", "5"]
    assert prepared.rows.orders["body"][3] == "第一行 第二行"
    assert prepared.rows.quarantine.select("row_number", "rule", "value_masked").rows() == [
        (3, "extra_cells", "多出 1 格")
    ]


@pytest.mark.parametrize("after", [3, 500])
def test_an_unclosed_quote_spoils_one_row(tmp_path, after):
    good = [order(工单编号=str(i)) for i in range(after)]
    spoilt = '9001,2026-05-01,,"没有配对的引号,张三,1,示例镇,是,是,满意\r\n'.encode()
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([HEADERS, ORDER]) + spoilt + csv_bytes(good))
    prepared = prepare(path, b"key")
    assert prepared.rows.orders.height == after + 1
    assert prepared.rows.orders["row_number"].to_list() == [2, *range(4, after + 4)]
    assert prepared.rows.quarantine.select("row_number", "rule").rows() == [(3, "unclosed_quote")]


def test_a_cell_cut_inside_a_character_spoils_one_row(tmp_path):
    content = csv_bytes([HEADERS, *(order(工单编号=str(i), 主要内容="暖气") for i in range(20))], "gb18030")
    path = tmp_path / "a.csv"
    path.write_bytes(content.replace("暖气".encode("gb18030"), "暖".encode("gb18030") + b"\xc6", 1))
    prepared = prepare(path, b"key")
    assert prepared.rows.quarantine.select("row_number", "rule").rows() == [(2, "undecodable")]
    assert prepared.rows.orders.height == 19


def test_more_rows_than_one_chunk(load, monkeypatch):
    monkeypatch.setattr("hotline12345.flows.ingest.decoding.BLOCK_BYTES", 500)
    monkeypatch.setattr("hotline12345.flows.ingest.delimited.CHUNK_ROWS", 7)
    prepared = load([order(工单编号=str(i)) for i in range(100)])
    assert prepared.rows.orders["order_id"].to_list() == [str(i) for i in range(100)]
    assert prepared.rows.orders["row_number"].to_list() == list(range(2, 102))


@pytest.mark.parametrize("above", [0, HEADER_SEARCH_ROWS - 1])
def test_the_header_is_found_within_the_first_rows(load, above):
    assert load([*([f"说明{i}"] for i in range(above)), HEADERS, ORDER], header=False).file.header_row == above + 1


def png(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))


def archive(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.txt", "x")


def encrypted(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("name", "write", "code", "said"),
    [
        ("folder", lambda path: path.mkdir(), "E01", "文件夹"),
        ("missing.csv", lambda path: None, "E01", "找不到"),
        ("a.csv", lambda path: path.write_bytes(b""), "E02", "空的"),
        ("a.csv", lambda path: path.write_bytes(b"\xef\xbb\xbf\r\n \n"), "E02", "空的"),
        ("a.xlsx", png, "E03", "PNG 图片"),
        ("a.xlsx", archive, "E03", "不是 Excel 表格"),
        ("a.xls", lambda path: path.write_text("<html><table>"), "E03", "网页表格"),
        ("a.csv", lambda path: path.write_bytes(b"a\x00\x01"), "E03", "不是能识别的表格"),
        ("a.xlsx", lambda path: path.write_bytes(b"PK\x03\x04 broken"), "E04", "损坏"),
        ("a.xls", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken"), "E04", "损坏"),
        ("a.parquet", lambda path: path.write_bytes(b"PAR1 broken"), "E04", "损坏"),
        ("a.xlsx", encrypted, "E04", "密码"),
        ("a.csv", lambda path: path.write_bytes(b"\xff\x80\xff\x81" * 50), "E05", "编码"),
        ("a.csv", lambda path: path.write_text("a,b\n1,2\n"), "E06", "没有找到工单表的表头"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, write, code, said):
    path = tmp_path / name
    write(path)
    with pytest.raises(IngestError) as refused:
        prepare(path, b"key")
    assert refused.value.code == code
    assert said in refused.value.message
    assert str(tmp_path) not in refused.value.message


def test_file_names_are_masked(tmp_path):
    path = tmp_path / "张小明先生12812345678.csv"
    with pytest.raises(IngestError, match=r"张某先生128\*{4}5678"):
        prepare(path, b"key")
    path.write_bytes(csv_bytes([HEADERS, ORDER]))
    assert prepare(path, b"key").file.file_name == "张某先生128****5678.csv"


def test_an_unforeseen_fault_tells_no_value(tmp_path, monkeypatch):
    def fail(*_):
        raise ValueError("12812345678")

    monkeypatch.setattr("hotline12345.flows.ingest.prepare.data_rows", fail)
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([HEADERS, ORDER]))
    with pytest.raises(IngestError) as refused:
        prepare(path, b"key")
    assert refused.value.code == "E99"
    assert "12812345678" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_mapping_file_says_where_the_table_is(tmp_path):
    toml = tmp_path / "m.toml"
    toml.write_text(
        '[columns]\n"no" = "order_id"\n"When" = "created_at"\n"who" = "unit_name"\n"x" = "ignore"\n'
        '[file]\nsheet = "二"\nheader_row = 2\n',
        encoding="utf-8-sig",
    )
    table = [["工单编号", "创建时间"], ["NO", "when", "who", "x"], ["1", "2026-05-01", "示例镇", "y"]]
    prepared = prepare(
        write_xlsx(tmp_path / "a.xlsx", {"一": [HEADERS, ORDER], "二": table}), b"key", load_mapping(toml)
    )
    assert prepared.rows.orders["order_id"].to_list() == ["1"]
    assert prepared.file.mapping == {"NO": "order_id", "when": "created_at", "who": "unit_name"}
    assert prepared.file.unmapped == []


def test_a_mapping_file_states_encoding_and_separator(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([HEADERS, *ROWS], "gb18030", "#"))
    same(prepare(path, b"key", FileMapping(encoding="gbk", separator="#")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[columns]\n"x" = "nonsense"', "目标列不存在"),
        ("[columns", "不是有效的 TOML"),
        ("[other]", "不认识的段"),
        ('[file]\nheader_row = "3"', "header_row"),
        ('[file]\nseparator = "||"', "separator"),
        ("columns = 3", "写成段"),
    ],
)
def test_wrong_mapping_files(tmp_path, content, said):
    toml = tmp_path / "m.toml"
    toml.write_text(content, encoding="utf-8")
    with pytest.raises(IngestError, match=said) as refused:
        load_mapping(toml)
    assert refused.value.code == "E10"


def test_a_missing_mapping_file(tmp_path):
    with pytest.raises(IngestError, match="读不到"):
        load_mapping(tmp_path / "m.toml")
