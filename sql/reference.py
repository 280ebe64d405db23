"""Units, channels, topic catalogue, freeze events and rules: from the config folder into landed tables."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from hotline12345.sql.dated_names import dated_names
from hotline12345.sql.reference_tables import (
    CHANNEL_COLUMNS,
    FREEZE_COLUMNS,
    TOPIC_COLUMNS,
    UNIT_COLUMNS,
    ReferenceTableError,
    read_reference,
)
from hotline12345.sql.rules import EXAMPLES, Rule, load_rules
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

SEEDS = Path(__file__).with_name("seeds")
FREEZE_KINDS = ("回访截止", "通报印发")
PERIOD_COLUMNS = pl.Schema(
    [
        ("rule_id", pl.String()),
        ("period_id", pl.String()),
        ("start_at", pl.Datetime("us")),
        ("end_at", pl.Datetime("us")),
    ]
)


def land_reference(connection: Connection, storage: Storage) -> str:
    """Replace the reference tables by the config folder's content; returns the hash of what they now hold."""
    units = read_reference(storage.config / "units.csv", UNIT_COLUMNS, ("unit_id", "unit_name", "unit_group"))
    if repeated := units.filter(pl.col("unit_id").is_duplicated())["unit_id"].to_list():
        raise ReferenceTableError(f"配置文件 units.csv：unit_id“{repeated[0]}”出现多次，每个单位只能有一行。")
    topics = read_reference(storage.config / "topics.csv", TOPIC_COLUMNS, ("topic_code", "topic_name", "level"))
    freezes = read_reference(
        storage.config / "freezes.csv", FREEZE_COLUMNS, ("rule_id", "period_id", "frozen_at", "kind")
    )
    rules = load_rules(storage.rules)
    _check_freezes(freezes, {rule.id for rule in rules})
    names = dated_names(units, "unit_id", "unit_name", "units.csv")
    _replace(connection, "landed.units", units.drop("aliases"))
    _replace(connection, "landed.unit_names", names.rename({"alias": "unit_alias", "owner": "unit_id"}))
    _replace(connection, "landed.channels", _channels(storage))
    _replace(connection, "landed.topics", topics)
    _replace(connection, "landed.freezes", freezes.rename({"kind": "freeze_kind", "source": "freeze_source"}))
    _land_rules(connection, rules)
    _land_periods(connection, rules)
    return _hash(storage)


def _channels(storage: Storage) -> pl.DataFrame:
    """Every spelling of a channel with the channel and its group; a site without a table of its own has the example."""
    table = read_reference(channels_file(storage), CHANNEL_COLUMNS, ("channel", "channel_group"))
    table = table.with_columns(owner=pl.concat_str("channel", "channel_group", separator="|"))
    names = dated_names(table, "owner", "channel", "channels.csv")
    groups = table.select("owner", "channel", "channel_group").unique("owner")
    joined = names.join(groups, on="owner", how="left", maintain_order="left")
    return joined.rename({"alias": "channel_alias"}).drop("owner")


def channels_file(storage: Storage) -> Path:
    """The site's channels.csv, or the example that ships with the package."""
    own = storage.config / "channels.csv"
    return own if own.exists() else SEEDS / "channels.csv"


def _check_freezes(freezes: pl.DataFrame, rule_ids: set[str]) -> None:
    for number, row in enumerate(freezes.iter_rows(named=True), 2):
        where = f"配置文件 freezes.csv 第 {number} 行"
        if row["rule_id"] not in rule_ids:
            raise ReferenceTableError(f"{where}：没有规则“{row['rule_id']}”。现有规则：{'、'.join(sorted(rule_ids))}。")
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", row["period_id"]):
            raise ReferenceTableError(f"{where}：周期“{row['period_id']}”的写法应如 2026-07。")
        if row["kind"] not in FREEZE_KINDS:
            raise ReferenceTableError(f"{where}：kind 应为 {'、'.join(FREEZE_KINDS)} 之一。")


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


def reference_files(storage: Storage) -> dict[str, Path]:
    """The files that the reference tables are made of, by their place in the config folder; some may not exist."""
    rules = sorted(storage.rules.glob("*.toml")) or sorted(EXAMPLES.glob("*.toml"))
    names = ("units.csv", "topics.csv", "freezes.csv")
    return {
        **{name: storage.config / name for name in names},
        "channels.csv": channels_file(storage),
        **{f"{storage.rules.name}/{path.name}": path for path in rules},
    }


def _hash(storage: Storage) -> str:
    digest = hashlib.sha256()
    for name, path in reference_files(storage).items():
        digest.update(name.encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()
