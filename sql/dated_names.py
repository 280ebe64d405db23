"""Which of the names in a config table belongs to whom, and from when to when."""

from datetime import date

import polars as pl

from hotline12345.sql.reference_tables import ReferenceTableError

FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def dated_names(table: pl.DataFrame, owner: str, name: str, file: str) -> pl.DataFrame:
    """Every spelling with its owner; grain alias, valid_from: alias, owner, valid_from, valid_to (exclusive).

    The intervals of one spelling do not overlap and leave no day out: before its first and after its last owner's
    validity a name stays with that owner, in a gap with the one before, because nobody else claims it.

    Args:
        table: one row per owner with `owner`, `name`, `aliases` (separated by | ; ； 、), `valid_from`, `valid_to`.
        owner: the column that identifies whom a name belongs to.
        name: the column with the name that is in use.
        file: the table's file name, for messages.

    Raises:
        ReferenceTableError: a validity that ends before it begins, or one name in two rows at one time.
    """
    _check_order(table, name, file)
    spellings = pl.concat_str(
        pl.col(name), pl.lit("|"), pl.col("aliases").fill_null("").str.replace_all("[；;、]", "|")
    ).str.split("|")
    every = (
        table.select(
            spellings.alias("alias"),
            pl.col(owner).alias("owner"),
            pl.col("valid_from").fill_null(FIRST_DAY),
            pl.col("valid_to").fill_null(LAST_DAY),
        )
        .explode("alias")
        .with_columns(pl.col("alias").str.strip_chars())
        .filter(pl.col("alias").str.len_chars() > 0)
        .unique(["alias", "owner"], keep="first", maintain_order=True)
        .sort("alias", "valid_from", "owner")
        .with_columns(following=pl.col("valid_from").shift(-1).over("alias"))
    )
    if doubtful := every.filter(pl.col("valid_to") > pl.col("following"))["alias"].to_list():
        raise ReferenceTableError(
            f"配置文件 {file}：名称“{doubtful[0]}”在同一时间属于两行，每个名称同一时间只能属于一行。"
            "请删去一处；如果是先后归属，请填写两行的 valid_from、valid_to，使前后不重叠。"
        )
    is_first = pl.int_range(pl.len()).over("alias") == 0
    return every.select(
        "alias",
        "owner",
        valid_from=pl.when(is_first).then(FIRST_DAY).otherwise("valid_from"),
        valid_to=pl.col("following").fill_null(LAST_DAY),
    )


def _check_order(table: pl.DataFrame, name: str, file: str) -> None:
    wrong = table.filter(pl.col("valid_to") <= pl.col("valid_from"))
    if not wrong.is_empty():
        raise ReferenceTableError(
            f"配置文件 {file}：“{wrong[name][0]}”的失效日期 valid_to 不晚于生效日期 valid_from。"
            "失效日期当天起不再有效；仍在用的请留空。"
        )
