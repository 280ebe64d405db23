"""From the rows of a raw table to typed, masked orders and the quarantine of those that break a rule."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotline12345.flows.ingest.contracts import ORDER_COLUMNS, SCHEMA_RULES, Order, explain
from hotline12345.flows.ingest.corrections import KEPT_KEY, MARK, StoredRows
from hotline12345.flows.ingest.derived_ids import derive_ids
from hotline12345.flows.ingest.mapping import CALLER_NAME, TOPIC_PATH
from hotline12345.flows.ingest.masking import (
    caller_keys,
    caller_keys_in,
    mask_columns,
    mask_own_name,
    mask_series,
    own_names,
)
from hotline12345.flows.ingest.masking_names import called
from hotline12345.flows.ingest.read import ROW
from hotline12345.flows.ingest.text import clean_text
from hotline12345.flows.ingest.times import parse_times
from hotline12345.flows.ingest.values import (
    NO_ANSWER,
    NO_EXCLUSION,
    WORDINGS,
    parse_answers,
    parse_counts,
    parse_exclusions,
    parse_ids,
    parse_resolutions,
    parse_retentions,
    parse_satisfactions,
    parse_simulated,
    path_separator,
    split_paths,
)

FREE_TEXTS = (
    "tags",
    "title",
    "body",
    "result_text",
    "place_point",
    "community",
    "limit_text",
    "whistle_result",
    "appeal",
)
TIMES = tuple(name for name, dtype in ORDER_COLUMNS.items() if isinstance(dtype, pl.Datetime))
RESOLUTION_COLUMNS = tuple(name for name in ORDER_COLUMNS if name.startswith("resolution"))
SATISFACTION_COLUMNS = tuple(name for name in ORDER_COLUMNS if name.startswith("satisfaction"))
ISSUE_SCHEMA = {ROW: pl.Int64(), "column_name": pl.String(), "value": pl.String(), "rule": pl.String()}
SHOWN_CHARACTERS = 60

Parser = Callable[[pl.Series], pl.Series]
_PARSERS: dict[str, tuple[Parser, str]] = {
    **{name: (parse_times, "unknown_time") for name in TIMES},
    **{name: (parse_answers, "unknown_answer") for name, dtype in ORDER_COLUMNS.items() if dtype == pl.Boolean()},
    **{name: (parse_ids, "digits_lost") for name in ("order_id", "case_id")},
    **{name: (parse_satisfactions, "unknown_satisfaction") for name in SATISFACTION_COLUMNS},
    **{name: (parse_resolutions, "unknown_resolution") for name in RESOLUTION_COLUMNS},
    "retention": (parse_retentions, "unknown_retention"),
    "exclusion_tag": (parse_exclusions, "unknown_exclusion"),
    "return_count": (parse_counts, "not_a_count"),
}
_NOT_PARSED = ("is_simulated", "caller_key", "is_derived_id")
_NOT_MASKED = ("order_id", "case_id", "caller_key")
_MEANS_NOTHING = {  # words that say "nothing" in columns where any other word is a decision or a text
    **{name: ("无",) for name, dtype in ORDER_COLUMNS.items() if dtype == pl.String() and name not in _PARSERS},
    **{name: ("无", "否") for name in ("exclusion_kind", "volume_exclusion")},
    "retention": ("无",),
    "exclusion_tag": NO_EXCLUSION,
    **dict.fromkeys(RESOLUTION_COLUMNS, NO_ANSWER),
}


@dataclass(frozen=True)
class Reading:
    """How every row of one file is read.

    Attributes:
        columns: canonical column → index of the file's column.
        key: secret of the caller keys and of derived ids.
        is_simulated: whether the file as a whole says 模拟数据.
        derives_ids: whether the file has no order id.
        path_separator: what splits category paths besides `->`; None when nothing else does.
        stored: the rows in quarantine that the file corrects; None for an ordinary file.
    """

    columns: Mapping[str, int]
    key: bytes
    is_simulated: bool
    derives_ids: bool
    path_separator: str | None
    stored: StoredRows | None = None

    @property
    def id_column(self) -> int:
        """Index of the column that every row fills and that holds digits."""
        return self.columns[MARK if self.stored else "created_at" if self.derives_ids else "order_id"]

    @classmethod
    def of(cls, columns: Mapping[str, int], sample: pl.DataFrame, key: bytes, is_simulated: bool) -> "Reading":
        """Decide once, on the first rows of a file (from `clean_columns`), what holds for all of them."""
        separator = path_separator(sample[TOPIC_PATH]) if TOPIC_PATH in sample.columns else None
        return cls(columns, key, is_simulated, "order_id" not in columns, separator)


def clean_columns(rows: pl.DataFrame, columns: Mapping[str, int]) -> pl.DataFrame:
    """row_number and one cleaned string column per mapped target."""
    cleaned = {target: clean_text(rows[str(index)]).alias(target) for target, index in columns.items()}
    for target, (pattern, replacement) in WORDINGS.items():
        if target in cleaned:
            cleaned[target] = cleaned[target].str.replace(pattern, replacement)
    for target, words in _MEANS_NOTHING.items():
        if target in cleaned:
            cleaned[target] = cleaned[target].replace(list(words), None)
    return pl.DataFrame([rows[ROW], *cleaned.values()])


def type_orders(texts: pl.DataFrame, reading: Reading) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Typed orders with every canonical column, not yet masked, and the cells that could not be understood.

    Args:
        texts: from `clean_columns`.
        reading: how the file is read.
    """
    typed: dict[str, pl.Series] = {ROW: texts[ROW]}
    issues = [pl.DataFrame(schema=ISSUE_SCHEMA)]
    for name, (parse, rule) in _PARSERS.items():
        if name in texts.columns and name not in _NOT_PARSED:
            typed[name] = parse(texts[name]).alias(name)
            issues.append(_failures(texts, typed[name], rule))
    if TOPIC_PATH in texts.columns:
        typed |= {column.name: column for column in split_paths(texts[TOPIC_PATH], reading.path_separator)}
    typed["caller_key"] = _keys(texts, reading.key)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, texts.height)
    typed["is_simulated"] = parse_simulated(texts.get_column("is_simulated", default=nothing), reading.is_simulated)
    typed["is_derived_id"] = pl.Series([reading.derives_ids], dtype=pl.Boolean).new_from_index(0, texts.height)
    if reading.derives_ids:
        typed["order_id"] = derive_ids(texts, typed["created_at"], reading.key)
    columns = []
    for name, dtype in ORDER_COLUMNS.items():
        column = typed.get(name, texts.get_column(name, default=nothing))
        columns.append(column.cast(dtype).alias(name))
    return pl.DataFrame(columns), pl.concat(issues)


