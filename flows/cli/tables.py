"""Reading any table for the commands that need no warehouse: chosen columns as text, cleaned and masked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from hotline12345.flows.cli.chinese import UserError
from hotline12345.flows.ingest.detect import detect
from hotline12345.flows.ingest.headers import display_names
from hotline12345.flows.ingest.mapping import IGNORE, FileMapping, normalise_header
from hotline12345.flows.ingest.masking import mask_series
from hotline12345.flows.ingest.read import read_table
from hotline12345.flows.ingest.text import clean_text


def read_columns(path: Path, names: Sequence[str], masked: Sequence[str] = ()) -> pl.DataFrame:
    """The columns `names` of a table as text, one row each; those in `masked` hold no personal data afterwards.

    Rows without any of them are left out. UserError when a column is missing; IngestError when the file cannot be read.
    """
    keys = {name: normalise_header(name) for name in names}
    table = read_table(detect(path), FileMapping(columns=dict.fromkeys(keys.values(), IGNORE)))
    headers = [normalise_header(header or "") for header in table.headers]
    missing = [name for name in names if keys[name] not in headers]
    if missing:
        have = "、".join(display_names(table.headers))
        raise UserError(f"{table.where}：没有列“{missing[0]}”。文件中的列：{have}。")
    places = {name: str(headers.index(key)) for name, key in keys.items()}
    return pl.concat(_texts(table.below_headers(chunk), places, masked) for chunk in table.chunks())


def _texts(rows: pl.DataFrame, places: Mapping[str, str], masked: Sequence[str]) -> pl.DataFrame:
    chosen = {name: clean_text(rows[place]) for name, place in places.items()}
    texts = {name: mask_series(column) if name in masked else column for name, column in chosen.items()}
    return pl.DataFrame(texts).filter(pl.any_horizontal(pl.all().is_not_null()))
