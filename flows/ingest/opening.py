"""A file opened and its headers looked up, before any row is typed: what `inspect` shows and loading starts from."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from hotline12345.flows.ingest.corrections import correction_columns
from hotline12345.flows.ingest.detect import Source, detect
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import ALIAS_CONFIDENCE, HeaderMatch, Resolved, account, display_names
from hotline12345.flows.ingest.mapping import FileMapping
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.profiles import Profile, aware_of, with_profile
from hotline12345.flows.ingest.read import RawTable, read_table
from hotline12345.flows.ingest.suggest import SAMPLE_ROWS
from hotline12345.flows.ingest.text import clean_text

T = TypeVar("T")

_HERE = Path(__file__).parent
_CORRECTION = "这是改正隔离行的文件：改过的格替换原值，其余保持不变；令牌在导入时核对。"


@dataclass(frozen=True)
class OpenedTable:
    """A file whose headers are looked up.

    Attributes:
        source: the file.
        table: its rows.
        mapping: what the user and a confirmed profile say.
        sample: the first rows below the header, as read.
        resolved: every header's column, and the open questions.
        notes: Chinese remarks on how the file was read.
        corrects: whether it is a file of corrected rows, whose headers are the project's own labels.
    """

    source: Source
    table: RawTable
    mapping: FileMapping
    sample: pl.DataFrame
    resolved: Resolved
    notes: tuple[str, ...]
    corrects: bool


def open_table(path: Path, mapping: FileMapping, profiles: Sequence[Profile] = ()) -> OpenedTable:
    """Open a file and look up its headers; open questions are kept, not raised.

    Raises:
        IngestError: E01-E06 when the file cannot be read as a table.
    """
    source = detect(path, mapping.encoding)
    table = read_table(source, aware_of(mapping, profiles))
    sample = table.sample(SAMPLE_ROWS)
    if columns := correction_columns(table.headers):
        resolved = _as_labelled(table, columns)
        return OpenedTable(source, table, mapping, sample, resolved, (*table.notes, _CORRECTION), corrects=True)
    said, remarks = with_profile(table.headers, mapping, profiles)

    def adds_nothing(index: int, other: int) -> bool:
        rows = (table.below_headers(chunk) for chunk in table.chunks())
        return all(_says_the_same(chunk[str(index)], chunk[str(other)]) for chunk in rows)

    resolved = account(table.headers, said, adds_nothing, sample)
    notes = (*table.notes, *remarks, *resolved.notes)
    return OpenedTable(source, table, said, sample, resolved, notes, corrects=False)


def _as_labelled(table: RawTable, columns: Mapping[str, int]) -> Resolved:
    """The account of a corrected file: each header is the label of its column."""
    column_of = {index: column for column, index in columns.items()}
    return Resolved(
        tuple(
            HeaderMatch(index, name, column_of[index], "alias", ALIAS_CONFIDENCE)
            if index in column_of
            else HeaderMatch(index, name, None, "none", 0.0)
            for index, name in enumerate(display_names(table.headers))
        )
    )


def _says_the_same(one: pl.Series, other: pl.Series) -> bool:
    """Whether every filled cell of the second column is equal in the first."""
    first, second = clean_text(one), clean_text(other)
    return not (second.is_not_null() & first.ne_missing(second)).any()


def guarded(path: Path, work: Callable[[], T]) -> T:
    """Turn a fault of the program into E99, without the values that its message may carry."""
    try:
        return work()
    except IngestError:
        raise
    except Exception as error:
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == _HERE]
        place = f"{type(error).__name__}，{Path(ours[-1].filename).name} 第 {ours[-1].lineno} 行"
        raise IngestError(
            "E99",
            f"文件“{mask_text(path.name)}”导入时程序出错（{place}）。文件未导入，已有数据不受影响；请把本提示告诉维护人员。",
        ) from None