def _keys(texts: pl.DataFrame, key: bytes) -> pl.Series:
    """The caller's key: that of the number given, or the one that a corrected file left as it was, or that of the one
    mobile number in the text."""
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, texts.height)
    given = caller_keys(texts["caller_key"], key) if "caller_key" in texts.columns else nothing
    keys = pl.select(pl.coalesce(given, texts.get_column(KEPT_KEY, default=nothing))).to_series().alias("caller_key")
    unknown, told = keys.is_null().arg_true(), [name for name in ("title", "body") if name in texts.columns]
    if unknown.is_empty() or not told:
        return keys
    said = texts[unknown].select(pl.concat_str(told, separator="；", ignore_nulls=True)).to_series()
    return keys.scatter(unknown, caller_keys_in(said, key))


def _failures(texts: pl.DataFrame, parsed: pl.Series, rule: str) -> pl.DataFrame:
    name = parsed.name
    return texts.filter(texts[name].is_not_null() & parsed.is_null()).select(
        ROW, column_name=pl.lit(name), value=pl.col(name), rule=pl.lit(rule)
    )


def check_contract(orders: pl.DataFrame, texts: pl.DataFrame, issues: pl.DataFrame, latest: datetime) -> pl.DataFrame:
    """Issues including the broken rules of the `Order` contract; a cell already reported is not reported as missing.

    Args:
        orders, issues: from `type_orders`.
        texts: from `clean_columns`.
        latest: no real order is created later; one mistyped year would open a period of its own.
    """
    _, failures = Order.filter(orders)
    details = failures.details()
    ahead = orders.filter((pl.col("created_at") > latest) & ~pl.col("is_simulated")).select(ROW)
    values = ahead.join(texts.select(ROW, value="created_at"), on=ROW, how="left", maintain_order="left")
    future = values.select(ROW, column_name=pl.lit("created_at"), value="value", rule=pl.lit("in_future"))
    found = [issues.clear(), future]
    for schema_rule, (column, rule) in SCHEMA_RULES.items():
        if column in texts.columns:
            broken = details.filter(pl.col(schema_rule) == "invalid").select(ROW)
            values = broken.join(texts.select(ROW, value=pl.col(column)), on=ROW, how="left", maintain_order="left")
            found.append(values.select(ROW, column_name=pl.lit(column), value="value", rule=pl.lit(rule)))
    reported = issues.select(ROW, "column_name").unique()
    return pl.concat([issues, pl.concat(found).join(reported, on=[ROW, "column_name"], how="anti")])


