"""Where the header stands, also when it takes two rows: groups in the first, the names of their columns in the second."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.ingest.headers import HEADER_SEARCH_ROWS, MIN_KNOWN_HEADERS, describe_headers, find_header
from hotline12345.flows.ingest.mapping import FileMapping, normalise_header

Row = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """The header of a table.

    Attributes:
        index: 0-based index of its row, of the second where it takes two.
        cells: one name per column; those of a header of two rows are joined.
        known: how many of the names are known.
    """

    index: int
    cells: tuple[str | None, ...]
    known: int


def locate_header(rows: Sequence[Row], mapping: FileMapping) -> Header | None:
    """The header among the first rows of a table; None when no row is one."""
    index, known = find_header(rows, mapping)
    if index >= len(rows) or (known < MIN_KNOWN_HEADERS and mapping.header_row is None):
        return None
    best = Header(index, tuple(rows[index]), known)
    for upper in (index, index - 1):
        if upper < 0 or upper + 1 >= len(rows):
            continue
        cells = _joined(rows[upper], rows[upper + 1], mapping)
        joined = _count_known(cells, mapping)
        if joined > best.known:
            best = Header(upper + 1, cells, joined)
    return best


def _count_known(cells: Row, mapping: FileMapping) -> int:
    return find_header([cells], replace(mapping, header_row=1))[1]


def _joined(upper: Row, lower: Row, mapping: FileMapping) -> tuple[str | None, ...]:
    """Two rows as one header; empty when the second is a row of data, that is with a cell below a known name
    that is no name itself (区排名 below 排名 is one).

    A merged cell stands in its first column only, so a group reaches over the empty cells to its right as long as there
    are names below. A name that is known together with its group, or not distinct without it, takes it in front.
    """

    def knows(name: str) -> bool:
        key = normalise_header(name)
        return key in mapping.columns or key in mapping.known or aliases().knows(key)

    repeated = {name for name, times in Counter(cell for cell in lower if cell).items() if times > 1}
    cells: list[str | None] = []
    group = ""
    for above, below in zip_longest(upper, lower):
        group = above or (group if below else "")
        if not below or below == above:
            cells.append(above)
        elif above and knows(above) and not knows(below):
            return ()
        else:
            cells.append(group + below if below in repeated or knows(group + below) else below)
    return tuple(cells)


def no_header(rows: Sequence[Row]) -> str:
    """What to tell when no row is a header: where one was looked for, what came nearest, and what to do."""
    return (
        f"前 {HEADER_SEARCH_ROWS} 行中没有找到工单表的表头。"
        "表头须有“工单编号”“创建时间”等列名（常见的其他叫法也能识别）。\n"
        f"{describe_headers(rows)}"
        "请写明表头在第几行（命令行用 --header-row；列名不同时用 --column，或写映射文件并加上 --mapping 再次导入，例如：\n"
        '[columns]\n"文件中的列名" = "order_id"\n"文件中的另一列名" = "created_at"\n[file]\nheader_row = 3）。'
    )
