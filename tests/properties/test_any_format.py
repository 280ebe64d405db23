"""Any table of orders, written in any format, encoding and header variant, loads to the same warehouse content."""

import csv
import io
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.loading import LoadOptions, load_file
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

Row = dict[str, str]
EXPORTED = LoadOptions(exported_at=datetime(2026, 6, 1), max_bad_share=1.0)
# What says in which file and row an order came; all else must be equal.
FILE_FACTS = ("row_number", "row_token")
READABLE = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff")
TEXTS = st.one_of(
    st.text(READABLE, max_size=30),
    st.sampled_from(
        [
            '他说"没有"，不满意',
            "a,b;c|d",
            "路灯\n不亮",
            "𠮷野家门口𪚥噪声",
            "🚧施工",
            "=1+2",
            "不详",
            "-",
            " 暖气 不热 ",
            "",
        ]
    ),
)
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2026, 5, 1)).map(lambda time: f"{time:%Y-%m-%d %H:%M:%S}")
ROWS = st.fixed_dictionaries(
    {
        "order_id": st.from_regex(r"SL[0-9]{8}", fullmatch=True),
        "order_type": st.sampled_from(["投诉", "求助", "建议类", "举报", ""]),
        "title": TEXTS,
        "body": TEXTS,
        "created_at": st.one_of(TIMES, st.just("昨天")),
        "unit_name": st.sampled_from(["甲镇", "乙街道", "不详"]),
        "caller_key": st.sampled_from(["12900001234", "129 0000 5678", ""]),
        "is_valid_callback": st.sampled_from(["是", "否", "", "也许"]),
        "satisfaction": st.sampled_from(["满意", "基本满意", "不满意", "五颗星", ""]),
        "return_count": st.sampled_from(["0", "2", ""]),
    }
)
NAMES = (
    *("order_id", "order_type", "title", "body", "created_at", "unit_name", "caller_key", "is_valid_callback"),
    *("satisfaction", "return_count"),
)


class Form(NamedTuple):
    """How a table is written."""

    kind: str
    encoding: str
    separator: str
    headers: tuple[str, ...]
    order: tuple[int, ...]
    above: int


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A format with everything that an office may vary."""
    spellings: dict[str, list[str]] = {}
    for header, column in aliases().columns.items():
        spellings.setdefault(column, []).append(header)
    return Form(
        kind=draw(st.sampled_from(["csv", "xlsx", "xls", "parquet"])),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])),
        separator=draw(st.sampled_from([",", ";", "\t", "|"])),
        headers=tuple(draw(st.sampled_from(sorted(spellings[name]))) for name in NAMES),
        order=tuple(draw(st.permutations(range(len(NAMES))))),
        above=draw(st.integers(0, 2)),
    )


def lines(rows: Sequence[Row], form: Form) -> list[list[str]]:
    """Title lines, the header and the rows, columns in the form's order."""
    titles = [["工单明细表"], ["导出单位：区热线中心"]][: form.above]
    table = [list(form.headers), *(list(row.values()) for row in rows)]
    return [*titles, *([line[index] for index in form.order] for line in table)]


def write(folder: Path, rows: Sequence[Row], form: Form) -> Path:
    """The table as a file."""
    path = folder / f"orders.{form.kind}"
    content = lines(rows, form)
    if form.kind == "csv":
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=form.separator).writerows(content)
        path.write_bytes(text.getvalue().encode(form.encoding))
    elif form.kind == "xlsx":
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet("工单")
            for number, line in enumerate(content):
                for column, cell in enumerate(line):
                    sheet.write_string(number, column, cell)
    elif form.kind == "xls":
        legacy = xlwt.Workbook(encoding="utf-8")
        old = legacy.add_sheet("工单")
        for number, line in enumerate(content):
            for column, cell in enumerate(line):
                old.write(number, column, cell)
        legacy.save(str(path))
    else:
        header, *body = content[form.above :]
        pl.DataFrame(body, schema=dict.fromkeys(header, pl.String), orient="row").write_parquet(path)
    return path


def loaded(rows: Sequence[Row], form: Form) -> dict[str, list[dict[str, Any]]]:
    """What the warehouse holds after loading the table in this form."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        storage = Storage.at(folder / "data")
        storage.make()
        storage.key_file.write_text("ab" * 32)
        connection = open_warehouse(storage)
        try:
            accounting, _ = load_file(connection, storage, write(folder, rows, form), EXPORTED)
            assert accounting.rows_read - accounting.rows_not_data == len(rows)
            tables = {
                table: connection.sql(f"select * from landed.{table}").pl().drop(FILE_FACTS, strict=False)
                for table in ("order_versions", "quarantine", "quarantined_rows")
            }
        finally:
            connection.close()
        files = sorted(storage.texts.rglob("*.parquet"))
        tables["texts"] = pl.concat([pl.read_parquet(path) for path in files]) if files else pl.DataFrame()
        return {name: frame.sort(pl.all()).to_dicts() for name, frame in tables.items()}


PLAIN = Form(
    "csv",
    "utf-8",
    ",",
    (
        "工单编号",
        "工单类型",
        "标题",
        "主要内容",
        "创建时间",
        "承办单位",
        "来电号码",
        "是否有效回访",
        "是否满意",
        "退回次数",
    ),
    tuple(range(10)),
    0,
)


def check(rows: list[Row], form: Form) -> None:
    """The same content as the plain form gives."""
    assert loaded(rows, form) == loaded(rows, PLAIN)


TABLES = st.lists(ROWS, min_size=1, max_size=8, unique_by=lambda row: row["order_id"])


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, forms())
def test_the_form_changes_nothing(rows: list[Row], form: Form) -> None:
    check(rows, form)


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, forms())
def test_no_form_of_a_thousand_changes_anything(rows: list[Row], form: Form) -> None:
    check(rows, form)
