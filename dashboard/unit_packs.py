"""按单位打包: one lost-point workbook a unit in one archive, to hand each unit its own. Pure: frames in, bytes out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from hotline12345.dashboard import figures, labels
from hotline12345.dashboard.exports import Table, archive, workbook
from hotline12345.dashboard.figures import FIGURES, HEADINGS, LOST
from hotline12345.sql.rules import Rule

_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # what Windows refuses in a file's name


@dataclass(frozen=True)
class PackContent:
    """What all files of a pack share: the rule, the period, and the lines that every figure stands on."""

    rule: Rule
    period_id: str
    ground: Sequence[str]


def lost_orders(ledger: pl.DataFrame) -> pl.DataFrame:
    """The orders of a unit's ledger (`Reader.ledger`) that took points, as lists and files show them; grain order_id."""
    return figures.listed(ledger.filter(pl.col("lost_score") > 0))


def lost_table(unit_name: str, listed: pl.DataFrame, content: PackContent) -> Table:
    """One unit's lost-point orders with their definition."""
    figure = FIGURES[LOST]
    title = f"{unit_name}　{labels.period_name(content.period_id)}　{figure.title}：{listed.height:,} 件"
    lines = [title, *figures.definition(figure, content.rule), *content.ground]
    return Table(listed, lines, HEADINGS)


def file_stem(what: str, unit_name: str, period_id: str) -> str:
    """The name of one unit's file without its ending, as every system takes it."""
    return f"{what}_{_NO_FILE_NAME.sub('_', unit_name)}_{period_id}"


def unit_pack(ledgers: Iterable[tuple[str, pl.DataFrame]], content: PackContent) -> bytes:
    """A .zip with one workbook a unit, in the order given; the same rows give the same bytes.

    Args:
        ledgers: name of a unit and its ledger. A unit that lost no points has no file and stands in the list that comes first.
        content: the rule, the period and what the figures stand on.
    """
    lost = [(name, lost_orders(ledger)) for name, ledger in ledgers]
    files = {"清单.txt": _contents(lost, content)}
    for name, listed in lost:
        if listed.height:
            stem = file_stem(FIGURES[LOST].title, name, content.period_id)
            taken = sum(other.startswith(stem) for other in files)
            files[f"{stem}_{taken + 1}.xlsx" if taken else f"{stem}.xlsx"] = workbook(lost_table(name, listed, content))
    return archive(files)


def _contents(lost: Sequence[tuple[str, pl.DataFrame]], content: PackContent) -> bytes:
    """What the archive holds, one line a unit; with the mark and line ends that Windows expects."""
    units = [f"{name}　{f'{listed.height:,} 件' if listed.height else '没有失分工单，无文件'}" for name, listed in lost]
    lines = [f"{labels.period_name(content.period_id)}　失分工单，每个单位一个文件", *units, "", *content.ground]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
