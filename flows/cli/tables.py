"""Reading any table for the commands that need no warehouse: chosen columns as text, cleaned and masked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from hotline12345.flows.cli.chinese import UserError
from hotline12345.flows.ingest.detect import detect
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import display_names
from hotline12345.flows.ingest.mapping import IGNORE, FileMapping, normalise_header
from hotline12345.flows.ingest.masking import mask_series
from hotline12345.flows.ingest.read import ROW, RawTable, read_table
from hotline12345.flows.ingest.text import clean_text


def read_columns(path: Path, names: Sequence[str], masked: Sequence[str] = ()) -> pl.DataFrame:
    """The columns `names` of a table as text, one row each; those in `masked` hold no personal data afterwards.

    Rows without any of them are left out. UserError when a column is missing; IngestError when the file cannot be read.
    """
    texts = pl.concat(stream_columns(path, names)).drop(ROW)
    return texts.with_columns(mask_series(texts[name]) for name in masked)


def stream_columns(path: Path, names: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The same columns chunk by chunk, so that memory does not grow with the file, with each row's `row_number`.

    Nothing is masked. At least one frame. The errors of `read_columns`, those of a missing column before the first frame.
    """
    keys = {name: normalise_header(name) for name in names}
    table = _table(path, FileMapping(columns=dict.fromkeys(keys.values(), IGNORE)))
    headers = [normalise_header(header or "") for header in table.headers]
    for name in names:
        if headers.count(keys[name]) > 1:
            raise UserError(f"{table.where}：有 {headers.count(keys[name])} 列都叫“{name}”。请在文件中改成不同的列名。")
        if keys[name] not in headers:
            have = "、".join(display_names(table.headers))
            raise UserError(f"{table.where}：没有列“{name}”。文件中的列：{have}。几个列名之间用英文逗号分隔。")
    places = {name: str(headers.index(key)) for name, key in keys.items()}
    return (_texts(table.below_headers(chunk), places) for chunk in table.chunks())


def _table(path: Path, mapping: FileMapping) -> RawTable:
    """The table of a file; its first row is the header where none holds two names that are asked for or known."""
    source = detect(path)
    try:
        return read_table(source, mapping)
    except IngestError as error:
        if error.code != "E06":
            raise
    return read_table(source, replace(mapping, header_row=1))


def _texts(rows: pl.DataFrame, places: Mapping[str, str]) -> pl.DataFrame:
    chosen = pl.DataFrame({ROW: rows[ROW], **{name: clean_text(rows[place]) for name, place in places.items()}})
    return chosen.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
