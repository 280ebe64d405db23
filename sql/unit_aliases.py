"""Adding a spelling to a unit of the site's units.csv, so that the file stays as the office saved it."""

import csv
import io
from datetime import date
from pathlib import Path

from hotline12345.sql.dated_names import dated_names
from hotline12345.sql.files import sync
from hotline12345.sql.reference_tables import UNIT_COLUMNS, ReferenceTableError, read_reference
from hotline12345.sql.storage import Storage

REQUIRED = ("unit_id", "unit_name", "unit_group")
NOTE = "note"
_SEPARATORS = "|;；、,\n\r"


def add_alias(storage: Storage, name: str, unit_id: str, today: date) -> bool:
    """Append `name` to the aliases of a unit with a dated note; False when the unit answers to it already.

    Encoding, line ends, other rows and other columns stay. The file is replaced as a whole, after the new list has been
    checked. ReferenceTableError when there is no such unit or the name belongs to another unit at the same time.
    """
    path = storage.config / "units.csv"
    name = name.strip()
    if not name or any(separator in name for separator in _SEPARATORS):
        raise ReferenceTableError("名称不能为空，也不能含有 | ; 、 或逗号：它们用来分隔别名。请每次只加一个名称。")
    if not path.exists():
        raise ReferenceTableError(f"配置目录 {storage.config} 中没有 units.csv。请先运行 hotline init，再登记单位。")
    text, encoding = _decoded(path.read_bytes())
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if missing := [column for column in REQUIRED if column not in header]:
        raise ReferenceTableError(f"配置文件 units.csv 缺少列：{'、'.join(missing)}。表头和各列须以英文逗号分隔。")
    for column in ("aliases", NOTE):
        if column not in header:
            header.append(column)
            rows[0].append(column)
    found = [row for row in rows[1:] if len(row) > header.index("unit_id") and _cell(row, header, "unit_id") == unit_id]
    if not found:
        raise ReferenceTableError(f"units.csv 中没有单位编号“{unit_id}”。已有的单位见 hotline units list。")
    (row, *_) = found
    aliases = [part for part in _cell(row, header, "aliases").split("|") if part]
    if name in (_cell(row, header, "unit_name"), *aliases):
        return False
    for each in rows[1:]:
        each.extend([""] * (len(header) - len(each)))
    row[header.index("aliases")] = "|".join([*aliases, name])
    notes = [part for part in (_cell(row, header, NOTE), f"{today:%Y-%m-%d} 加别名 {name}") if part]
    row[header.index(NOTE)] = "；".join(notes)
    _replace(path, rows, encoding, "\r\n" if "\r\n" in text else "\n")
    return True


def _decoded(content: bytes) -> tuple[str, str]:
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace"), "gb18030"


def _cell(row: list[str], header: list[str], name: str) -> str:
    index = header.index(name)
    return row[index].strip() if index < len(row) else ""


def _replace(path: Path, rows: list[list[str]], encoding: str, line_end: str) -> None:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator=line_end).writerows(rows)
    aside = path.with_name("units.partial.csv")
    try:
        aside.write_bytes(sheet.getvalue().encode(encoding))
        dated_names(read_reference(aside, UNIT_COLUMNS, REQUIRED), "unit_id", "unit_name", path.name)
        aside.chmod(path.stat().st_mode & 0o777)
        sync(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
