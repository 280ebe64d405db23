"""Whose rows somebody may read: a snapshot seen through views that leave out what is not theirs.

Every query of a limited reader runs on these views, so that no query can forget a filter. Which view a table gets follows
from its columns; `FIGURES_OF_UNITS`, `NAMES_OF_UNITS` and `ROWS_OF_NOBODY` name the tables that columns do not tell.
"""

import secrets
from dataclasses import dataclass
from typing import Literal

from hotline12345.sql.warehouse import STORED, Connection

FIGURES_OF_UNITS = {
    *("marts.mart_unit_scores", "intermediate.unit_counts", "intermediate.unit_ranks", "intermediate.unit_rates"),
    *("intermediate.score_errors", "intermediate.group_members", "landed.kept_scores", "landed.same_age_scores"),
    "staging.official_scores",
}
NAMES_OF_UNITS = {
    *("staging.units", "intermediate.units", "landed.units", "landed.unit_names", "landed.targets"),
    "intermediate.response_only_units",
}
# Rows of single orders that carry no unit: only who may read every order may read them.
ROWS_OF_NOBODY = {
    *("landed.quarantine", "landed.quarantined_rows", "landed.corrections", "landed.official_scores"),
    *("intermediate.found_names", "intermediate.name_candidates", "marts.mart_name_proposals"),
}
OTHER_UNIT = "其他单位"
_NAMING = ("id", "name")
_DEALT = secrets.token_hex(
    16
)  # ids and times of publication are known: from them alone the numbers could be worked out


@dataclass(frozen=True)
class RowAccess:
    """Which rows of a snapshot somebody may read.

    Attributes:
        units: ids of their units; None for every order and every unit's figures.
        by: what makes an order theirs: that they undertake it, or that it is of their trade. An order that a rule counts
            for one of their units is theirs too.
        others: the rates and ranks of the other units: shown, anonymous (their names are left out), or hidden.
        need_to_know: whether the texts of 举报 and confidential orders open.
    """

    units: tuple[str, ...] | None = None
    by: Literal["undertaker", "trade"] = "undertaker"
    others: Literal["shown", "anonymous", "hidden"] = "hidden"
    need_to_know: bool = False


NO_ROWS = RowAccess(units=())


def limit(connection: Connection, catalog: str, access: RowAccess) -> None:
    """Attach to a connection with the snapshot in `STORED` a catalog that shows only what `access` allows.

    Costs a scan of the ids of all orders once, and holds those of the visible ones and of the hidden texts.
    """
    connection.execute(f"attach ':memory:' as {catalog}")
    connection.execute(
        f"create table {catalog}.main.own_units as select unnest($units::varchar[]) as unit_id",
        {"units": list(access.units or ())},
    )
    for name, query in (("own_orders", _OWN_ORDERS[access.by]), ("hidden_texts", _HIDDEN), ("aliases", _ALIASES)):
        connection.execute(f"create table {catalog}.main.{name} as {query.format(own=f'{catalog}.main.own_units')}")
    for name, columns in sorted(_tables(connection).items()):
        connection.execute(f"create schema if not exists {catalog}.{name.split('.')[0]}")
        connection.execute(f"create view {catalog}.{name} as {_view(name, columns, catalog, access)}")


_OWN_ORDERS = {
    by: f"""
        select order_id from {STORED}.staging.orders semi join {{own}} as own on own.unit_id = {column}
        union select order_id from {STORED}.intermediate.rate_ledger semi join {{own}} as own using (unit_id)
    """
    for by, column in (("undertaker", "orders.unit_id"), ("trade", "orders.trade_id"))
}
_HIDDEN = f"select order_id from {STORED}.staging.orders where is_need_to_know"
# The numbers change with each publication and start of the program: nobody can be followed from day to day by them.
_ALIASES = f"""
    select
        unit_id, unit_group, 'other:' || number as alias_id, '{OTHER_UNIT} ' || number as alias_name
    from (
        select unit_id, unit_group, row_number() over (order by md5(unit_id || run_id || '{_DEALT}'), unit_id) as number
        from {STORED}.intermediate.units anti join {{own}} using (unit_id)
        cross join (select max(run_id) as run_id from {STORED}.meta.snapshot)
    )
"""


def _tables(connection: Connection) -> dict[str, set[str]]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = ?", [STORED]
    ).fetchall()
    found: dict[str, set[str]] = {}
    for name, column in rows:
        found.setdefault(name, set()).add(column)
    return found


def _view(name: str, columns: set[str], catalog: str, access: RowAccess) -> str:
    """The query of one table's view."""
    shown, stored = _columns(columns, catalog, access), f"{STORED}.{name} as stored"
    own_units = f"select {shown} from {stored} semi join {catalog}.main.own_units as own on own.unit_id"
    if access.units is None:
        return f"select {shown} from {stored}"
    if name in ROWS_OF_NOBODY:
        return f"select * from {stored} where false"
    if name in NAMES_OF_UNITS | FIGURES_OF_UNITS:
        return _of_other_units(name, columns, catalog, access) or f"{own_units} = stored.unit_id"
    if "order_id" in columns and (name != "intermediate.rate_ledger" or access.by == "trade"):
        return (
            f"select {shown} from {stored} semi join {catalog}.main.own_orders as own on own.order_id = stored.order_id"
        )
    if {"group_kind", "group_id"} <= columns and access.others != "shown":
        return f"{own_units} = stored.group_id or stored.group_kind <> 'unit'"
    key = next((key for key in ("unit_id", "place_id") if key in columns), None)
    return f"{own_units} = stored.{key}" if key else f"select * from {stored}"


def _of_other_units(name: str, columns: set[str], catalog: str, access: RowAccess) -> str | None:
    """The view of a table in which other units stand too: every name is known, figures are as `others` says; None for hidden."""
    stored, aliases = f"{STORED}.{name} as stored", f"{catalog}.main.aliases"
    if name in NAMES_OF_UNITS:
        named = access.others == "anonymous" and {"unit_name", "unit_group"} <= columns
        listed = ", true as is_listed" if "is_listed" in columns else ""
        told = f"alias_id as unit_id, alias_name as unit_name, unit_group{listed}"
        return f"select * from {stored}" + (f" union all by name select {told} from {aliases}" if named else "")
    if access.others == "anonymous":
        renamed = [
            f"coalesce(aliases.alias_{key}, stored.unit_{key}) as unit_{key}"
            for key in _NAMING
            if f"unit_{key}" in columns
        ]
        if "group_id" in columns:
            renamed.append(
                "case when group_kind = 'unit' then coalesce(aliases.alias_id, group_id) else group_id end as group_id"
            )
        joined = f"left join {aliases} as aliases on aliases.unit_id = stored.unit_id"
        return f"select stored.* replace ({', '.join(renamed)}) from {stored} {joined}"
    return f"select * from {stored}" if access.others == "shown" else None


def _columns(columns: set[str], catalog: str, access: RowAccess) -> str:
    """The columns of a view: without text and exact place where they are need-to-know."""
    hidden = sorted(columns & {"text_hash", "text_number", "place_point"}) if "order_id" in columns else []
    if access.need_to_know or not hidden:
        return "*"
    known = f"stored.order_id in (select order_id from {catalog}.main.hidden_texts)"
    if "is_need_to_know" in columns:  # costs no join
        known = "stored.is_need_to_know"
    return f"* replace ({', '.join(f'case when not {known} then {name} end as {name}' for name in hidden)})"
