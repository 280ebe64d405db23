"""Exports of work orders and ways to damage them; everything follows from a seed."""

import csv
import io
import random
import zipfile
from collections.abc import Sequence

import polars as pl
import xlsxwriter
import xlwt
from order_files import HEADERS, ORDER

Table = list[list[str]]

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")
SEPARATORS = ",;\t|"
NASTY = (
    *("", " ", "\u3000", "\n", "\r\n", "a\nb", '"', '""', 'x"y', "'", ",", ";", "\t", "|", "\\", "\ufeff", "\u200b", "\u202e"),
    *("=1+1", "@SUM(A1)", "合计", "合计：", "备注：以上", "工单编号", "创建时间", "序号", "-", "#N/A", "nan", "true", "不详"),
    *("\ufdd0", "\ufdd1", "\ud7ff", "\ufffd", "𠮷野家", "𝟏𝟐𝟑", "１２８１２３４５６７８", "e\u0301", "&#0;", "&#x110000;", "&amp;lt;", "<br/>"),
    *("9" * 400, "1e400", "-1e999", "NaN", "inf", "2.02401E+13", "20260501123456789", "0", "-0", "1.5", "123.0"),
    *("2026-13-45", "0000-00-00", "99999-01-01", "2026-02-30 25:61", "20260501", "46143.43", "-1", "1e9", "2026年5月1日 下午3点"),
    *("字" * 3_000, "12812345678" * 50, "a" * 32_000, "(" * 500, "℀", "\x0b", "\x1f", "\x7f", "\x85", "\u2028"),
)  # fmt: skip


def small_table(dice: random.Random) -> Table:
    """A table of orders with titles above, totals below, and here and there a nasty cell."""
    header = list(HEADERS)
    rows = [[f"{20260500000 + i}", *ORDER[1:]] for i in range(dice.randint(0, 8))]
    for row in rows:
        for _ in range(dice.choice((0, 0, 1, 3))):
            row[dice.randrange(len(row))] = dice.choice(NASTY)
    match dice.randrange(8):
        case 0:
            header.append(dice.choice(NASTY))
        case 1:
            header[dice.randrange(len(header))] = dice.choice((*HEADERS, *NASTY))
        case 2:
            rows += [list(row) for row in rows[:3]]
        case 3:
            rows.insert(0, [""] * len(header))
        case 4:
            rows = [
                row[: dice.randint(1, len(row))] if not any("\n" in c or '"' in c for c in row) else row for row in rows
            ]
    above = [[dice.choice(("工单明细", "", "导出时间：2026-06-01"))] for _ in range(dice.choice((0, 0, 1, 3)))]
    return [*above, header, *rows, ["合计", str(len(rows))]]


def written(table: Sequence[Sequence[str]], form: str, dice: random.Random) -> bytes:
    """A table as a file of one of the forms csv, xlsx, xls, parquet."""
    file = io.BytesIO()
    if form == "csv":
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=dice.choice(SEPARATORS), lineterminator=dice.choice(("\r\n", "\n"))).writerows(table)
        return text.getvalue().encode(dice.choice(ENCODINGS))
    if form == "xlsx":
        with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
            for name in ("工单", "说明")[: dice.choice((1, 1, 2))]:
                sheet = book.add_worksheet(name)
                for i, row in enumerate(table if name == "工单" else [["填报说明"]]):
                    for j, cell in enumerate(row):
                        sheet.write_number(i, j, float(cell)) if _is_number(cell, dice) else sheet.write_string(
                            i, j, cell
                        )
    elif form == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("工单")
        for i, row in enumerate(table):
            for j, cell in enumerate(row):
                sheet.write(i, j, float(cell) if _is_number(cell, dice) else cell)
        book.save(file)
    else:
        header = next(row for row in table if len(row) > 2)
        names = [f"{name}{i}" if name in header[:i] else name for i, name in enumerate(header)]
        rows = [(row + [""] * len(names))[: len(names)] for row in table[table.index(header) + 1 :]]
        pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").write_parquet(file)
    return file.getvalue()


def _is_number(cell: str, dice: random.Random) -> bool:
    return cell.isascii() and cell.isdigit() and len(cell) < 18 and dice.random() < 0.5


def mangled(data: bytes, dice: random.Random) -> bytes:
    """Bytes flipped, cut out, put in, repeated, blanked, cut off."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        to = min(len(data), at + int(2 ** dice.uniform(0, 10)))
        match dice.randrange(7):
            case 0:
                data = data[:at] + bytes(b ^ (1 << dice.randrange(8)) for b in data[at : at + 1]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[to:]
            case 2:
                data = data[:at] + dice.randbytes(dice.randint(1, 8)) + data[at:]
            case 3:
                data = data[:to] + data[at:to] + data[to:]
            case 4:
                data = data[:at] + bytes(to - at) + data[to:]
            case 5:
                data = (
                    data[:at]
                    + dice.choice((b'"', b"\n", b"\r", b",", b"\xff", b"\x81", b"\x81\x30", b"\x00"))
                    + data[at:]
                )
            case 6 if dice.random() < 0.3:
                data = data[:at]
    return data


def mangled_members(data: bytes, dice: random.Random) -> bytes:
    """A zip file one of whose members is mangled, repeated, emptied or gone; its checksums are right."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = dice.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == chosen:
                change = dice.randrange(10)
                if change == 0:
                    continue
                content = b"" if change == 1 else _swapped(content, dice) if change < 5 else mangled(content, dice)
            new.writestr(name, content)
    return file.getvalue()


def _swapped(content: bytes, dice: random.Random) -> bytes:
    """Some words of XML replaced, so that it stays readable."""
    words = (
        b'"A1"',
        b'"1"',
        b'"2"',
        b'"0"',
        b'"s"',
        b't="s"',
        b"<v>",
        b"<c ",
        b'"str"',
        b"UTF-8",
        b"</row>",
        b"sheet1",
    )
    instead = (
        b'"XFD1048576"',
        b'"ZZ999999"',
        b'"-1"',
        b'"99999999999"',
        b'"n"',
        b't="d"',
        b"<v>9e999",
        b'"e"',
        b'"b"',
        b"",
    )
    return content.replace(dice.choice(words), dice.choice(instead), dice.choice((1, -1)))
