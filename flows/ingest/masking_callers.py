"""Keyed hashes of callers: the same number gives the same key, and nobody computes the number back without the secret."""

import hmac

import polars as pl

from hotline12345.flows.ingest.masking_numbers import MOBILES
from hotline12345.flows.ingest.masking_rules import FROM, TO, apply, without_marks

KEY_BYTES = 16  # of the HMAC-SHA256; 32 hex digits
_HAN_DIGITS = {
    han: digit for digit, hans in zip("0123456789", ("零〇", "一幺", *"二三四五六七八九"), strict=True) for han in hans
}


def caller_keys(accounts: pl.Series, key: bytes) -> pl.Series:
    """Keyed HMAC of each phone number or account, 32 hex digits; null where there is none that tells people apart.

    Args:
        accounts: cleaned phone numbers or accounts.
        key: the site's secret; the same number gives the same key only under the same secret.
    """
    plain = (
        accounts.str.to_lowercase()
        .str.replace_all(r"[\s()（）-]", "")
        .str.replace(r"\.0+$", "")
        .str.replace(r"^(?:\+|00)?86(1[0-9]{10})$", "${1}")
        .str.replace(r"^0(1[0-9]{10})$", "${1}")
    )
    useless = plain.str.contains(r"^(?:0*|匿名|保密|未知|[0-9]\.[0-9]+e\+?[0-9]+)$")
    plain = plain.to_frame("account").select(pl.when(~useless).then(pl.col("account"))).to_series()
    distinct = plain.drop_nulls().unique(maintain_order=True)
    digests = [hmac.digest(key, account.encode(), "sha256")[:KEY_BYTES].hex() for account in distinct]
    return plain.replace(distinct, pl.Series(digests, dtype=pl.String))


def caller_keys_in(texts: pl.Series, key: bytes) -> pl.Series:
    """Key of the one mobile number each cleaned, not yet masked text holds: what `caller_keys` gives for that number.

    Null where a text holds no mobile number or several different ones, because then nobody knows whose it is.
    """
    marked = apply(without_marks(texts.fill_null("")), MOBILES).str.extract_all(f"{FROM}[^{TO}]*{TO}").alias("numbers")
    digits = pl.element().str.replace_many(_HAN_DIGITS).str.replace_all("[^0-9]", "")
    numbers = marked.to_frame().select(pl.col("numbers").list.eval(digits).list.unique())
    one = pl.when(pl.col("numbers").list.len() == 1).then(pl.col("numbers").list.first())
    return caller_keys(numbers.select(one).to_series(), key).alias(texts.name)
