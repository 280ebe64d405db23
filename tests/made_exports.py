"""Small exports made by hand, with other header names of the alias list, as the pipeline's tests load them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import xlsxwriter

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage

Row = dict[str, str]
HEADERS = (
    *(
        "工单号",
        "诉求类型",
        "一级分类",
        "工单标题",
        "反映内容",
        "处理情况",
        "工单创建时间",
        "完成时间",
        "乡镇街道",
        "村社区",
    ),
    *("详细地址", "责任单位", "诉求人", "联系电话", "有效回访", "是否联系", "解决情况", "满意度"),
)
UNITS = ("甲山街道", "乙水镇", "丙局")
MATTERS = (
    ("公共服务", "供暖不热", "来电反映家中暖气一直不热，希望热力公司上门检修"),
    ("住房", "屋面漏水", "顶层屋面漏水多年，下雨就渗到卧室，物业没有维修"),
    ("环境保护", "夜间施工噪声", "工地夜间浇筑混凝土，噪声很大，老人无法休息"),
    ("交通管理", "路口拥堵", "早高峰路口没有信号灯，车辆互不相让，经常堵死"),
)
STREETS = ("东明里", "西安园", "南湖家园", "北苑", "中兴公寓")
RESOLUTIONS = ("解决", "解决", "未解决", "解决")
ANSWERS = ("满意", "基本满意", "不满意")
# What differs from run to run or says in which file a row came; everything else must be equal.
RUN_FACTS = {"run_id", "published_at", "loaded_at", "content_hash", "definition", "published", "first_used_at"}
FILE_FACTS = {"batch_id", "row_number", "file_name", "known_at", "version_count", "text_file", "text_number"}


def orders(count: int, first: datetime = datetime(2025, 3, 1, 9), start: int = 1, **fixed: str) -> list[Row]:
    """`count` different orders, ten hours apart; `fixed` replaces a column everywhere."""
    return [
        {**_order(number, first + timedelta(hours=10 * (number - start))), **fixed}
        for number in range(start, start + count)
    ]


def _order(number: int, created: datetime) -> Row:
    topic, title, body = MATTERS[number % len(MATTERS)]
    street = STREETS[number % len(STREETS)]
    valid = number % 5 != 0
    values = (
        *(
            f"D2025{number:06d}",
            "投诉",
            topic,
            f"{street}{title}",
            f"{street}居民{body}，已持续 {number} 天",
            "已联系处理",
        ),
        *(
            f"{created:%Y-%m-%d %H:%M:%S}",
            f"{created + timedelta(days=2):%Y/%m/%d %H:%M}",
            UNITS[number % 2],
            f"{street}社区",
        ),
        *(street, UNITS[number % len(UNITS)], "", f"1290000{number % 7:04d}", "是" if valid else "否", "是"),
        *(RESOLUTIONS[number // 3 % 4], ANSWERS[number // 5 % 3]),
    )
    return dict(zip(HEADERS, values, strict=True))


def write_csv(
    path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "gb18030", above: Iterable[str] = ()
) -> Path:
    """A CSV with the columns of the first row, title rows above them."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerows([line] for line in above)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    path.write_bytes(sheet.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, rows: Sequence[Mapping[str, str]], above: Iterable[str] = ()) -> Path:
    """A workbook whose second sheet holds the table, title rows above it."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "本表由系统导出")
        sheet = book.add_worksheet("工单")
        lines = [*([line] for line in above), list(rows[0]), *(list(row.values()) for row in rows)]
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return path


def storage_at(folder: Path) -> Storage:
    """The storage of a data folder whose config lies inside it."""
    return Storage.at(folder, folder / "config")


def published(storage: Storage, apart_from: Iterable[str] = ()) -> dict[str, list[str]]:
    """Every table of the current snapshot as sorted rows, without what differs from run to run."""
    left_out = {*RUN_FACTS, *apart_from}
    connection = duckdb.connect(str(current_snapshot(storage).path), read_only=True)
    names = connection.execute(
        "select table_schema || '.' || table_name, list(column_name order by ordinal_position) from information_schema.columns "
        "where table_schema not in ('meta', 'run') and table_name not in ('publications', 'reference_versions') group by all order by all"
    ).fetchall()
    tables = {}
    for name, columns in names:
        kept = [column for column in columns if column not in left_out]
        tables[name] = sorted(map(str, connection.execute(f"select {', '.join(kept)} from {name}").fetchall()))
    connection.close()
    return tables


def marts(storage: Storage, apart_from: Iterable[str] = ()) -> dict[str, list[str]]:
    """What readers see, whatever the files were cut into: the marts and the ledger without batches."""
    tables = published(storage, {*FILE_FACTS, *apart_from})
    return {
        name: rows
        for name, rows in tables.items()
        if name.startswith(("marts.", "intermediate.", "staging.")) and name != "marts.mart_batches"
    }


def figures(storage: Storage, apart_from: Iterable[str] = ()) -> dict[str, list[str]]:
    """The marts without the issues, whose ids, names and frozen statistics follow the order in which files came."""
    of_issues = {"marts.mart_issues", "marts.mart_issue_orders", "marts.mart_recurrences"}
    return {name: rows for name, rows in marts(storage, apart_from).items() if name not in of_issues}


def grouped(storage: Storage) -> set[frozenset[str]]:
    """The orders of each issue, whatever it is called."""
    connection = duckdb.connect(str(current_snapshot(storage).path), read_only=True)
    found = connection.execute("select list(order_id) from marts.mart_issue_orders group by issue_id").fetchall()
    connection.close()
    return {frozenset(order_ids) for (order_ids,) in found}


def count(storage: Storage, query: str) -> int:
    """One number from the current snapshot."""
    connection = duckdb.connect(str(current_snapshot(storage).path), read_only=True)
    found = connection.execute(query).fetchall()[0][0]
    connection.close()
    return int(found)


def state(storage: Storage) -> tuple[str, frozenset[str]]:
    """What readers see of the folders: the pointer and the listed files."""
    pointer = storage.published / "current"
    return pointer.read_text() if pointer.exists() else "", frozenset(
        p.name for p in storage.published.glob("*.duckdb")
    )


def texts_on_disk(storage: Storage) -> set[str]:
    """The text files that lie on disk, as the warehouse names them."""
    return {str(path.relative_to(storage.texts)) for path in storage.texts.rglob("*.parquet")}
