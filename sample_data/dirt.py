"""Dirt as it arrives in exports, planted one cell at a time; what was there before is kept as truth."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hotline12345.sample_data.paths import ROOT
from hotline12345.sample_data.world import load_world

ID, CREATED, CLOSED, BODY = "工单编号", "创建时间", "办结时间", "主要内容"
TOWN, UNIT = "被反映街乡镇", "二级承办单位简称"
OLD_NAME_UNTIL = "2025-07-01"
NUMERIC_IDS_UNTIL = "2024-10-08"  # the oldest orders still carry numeric ids
DAMAGED_IDS = ("id_scientific", "id_decimal")
_EXCEL_EPOCH = datetime(1899, 12, 30)

Row = dict[str, str | None]
Cell = tuple[str, str | None]


@dataclass(frozen=True)
class Dirt:
    """One damaged cell; `written` is None where the cell was blanked."""

    row: int
    order_id: str
    kind: str
    column: str
    clean: str | None
    written: str | None


def _settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "dirt.toml").read_text("utf-8"))


def plant(frame: pl.DataFrame, file_number: int, rng: np.random.Generator) -> tuple[pl.DataFrame, list[Dirt]]:
    """Damage cells of some rows of a file; repeated rows are appended at random places, the rest keeps its order."""
    settings = _settings()
    makers = _makers(settings)
    candidates = list(rng.permutation(frame.height))
    dirt: list[Dirt] = []
    for kind, counts in settings["rows"].items():
        passed: list[int] = []
        left = counts[file_number]
        while left and candidates:
            number = int(candidates.pop())
            row = frame.row(number, named=True)
            cell = makers[kind](row)
            if cell is None:
                passed.append(number)
            else:
                dirt.append(Dirt(number, str(row[ID]), kind, cell[0], row[cell[0]], cell[1]))
                left -= 1
        candidates.extend(passed)
    return _repeat_rows(_write_cells(frame, dirt), dirt, rng), dirt


def _write_cells(frame: pl.DataFrame, dirt: list[Dirt]) -> pl.DataFrame:
    columns = {name: frame[name].to_list() for name in {d.column for d in dirt}}
    for d in dirt:
        columns[d.column][d.row] = d.written
    return frame.with_columns([pl.Series(name, values, dtype=pl.String) for name, values in sorted(columns.items())])


def _repeat_rows(frame: pl.DataFrame, dirt: list[Dirt], rng: np.random.Generator) -> pl.DataFrame:
    """Insert the repeated rows again some rows further down."""
    repeated = [d.row for d in dirt if d.kind == "row_repeated"]
    position = np.arange(frame.height, dtype=np.float64)
    later = np.array(repeated) + rng.integers(1, 40, len(repeated)) + 0.5
    rows = np.concatenate([position, np.array(repeated, dtype=np.float64)]).astype(np.int64)
    return frame[rows[np.argsort(np.concatenate([position, later]), kind="stable")]]


def _makers(settings: dict[str, Any]) -> dict[str, Callable[[Row], Cell | None]]:
    """For each kind a function from a clean row to (column, damaged value), None where the kind does not fit."""
    full_name = {u["unit_name"]: next(a for a in u["aliases"].split("|") if len(a) > 6) for u in load_world().units}
    variant, old_name = settings["variant"], settings["old_name"]
    return {
        "id_scientific": lambda row: (ID, f"{float(old):.5E}") if (old := _old_id(row)) else None,
        "id_decimal": lambda row: (ID, f"{_old_id(row)}.0") if _old_id(row) else None,
        "id_full_width": lambda row: (ID, _full_width(_text(row, ID))) if not _old_id(row) else None,
        "date_serial": lambda row: (CREATED, _serial(_moment(row))),
        "date_chinese": lambda row: (CREATED, _chinese(_moment(row))),
        "date_slash": lambda row: (CREATED, f"{(m := _moment(row)).year}/{m.month}/{m.day} {m.hour}:{m.minute:02}"),
        "date_compact": lambda row: (CREATED, f"{_moment(row):%Y%m%d%H%M%S}"),
        "date_only": lambda row: (CREATED, f"{_moment(row):%Y-%m-%d}"),
        "town_unknown": lambda row: (TOWN, "不详") if row[TOWN] == row[UNIT] else None,
        "town_blank": lambda row: (TOWN, None) if row[TOWN] == row[UNIT] else None,
        "town_prefixed": lambda row: (TOWN, f"示例区{row[TOWN]}"),
        "town_variant": lambda row: (TOWN, variant[row[TOWN]]) if row[TOWN] in variant else None,
        "unit_prefixed": lambda row: (UNIT, _prefixed(_text(row, UNIT))),
        "unit_full_name": lambda row: (UNIT, full_name[_text(row, UNIT)]),
        "unit_variant": lambda row: (UNIT, variant[row[UNIT]]) if row[UNIT] in variant else None,
        "unit_old_name": lambda row: (UNIT, old_name[row[UNIT]]) if _old_unit(row, old_name) else None,
        "html_entity": lambda row: (
            BODY,
            _text(row, BODY).replace("，", "&nbsp;，", 1) + "&lt;br&gt;详见附件&amp;照片",
        ),
        "zero_width": lambda row: (BODY, _text(row, BODY)[:6] + "\u200b" + _text(row, BODY)[6:] + "\ufeff"),
        "full_width": lambda row: (BODY, _full_width(_text(row, BODY)) + "（来电时间　１４：３０）"),
        "line_break": lambda row: (BODY, _text(row, BODY).replace("，", "，\n", 1).replace("。", "。\r\n", 1)),
        "padded": lambda row: ("是否有效回访", f" {row['是否有效回访']}　") if row["是否有效回访"] else None,
        "row_repeated": lambda row: (ID, row[ID]) if not _old_id(row) else None,
        "broken_date": lambda row: (CREATED, "2025-13-45 25:61" if _moment(row).second % 2 else "昨天下午"),
        "broken_no_id": lambda row: (ID, None) if not _old_id(row) else None,
        "broken_closed_before_created": lambda row: (CLOSED, f"{_moment(row) - timedelta(days=9):%Y-%m-%d %H:%M:%S}"),
    }


def _text(row: Row, column: str) -> str:
    return row[column] or ""


def _moment(row: Row) -> datetime:
    return datetime.fromisoformat(_text(row, CREATED))


def _old_id(row: Row) -> str | None:
    order_id = _text(row, ID)
    return order_id if order_id.isdigit() else None


def _old_unit(row: Row, old_name: dict[str, str]) -> bool:
    return row[UNIT] in old_name and _text(row, CREATED) < OLD_NAME_UNTIL


def _serial(moment: datetime) -> str:
    return f"{(moment - _EXCEL_EPOCH).total_seconds() / 86_400:.6f}"


def _chinese(moment: datetime) -> str:
    part, hour = ("上午", moment.hour) if moment.hour < 13 else ("下午", moment.hour - 12)
    return f"{moment.year}年{moment.month}月{moment.day}日 {part}{hour}点"


def _prefixed(unit: str) -> str:
    return f"示例{unit}" if unit.startswith("区") else f"示例区{unit.removeprefix('示例')}"


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
