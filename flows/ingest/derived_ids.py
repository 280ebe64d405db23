"""Ids for orders of files without 工单编号: made from creation time, unit and text, so that a reload finds them again."""

import hmac

import polars as pl

from hotline12345.flows.ingest.times import TIME

PREFIX = "无号-"
_ID_BYTES = 8  # 64 bits: among ten million orders a collision has a chance of 3 in a million
_IDENTIFYING = ("unit_name", "place_town", "title", "body")
_INSIGNIFICANT = r"[\s\p{P}]+"


def derive_ids(texts: pl.DataFrame, created_at: pl.Series, key: bytes) -> pl.Series:
    """One id for each row; null where the creation time is unknown.

    A keyed hash, because a plain one of the unmasked text would let masked digits be guessed. An order whose text, unit or
    time is changed in a later export gets another id: its revisions cannot be followed.

    Args:
        texts: cleaned columns of the file, unmasked.
        created_at: typed creation times of the same rows.
        key: the site's secret.
    """
    parts = [pl.col(name).str.replace_all(_INSIGNIFICANT, "") for name in _IDENTIFYING if name in texts.columns]
    content = texts.with_columns(created_at.cast(TIME).dt.strftime("%Y%m%d%H%M%S").alias("moment")).select(
        pl.concat_str(pl.col("moment"), pl.concat_str(parts, separator="\x1f", ignore_nulls=True), separator="\x1f")
    )
    ids = [None if text is None else _digest(text, key) for text in content.to_series()]
    return pl.Series("order_id", ids, dtype=pl.String)


def _digest(text: str, key: bytes) -> str:
    return PREFIX + hmac.digest(key, text.encode(), "sha256")[:_ID_BYTES].hex()
