"""Times in every form that exports use → naive timestamps in Asia/Shanghai."""

import polars as pl

TIME = pl.Datetime("us")
FORMS = "2026-03-05、2026/3/5 14:20、2026年3月5日 下午2点20分、20260305142000、Excel 日期"

# Tried first, because they are fast; the patterns below understand them too.
_COMMON = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_SERIAL = r"^[2-7][0-9]{4}(?:\.[0-9]+)?$"  # 1954-10-03 … 2119-01-09
_COMPACT = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})?)?(?:\.0+)?$"
_WRITTEN = (
    r"(?i)^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?"
    r"(?:\s*(?:周|星期|礼拜)[一二三四五六日天])?[\sT]*(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|AM|PM)?\s*"
    r"(?:([0-9]{1,2})\s*[:：时点]\s*(?:([0-9]{1,2}|半)\s*(?:[:：分]\s*(?:([0-9]{1,2})(\.[0-9]+)?\s*秒?)?)?)?整?)?"
    r"\s*(AM|PM)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_AFTERNOON = ["下午", "傍晚", "晚上", "夜间", "PM"]
_LOCAL_OFFSET_MINUTES = 8 * 60


def parse_times(texts: pl.Series) -> pl.Series:
    """Timestamps of a cleaned string column; null where the form is unknown or the time does not exist.

    A date without a time is midnight. A time with an offset (ISO) is converted to Asia/Shanghai.
    """
    plain = pl.Series([None], dtype=TIME).new_from_index(0, len(texts))
    for form in _COMMON:
        places = (plain.is_null() & texts.is_not_null()).arg_true()
        if not places.is_empty():
            plain = plain.scatter(places, texts.gather(places).str.to_datetime(form, time_unit="us", strict=False))
    others = texts.filter(plain.is_null() & texts.is_not_null()).unique(maintain_order=True)
    if others.is_empty():
        return plain
    parsed = pl.coalesce(_written(), _compact(), _serial()).alias("time")
    table = pl.DataFrame({"text": others}).select("text", parsed)
    found = texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")["time"]
    return pl.select(pl.coalesce(plain, found)).to_series()


def _serial() -> pl.Expr:
    """Days since 1899-12-30 with fractions, rounded to the second."""
    days = pl.when(pl.col("text").str.contains(_SERIAL)).then(pl.col("text")).cast(pl.Float64, strict=False)
    return pl.datetime(1899, 12, 30) + pl.duration(seconds=(days * 86_400).round(0).cast(pl.Int64))


def _compact() -> pl.Expr:
    parts = pl.col("text").str.extract_groups(_COMPACT)
    year, month, day, hour, minute, second = (parts.struct[i] for i in range(6))
    return _assembled((year, month, day), hour.cast(pl.Int64), minute.fill_null("0"), second.fill_null("0"))


def _written() -> pl.Expr:
    parts = pl.col("text").str.extract_groups(_WRITTEN)
    year, month, day, word, hour, minute, second, fraction, suffix, offset = (parts.struct[i] for i in range(10))
    half = pl.coalesce(word, suffix).str.to_uppercase()
    number = hour.cast(pl.Int64)
    clock = (
        pl.when(half.is_in(_AFTERNOON) & (number < 12)).then(number + 12)
        .when(half.is_in(["晚上", "夜间"]) & (number == 12)).then(24)
        .when(half.is_in(["AM", "凌晨"]) & (number == 12)).then(0)
        .when((half == "中午") & (number < 4)).then(number + 12)
        .otherwise(number)
    )  # fmt: skip
    time = _assembled((year, month, day), clock, minute.replace("半", "30").fill_null("0"), second.fill_null("0"))
    rounded = pl.duration(seconds=fraction.cast(pl.Float64).round(0).fill_null(0).cast(pl.Int64))
    return time + rounded + pl.duration(minutes=_minutes_to_local(offset))


def _minutes_to_local(offset: pl.Expr) -> pl.Expr:
    sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    digits = offset.str.replace_all("[^0-9]", "")
    minutes = digits.str.slice(0, 2).cast(pl.Int64, strict=False) * 60 + digits.str.slice(2, 2).cast(
        pl.Int64, strict=False
    )
    stated = pl.when(offset.str.to_uppercase() == "Z").then(0).otherwise(sign * minutes)
    return pl.when(offset.is_not_null()).then(_LOCAL_OFFSET_MINUTES - stated).otherwise(0)


def _assembled(date: tuple[pl.Expr, pl.Expr, pl.Expr], hour: pl.Expr, minute: pl.Expr, second: pl.Expr) -> pl.Expr:
    """A timestamp from its parts (hour a number, the others digits); null if there is no such time, 24:00 is 0:00 of
    the next day."""
    year, month, day = date
    midnight = (hour == 24) & (minute.cast(pl.Int64) == 0) & (second.cast(pl.Int64) == 0)
    hour_text = pl.when(midnight.fill_null(False)).then(0).otherwise(hour.fill_null(0)).cast(pl.String)
    text = pl.concat_str(
        year, pl.lit("-"), month.str.zfill(2), pl.lit("-"), day.str.zfill(2), pl.lit(" "),
        hour_text.str.zfill(2), pl.lit(":"), minute.str.zfill(2), pl.lit(":"), second.str.zfill(2),
    )  # fmt: skip
    time = text.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    return time + pl.when(midnight.fill_null(False)).then(pl.duration(days=1)).otherwise(pl.duration(days=0))
