"""Units, topic catalogue, freeze events and rules: from the config folder into landed tables."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from hotline12345.sql.rules import EXAMPLES, Rule, load_rules
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

SEEDS = Path(__file__).with_name("seeds")
UNIT_COLUMNS = pl.Schema(
    {
        "unit_id": pl.String,
        "unit_name": pl.String,
        "unit_group": pl.String,
        "aliases": pl.String,
        "terrain": pl.String,
        "population": pl.Int64,
        "population_year": pl.Int64,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)
TOPIC_COLUMNS = pl.Schema(
    {
        "taxonomy_id": pl.String,
        "topic_code": pl.String,
        "topic_name": pl.String,
        "parent_code": pl.String,
        "level": pl.Int64,
        "seven_five_primary": pl.String,
        "seven_five_secondary": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)
FREEZE_COLUMNS = pl.Schema(
    [
        ("rule_id", pl.String()),
        ("period_id", pl.String()),
        ("frozen_at", pl.Datetime("us")),
        ("kind", pl.String()),
        ("source", pl.String()),
    ]
)
PERIOD_COLUMNS = pl.Schema(
    [
        ("rule_id", pl.String()),
        ("period_id", pl.String()),
        ("start_at", pl.Datetime("us")),
        ("end_at", pl.Datetime("us")),
    ]
)


class ReferenceTableError(Exception):
    """A config table is wrong; the Chinese message names file and column."""


def read_reference(path: Path, columns: pl.Schema) -> pl.DataFrame:
    """One config table as typed columns; an absent file is an empty table, a wrong one a ReferenceTableError."""
    if not path.exists():
        return pl.DataFrame(schema=columns)
    try:
        frame = pl.read_csv(path, infer_schema=False, encoding="utf8")
        missing = [name for name in columns if name not in frame.columns]
        if missing:
            raise ReferenceTableError(f"配置文件 {path.name} 缺少列：{'、'.join(missing)}。")
        typed = frame.select(
            pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S").alias(name)
            if isinstance(dtype, pl.Datetime)
            else pl.col(name).str.to_date("%Y-%m-%d").alias(name)
            if dtype == pl.Date
            else pl.col(name).cast(dtype)
            for name, dtype in columns.items()
        )
    except pl.exceptions.PolarsError:
        raise ReferenceTableError(
            f"配置文件 {path.name} 无法读取：须为 UTF-8 的 CSV，日期写作 2025-01-31，时间写作 2025-01-31 00:00:00。"
        ) from None
    return typed


def land_reference(connection: Connection, storage: Storage) -> str:
    """Replace the reference tables by the config folder's content; returns the hash of what they now hold."""
    units = read_reference(storage.config / "units.csv", UNIT_COLUMNS)
    if repeated := units.filter(pl.col("unit_id").is_duplicated())["unit_id"].to_list():
        raise ReferenceTableError(f"配置文件 units.csv：unit_id“{repeated[0]}”出现多次，每个单位只能有一行。")
    topics = read_reference(storage.config / "topics.csv", TOPIC_COLUMNS)
    freezes = read_reference(storage.config / "freezes.csv", FREEZE_COLUMNS)
    _replace(connection, "landed.units", units.drop("aliases"))
    _replace(connection, "landed.unit_names", _unit_names(units))
    _replace(connection, "landed.topics", topics)
    _replace(connection, "landed.freezes", freezes.rename({"kind": "freeze_kind", "source": "freeze_source"}))
    rules = load_rules(storage.rules)
    _land_rules(connection, rules)
    _land_periods(connection, rules)
    return _hash(storage)


def _unit_names(units: pl.DataFrame) -> pl.DataFrame:
    names = units.select("unit_id", pl.col("unit_name").alias("unit_alias"))
    aliases = units.select("unit_id", pl.col("aliases").str.split("|").alias("unit_alias")).explode("unit_alias")
    every = pl.concat([names, aliases]).filter(pl.col("unit_alias").str.len_chars() > 0).unique()
    if doubtful := every.filter(pl.col("unit_alias").is_duplicated())["unit_alias"].unique().sort().to_list():
        raise ReferenceTableError(
            f"配置文件 units.csv：名称“{doubtful[0]}”同时属于两个单位，每个名称只能属于一个单位。"
        )
    return every.sort("unit_alias").select("unit_alias", "unit_id")


def _land_rules(connection: Connection, rules: Sequence[Rule]) -> None:
    _replace(
        connection,
        "landed.rules",
        pl.DataFrame(
            [
                (
                    *(rule.id, rule.name, rule.status, rule.source),
                    *(rule.weights["response"], rule.weights["resolution"], rule.weights["satisfaction"]),
                    *(rule.renormalise, rule.summary_method, rule.minimum_valid, rule.valid_from, rule.valid_to),
                )
                for rule in rules
            ],
            schema={
                **dict.fromkeys(("rule_id", "rule_name", "rule_status", "rule_source"), pl.String),
                **dict.fromkeys(("response_weight", "resolution_weight", "satisfaction_weight"), pl.Int64),
                **{"renormalise": pl.Boolean, "summary_method": pl.String, "minimum_valid": pl.Int64},
                **{"valid_from": pl.Date, "valid_to": pl.Date},
            },
            orient="row",
        ),
    )
    answers = [
        (rule.id, indicator, answer, value)
        for rule in rules
        for indicator, values in sorted(rule.answers.items())
        for answer, value in sorted(values.items())
    ]
    _replace(connection, "landed.rule_answers", _rows(answers, "rule_id indicator answer answer_value", pl.Int64))
    types = [(rule.id, order_type) for rule in rules for order_type in sorted(rule.excluded_order_types)]
    _replace(connection, "landed.rule_order_types", _rows(types, "rule_id order_type", pl.String))


def _rows(rows: Sequence[tuple[object, ...]], names: str, last: type[pl.DataType]) -> pl.DataFrame:
    *first, final = names.split()
    return pl.DataFrame(rows, schema={**dict.fromkeys(first, pl.String), final: last}, orient="row")


def _land_periods(connection: Connection, rules: Sequence[Rule]) -> None:
    query = "select min(created_at), max(created_at) from landed.order_versions"
    first, last = connection.execute(query).fetchall()[0]
    span: tuple[datetime, datetime] | None = (first, last) if first else None
    rows = [
        (rule.id, period.period_id, period.start_at, period.end_at)
        for rule in rules
        if span
        for period in rule.periods(*span)
    ]
    _replace(connection, "landed.rule_periods", pl.DataFrame(rows, schema=PERIOD_COLUMNS, orient="row"))


def _replace(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    connection.register("incoming", frame)
    connection.execute(f"delete from {table}")
    connection.execute(f"insert into {table} by name select * from incoming")
    connection.unregister("incoming")


def _hash(storage: Storage) -> str:
    digest = hashlib.sha256()
    rules = sorted(storage.rules.glob("*.toml")) or sorted(EXAMPLES.glob("*.toml"))
    names = ("units.csv", "topics.csv", "freezes.csv")
    for path in (*(storage.config / name for name in names), *rules):
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()
