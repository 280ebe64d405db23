"""Loading an officially published table: read it, say what became of its rows, store it beside our own figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import polars as pl

from hotline12345.flows.clock import now
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.official import NOTE, REFUSED, SUMMARY, UNIT, OfficialTable, open_official
from hotline12345.flows.refreshing import Report, check_and_publish, is_current, refresh
from hotline12345.sql import build
from hotline12345.sql.dictionary import label
from hotline12345.sql.graph import build_order
from hotline12345.sql.official import FIGURES, RATES, OfficialSource, OfficialTableError, land_official, loaded_official
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

NEAR_NAMES, LIKENESS = 3, 0.6
SHOWN_REASONS = 5
_KINDS = {UNIT: "单位", SUMMARY: "汇总", NOTE: "说明", REFUSED: "未存入"}
LANDED = frozenset({"landed.official_scores", "landed.official_withdrawals"})
T = TypeVar("T")


@dataclass(frozen=True)
class OfficialChoice:
    """What a user says about an official table; `rule_id` None puts it beside every rule, midnight as the time of
    issue means that day."""

    period_id: str
    rule_id: str | None = None
    source: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True)
class LoadedOfficial:
    """An official table in the warehouse.

    Attributes:
        official_id: its number.
        already_loaded: the same file stood for this period before; nothing was changed.
        counts: row kind (unit, summary, note, refused) → rows; with blank rows they are all rows below the header.
        remarks: what a person has to know, in Chinese.
    """

    official_id: int
    already_loaded: bool
    counts: dict[str, int]
    remarks: tuple[str, ...]


def change_official(connection: Connection, storage: Storage, change: Callable[[], T], report: Report) -> T:
    """Do something to the official tables, then publish; what is made of orders is built anew only where it was not current.

    A run that is killed before it has published is completed by the next one that does.
    """
    was_current = is_current(connection, storage)
    done = change()
    if not was_current:
        refresh(connection, storage, report)
    elif not build.parameter(connection, build.PUBLISHED):
        report("检查并发布")
        build.run_files(connection, [file for file in build_order() if file.reads & LANDED])
        check_and_publish(connection, storage)
    return done


def load_official(connection: Connection, path: Path, choice: OfficialChoice) -> LoadedOfficial:
    """Store a published table once; the same content for the same period and rule changes nothing.

    Raises:
        OfficialTableError: no such period or rule, a time of issue ahead of the clock, or no unit with a figure.
        IngestError: the file is no published table.
    """
    _check(connection, choice)
    names = _known_names(connection)
    table = open_official(path, names)
    _require_units(table)
    source = OfficialSource(
        period_id=choice.period_id,
        rule_id=choice.rule_id,
        source=mask_text(choice.source.strip()) or None,
        issued_at=_end_of_day(choice.issued_at),
        loaded_at=now(),
        file_name=table.file_name,
        content_hash=table.content_hash,
    )
    already = loaded_official(connection, source) is not None
    official_id = land_official(connection, table.rows, source)
    counts = {kind: table.of_kind(kind).height for kind in (UNIT, SUMMARY, NOTE, REFUSED)}
    return LoadedOfficial(official_id, already, counts, tuple(_remarks(table, names)))


def _end_of_day(issued_at: datetime | None) -> datetime | None:
    """A time of issue; of a mere date the end of that day."""
    is_date = issued_at is not None and issued_at.time() == time()
    return issued_at + timedelta(days=1, microseconds=-1) if issued_at and is_date else issued_at


def _require_units(table: OfficialTable) -> None:
    """Refuse a table without one unit that has a figure, and say what its rows are."""
    if table.of_kind(UNIT).select(pl.any_horizontal(pl.col(*FIGURES).is_not_null()).any()).item():
        return
    counts = "，".join(f"{word} {table.of_kind(kind).height} 行" for kind, word in _KINDS.items())
    why = [*_refusals(table)[:SHOWN_REASONS], *_formulas(table)]
    raise OfficialTableError(
        f"文件“{table.file_name}”中没有一个单位有可用的数字，没有存入。表头以下：{counts}。{''.join(why)}"
        "通报表一行一个单位，须有“承办单位”（或 单位、街镇）列和至少一列数字（受理量、有效回访、响应率、解决率、满意率、"
        "综合成绩、排名 等）。请改正后再导入。"
    )


def _check(connection: Connection, choice: OfficialChoice) -> None:
    rules = [name for (name,) in connection.execute("select rule_id from landed.rules order by rule_id").fetchall()]
    if choice.rule_id and choice.rule_id not in rules:
        raise OfficialTableError(f"没有规则“{choice.rule_id}”。现有规则：{'、'.join(rules)}。")
    query = (
        "select distinct period_id from landed.rule_periods where $rule is null or rule_id = $rule order by period_id"
    )
    periods = [name for (name,) in connection.execute(query, {"rule": choice.rule_id}).fetchall()]
    if choice.period_id not in periods:
        have = f"已有工单的周期：{periods[0]} 至 {periods[-1]}。" if periods else "还没有导入工单。"
        raise OfficialTableError(f"没有周期“{choice.period_id}”，通报无从对照。写法如 2026-08 或 2026；{have}")
    if choice.issued_at and choice.issued_at > now():
        raise OfficialTableError("印发时间不能晚于现在。请核对 --issued-at。")


def _known_names(connection: Connection) -> list[str]:
    query = """
        select unit_alias as name from landed.unit_names
        union
        select unit_name from landed.order_versions where unit_name is not null
        order by name
    """
    return [name for (name,) in connection.execute(query).fetchall()]


def _remarks(table: OfficialTable, names: Sequence[str]) -> list[str]:
    said = []
    for name in table.of_kind(UNIT)["unit_name"]:
        if name not in names:
            near = get_close_matches(name, names, NEAR_NAMES, LIKENESS)
            hint = f"相近的单位：{'、'.join(near)}；确认后运行 hotline units alias。" if near else "没有相近的单位。"
            said.append(f"单位“{name}”不在单位清单中，单独列出，没有并入任何单位。{hint}")
    said += [*_refusals(table), *_formulas(table)]
    if table.unread:
        said.append(f"没有用到的列：{'、'.join(table.unread)}。")
    if shares := [label(name) for name in RATES if table.shares.get(name)]:
        said.append(f"{'、'.join(shares)}列中不带百分号的数都不大于 1，按小数读取（0.991 即 99.1%）。")
    return said


def _refusals(table: OfficialTable) -> list[str]:
    refused = table.of_kind(REFUSED).select("row_number", "unit_name", "row_reason")
    return [
        f"第 {row} 行{f'（{name}）' if name else ''}没有存入：{reason}。" for row, name, reason in refused.iter_rows()
    ]


def _formulas(table: OfficialTable) -> list[str]:
    """What to do about formulas without a result: the first cells by name, of the others how many."""
    if not table.empty_formulas:
        return []
    cells = "、".join(f"第 {row} 行“{header}”列" for row, header in table.empty_formulas[:SHOWN_REASONS])
    more = f"等 {len(table.empty_formulas)} 格" if len(table.empty_formulas) > SHOWN_REASONS else ""
    return [f"{cells}{more}是没有结果的公式，请在 Excel 中打开保存后再导入。"]
