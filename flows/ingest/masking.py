"""Remove personal data from texts by shape before anything is stored: numbers, rooms, names (see docs/privacy.md).

Whole columns go through the Rust regular expression engine; slices of a column go through it side by side, because
polars gives up the interpreter's lock. Masking twice changes nothing, and neither does the slicing.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from hotline12345.flows.ingest.masking_callers import caller_keys, caller_keys_in
from hotline12345.flows.ingest.masking_names import HEAD, KIN, PERSON, POSITION, called, mask_names
from hotline12345.flows.ingest.masking_numbers import NUMBERS
from hotline12345.flows.ingest.masking_rules import BETWEEN, apply, without_marks
from hotline12345.flows.ingest.text import WIDE

__all__ = ["caller_keys", "caller_keys_in", "mask_columns", "mask_own_name", "mask_series", "mask_text", "own_names"]

SLICE = 10_000  # texts that are worth a thread of their own: the patterns are built anew for each

_NOT_NAMES = [
    *("匿名", "市民", "居民", "业主", "群众", "村民", "先生", "女士", "小姐", "未知", "保密", "本人", "家属"),
    *("商户", "租户", "住户", "网民", "网友", "工作人员", "热心市民"),
]


def mask_series(texts: pl.Series) -> pl.Series:
    """Mask a string column of cleaned texts (`clean_text`: no full-width digits); nulls and order stay."""
    return _in_slices(without_marks(texts))


def _in_slices(texts: pl.Series) -> pl.Series:
    threads = min(os.cpu_count() or 1, texts.len() // SLICE)
    if threads < 2:
        return _mask(texts)
    length = -(-texts.len() // threads)
    slices = [texts.slice(start, length) for start in range(0, texts.len(), length)]
    with ThreadPoolExecutor(threads) as pool:
        return pl.concat(list(pool.map(_mask, slices)))


def mask_columns(columns: pl.DataFrame) -> pl.DataFrame:
    """Mask the text columns of the same rows together: a name that one of them shows is masked in the others too."""
    clean = pl.DataFrame([without_marks(column.fill_null("")) for column in columns])
    parts = (
        _in_slices(clean.select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series())
        .str.split_exact(BETWEEN, columns.width - 1)
        .struct.unnest()
    )
    parts.columns = columns.columns
    return parts.select(pl.when(columns[name].is_not_null()).then(pl.col(name)).alias(name) for name in columns.columns)


def _mask(texts: pl.Series) -> pl.Series:
    for group in NUMBERS:
        texts = apply(texts, group)
    return mask_names(texts)


def mask_text(text: str) -> str:
    """Mask one string (a file name, a value in a message); full-width letters and digits become plain ones."""
    masked = mask_series(
        pl.Series([text.translate({ord(wide): plain for wide, plain in WIDE.items()})], dtype=pl.String)
    )[0]
    return str(masked)


def own_names(callers: pl.Series) -> pl.Series:
    """The callers' names without titles, null where the file gives no name (张先生, 匿名, a number)."""
    plain = callers.str.replace(f"(?:{PERSON}|{KIN}|{POSITION}|{HEAD})$", "").alias("name")
    is_name = pl.col("name").str.contains(r"^\p{Han}[\p{Han}·]{1,5}$") & ~pl.col("name").is_in(_NOT_NAMES)
    return plain.to_frame().select(pl.when(is_name).then("name")).to_series()


def mask_own_name(texts: pl.Series, names: pl.Series) -> pl.Series:
    """Replace each row's own caller name, as given by `own_names`, in the text of the same row by 姓+某."""
    named = pl.DataFrame([texts.alias("text"), names.alias("name")])
    places = (
        named.select(pl.col("text").str.contains(pl.col("name"), literal=True).fill_null(False)).to_series().arg_true()
    )
    if places.is_empty():
        return texts
    pairs = zip(texts.gather(places), names.gather(places), strict=True)
    masked = [text.replace(name, called(name)) for text, name in pairs]
    return texts.clone().scatter(places, pl.Series(masked, dtype=pl.String))
