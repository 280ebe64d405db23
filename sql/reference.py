"""Units, channels, topic catalogue, freeze events and rules: from the config folder into landed tables."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from hotline12345.sql.appeal_deadlines import NAME as APPEAL_DEADLINES
from hotline12345.sql.appeal_deadlines import appeal_deadlines_file, land_appeal_deadlines
from hotline12345.sql.dated_names import dated_names
from hotline12345.sql.issue_settings import issue_settings_file, load_issue_settings
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.normal_quantiles import land_normal_quantiles
from hotline12345.sql.populations import check_listed, land_populations
from hotline12345.sql.reference_tables import (
    CHANNEL_COLUMNS,
    FREEZE_COLUMNS,
    UNIT_COLUMNS,
    ReferenceTableError,
    read_reference,
)
from hotline12345.sql.rule_landing import land_periods, land_rules, periods_of_orders
from hotline12345.sql.rule_layout import PERIOD_LENGTHS
from hotline12345.sql.rules import EXAMPLES, load_rules
from hotline12345.sql.seasons import NAME as SEASONS
from hotline12345.sql.seasons import land_seasons, seasons_file
from hotline12345.sql.storage import Storage
from hotline12345.sql.targets import land_targets, targets_file
from hotline12345.sql.taxonomies import land_taxonomies
from hotline12345.sql.taxonomy_checks import CATALOGUE
from hotline12345.sql.time_limits import CALENDAR_DATA, hours_file, land_time_limits
from hotline12345.sql.warehouse import Connection

SEEDS = Path(__file__).with_name("seeds")
PERIOD_IDS = {"month": (r"\d{4}-(0[1-9]|1[0-2])", "2026-07"), "year": (r"\d{4}", "2026")}
FREEZE_KINDS = ("回访截止", "通报印发")


def land_reference(connection: Connection, storage: Storage) -> str:
    """Replace the reference tables by the config folder's content; returns the hash of what they now hold."""
    units = read_reference(storage.config / "units.csv", UNIT_COLUMNS, ("unit_id", "unit_name", "unit_group"))
    if repeated := units.filter(pl.col("unit_id").is_duplicated())["unit_id"].to_list():
        raise ReferenceTableError(f"配置文件 units.csv：unit_id“{repeated[0]}”出现多次，每个单位只能有一行。")
    check_listed(units)
    freezes = read_reference(
        storage.config / "freezes.csv", FREEZE_COLUMNS, ("rule_id", "period_id", "frozen_at", "kind")
    )
    load_issue_settings(storage)  # refused here, before anything is built by them
    rules = load_rules(storage.rules)
    _check_freezes(freezes, {rule.id: rule.period_length for rule in rules})
    names = dated_names(units, "unit_id", "unit_name", "units.csv")
    replace_table(connection, "landed.units", units.drop("aliases"))
    replace_table(connection, "landed.unit_names", names.rename({"alias": "unit_alias", "owner": "unit_id"}))
    replace_table(connection, "landed.channels", _channels(storage))
    replace_table(connection, "landed.freezes", freezes.rename({"kind": "freeze_kind", "source": "freeze_source"}))
    crosswalk = land_taxonomies(connection, storage)
    land_populations(connection, storage, units)
    land_time_limits(connection, storage)
    land_normal_quantiles(connection)
    land_targets(connection, storage)
    land_seasons(connection, storage)
    land_appeal_deadlines(connection, storage)
    land_rules(connection, rules)
    land_periods(connection, periods_of_orders(connection, rules))
    return _hash(storage, crosswalk)


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


def _check_freezes(freezes: pl.DataFrame, period_lengths: Mapping[str, str]) -> None:
    for number, row in enumerate(freezes.iter_rows(named=True), 2):
        where = f"配置文件 freezes.csv 第 {number} 行"
        if row["rule_id"] not in period_lengths:
            known = "、".join(sorted(period_lengths))
            raise ReferenceTableError(f"{where}：没有规则“{row['rule_id']}”。现有规则：{known}。")
        length = period_lengths[row["rule_id"]]
        pattern, example = PERIOD_IDS[length]
        if not re.fullmatch(pattern, row["period_id"]):
            raise ReferenceTableError(
                f"{where}，列 period_id：规则“{row['rule_id']}”{PERIOD_LENGTHS[length]}考核，"
                f"周期“{row['period_id']}”的写法应如 {example}。"
            )
        if row["kind"] not in FREEZE_KINDS:
            raise ReferenceTableError(f"{where}：kind 应为 {'、'.join(FREEZE_KINDS)} 之一。")


def reference_files(storage: Storage) -> dict[str, Path]:
    """The files that the reference tables are made of, by their place in the config folder; some may not exist."""
    rules = sorted(storage.rules.glob("*.toml")) or sorted(EXAMPLES.glob("*.toml"))
    names = ("units.csv", *CATALOGUE, "freezes.csv", "limits.csv", "calendar.csv", "population.csv")
    return {
        **{name: storage.config / name for name in names},
        "channels.csv": channels_file(storage),
        "targets.csv": targets_file(storage),
        SEASONS: seasons_file(storage),
        APPEAL_DEADLINES: appeal_deadlines_file(storage),
        "hours.csv": hours_file(storage),
        "issues.toml": issue_settings_file(storage),
        **{f"{storage.rules.name}/{path.name}": path for path in rules},
    }


def _hash(storage: Storage, crosswalk: str) -> str:
    digest = hashlib.sha256(f"{CALENDAR_DATA}{crosswalk}".encode())
    for name, path in reference_files(storage).items():
        digest.update(name.encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()
