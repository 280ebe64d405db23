"""When a file says it was exported: a title row such as “导出时间：2026-03-05 18:00”."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import polars as pl

from hotline12345.flows.ingest.text import clean_text
from hotline12345.flows.ingest.times import parse_times

_STATED = re.compile(r"(?:导出|下载|生成)(?:时间|日期)\s*[:：]?\s*(.{6,40})$")
_TIME = re.compile(r"[0-9]{4}.*")


def stated_export_time(above: Sequence[Sequence[str | None]]) -> datetime | None:
    """The time of the first row above the header that names it, in Asia/Shanghai; a date alone is its midnight."""
    cells = [cell for row in above for cell in row if cell]
    texts = clean_text(pl.Series([*cells, *_pairs(above)], dtype=pl.String)).drop_nulls()
    for text in texts:
        if (said := _STATED.search(text)) and (time := _TIME.search(said[1])):
            parsed: datetime | None = parse_times(pl.Series([time[0].strip(" ）)")], dtype=pl.String))[0]
            if parsed is not None:
                return parsed
    return None


def _pairs(above: Sequence[Sequence[str | None]]) -> list[str]:
    """Neighbouring cells as one text: the words may stand in one cell and the time in the next."""
    return [f"{one}：{two}" for row in above for one, two in pairwise(row) if one and two]