def mask_orders(orders: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Orders without personal data: free texts also without the caller's own name; ids stay as they are."""
    filled = [name for name, dtype in ORDER_COLUMNS.items() if dtype == pl.String() and name not in _NOT_MASKED]
    filled = [name for name in filled if orders[name].null_count() < orders.height]
    masked = _mask_free_texts([orders[name] for name in filled if name in FREE_TEXTS], texts)
    for name in filled:
        if name not in FREE_TEXTS:
            distinct = orders[name].drop_nulls().unique(maintain_order=True)
            masked.append(orders[name].replace(distinct, mask_series(distinct)))
    return orders.with_columns(masked)


def _mask_free_texts(columns: Sequence[pl.Series], texts: pl.DataFrame) -> list[pl.Series]:
    """The texts of the same rows masked together, first of the row's own caller as `texts` names him."""
    if not columns:
        return []
    if CALLER_NAME in texts.columns:
        names = own_names(texts[CALLER_NAME])
        columns = [mask_own_name(column, names).alias(column.name) for column in columns]
    return mask_columns(pl.DataFrame(columns)).get_columns()


def quarantine(issues: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Issues as a clerk reads them: masked value, reason, fix; grain row_number, column_name, rule, in that order."""
    values = issues["value"]
    if CALLER_NAME in texts.columns:
        callers = issues.join(texts.select(ROW, CALLER_NAME), on=ROW, how="left", maintain_order="left")[CALLER_NAME]
        values = mask_own_name(values, own_names(callers))
    shown = mask_series(values).str.slice(0, SHOWN_CHARACTERS).fill_null("")
    told = [explain(rule, column) for rule, column in issues.select("rule", "column_name").iter_rows()]
    order = {name: number for number, name in enumerate(ORDER_COLUMNS)}
    frame = issues.select(
        ROW,
        "column_name",
        value_masked=shown,
        rule="rule",
        reason=pl.Series([reason for reason, _ in told], dtype=pl.String),
        fix=pl.Series([fix for _, fix in told], dtype=pl.String),
    )
    position = pl.col("column_name").replace_strict(order, default=-1, return_dtype=pl.Int64)
    return frame.sort(ROW, position, "rule", maintain_order=True)


def quarantined_cells(issues: pl.DataFrame, texts: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """What could be read of each row with an issue, masked; grain row_number, with `cells` as JSON.

    The caller's number is there as its key only; a row that could not be read cell by cell has no cells.
    """
    numbers = issues.select(ROW).unique().sort(ROW)
    rows = texts.join(numbers, on=ROW, how="semi", maintain_order="left")
    shown = rows.drop(ROW, KEPT_KEY, CALLER_NAME, "caller_key", strict=False)
    masked = _mask_free_texts([column.cast(pl.String) for column in shown], rows)
    if "caller_key" in rows.columns:
        masked.append(_keys(rows, key))
    if CALLER_NAME in rows.columns:
        named = [None if name is None else called(name) for name in rows[CALLER_NAME]]
        masked.append(pl.Series(CALLER_NAME, named, dtype=pl.String))
    cells = [
        json.dumps(
            {name: value for name, value in row.items() if value is not None}, ensure_ascii=False, sort_keys=True
        )
        for row in pl.DataFrame(masked).iter_rows(named=True)
    ]
    told = rows.select(ROW, cells=pl.Series(cells, dtype=pl.String))
    return numbers.join(told, on=ROW, how="left", maintain_order="left").with_columns(pl.col("cells").fill_null("{}"))
