"""Officially published tables: landed once, superseded by later ones, withdrawn by a dated row, never deleted."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotline12345.sql.build import PUBLISHED, set_parameter
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

COUNTS = ("received", "valid", "contacted", "resolved", "satisfied", "basically_satisfied")
RATES = ("response_rate", "resolution_rate", "satisfaction_rate")
RANKS = ("district_rank", "city_rank")
FIGURES: dict[str, pl.DataType] = {
    **{name: pl.Int64() for name in COUNTS},
    **{name: pl.Float64() for name in (*RATES, "score")},
    **{name: pl.Int64() for name in RANKS},
    "bonus_points": pl.Float64(),
}
ROWS = pl.Schema(
    {
        "row_number": pl.Int64(),
        **{name: pl.String() for name in ("row_kind", "row_reason", "unit_name")},
        **FIGURES,
    }
)


class OfficialTableError(Exception):
    """An official table cannot be stored or withdrawn; the Chinese message says why and what to do."""


@dataclass(frozen=True)
class OfficialSource:
    """Where an official table comes from.

    Attributes:
        period_id: the period that it is about.
        rule_id: the only rule that it belongs to; None when it stands beside every rule.
        source: who published it, masked.
        issued_at: when it was published (Asia/Shanghai); None when nobody said.
        loaded_at: now.
        file_name: masked.
        content_hash: SHA-256 of the file.
    """

    period_id: str
    rule_id: str | None
    source: str | None
    issued_at: datetime | None
    loaded_at: datetime
    file_name: str
    content_hash: str


def loaded_official(connection: Connection, source: OfficialSource) -> int | None:
    """The id under which the same file stands for the same period and rule already; None when it is new."""
    rows = connection.execute(
        """
        select min(official_id) from landed.official_scores anti join landed.official_withdrawals using (official_id)
        where content_hash = $content_hash and period_id = $period_id and rule_id is not distinct from $rule_id
        """,
        {"content_hash": source.content_hash, "period_id": source.period_id, "rule_id": source.rule_id},
    ).fetchall()
    found: int | None = rows[0][0]
    return found


def land_official(connection: Connection, rows: pl.DataFrame, source: OfficialSource) -> int:
    """Store the rows of an official table (`ROWS`); returns its id, that of the first load for a file loaded before."""
    if (known := loaded_official(connection, source)) is not None:
        return known
    query = "select coalesce(max(official_id), 0) + 1 from landed.official_scores"
    official_id: int = connection.execute(query).fetchall()[0][0]
    facts = [pl.lit(value, dtype=dtype).alias(name) for name, value, dtype in _facts(source)]
    connection.register("incoming", rows.with_columns(pl.lit(official_id).alias("official_id"), *facts))
    with transaction(connection):
        connection.execute("insert into landed.official_scores by name select * from incoming")
        set_parameter(connection, PUBLISHED, "")
    connection.unregister("incoming")
    return official_id


def _facts(source: OfficialSource) -> list[tuple[str, object, pl.DataType]]:
    texts = ("period_id", "rule_id", "source", "file_name", "content_hash")
    times = ("issued_at", "loaded_at")
    return [(name, getattr(source, name), pl.String()) for name in texts] + [
        (name, getattr(source, name), pl.Datetime("us")) for name in times
    ]


def withdraw_official(connection: Connection, official_id: int, withdrawn_at: datetime, reason: str) -> None:
    """Take an official table back: what stood before it counts again.

    Raises:
        OfficialTableError: no such table, or withdrawn already.
    """
    rows = connection.execute(
        """
        select max(withdrawals.withdrawn_at)
        from landed.official_scores left join landed.official_withdrawals as withdrawals using (official_id)
        where official_id = ? having count(*) > 0
        """,
        [official_id],
    ).fetchall()
    if not rows:
        raise OfficialTableError(f"没有第 {official_id} 号通报。已存入的通报见 hotline reconcile。")
    if rows[0][0] is not None:
        raise OfficialTableError(f"第 {official_id} 号通报已在 {rows[0][0]:%Y-%m-%d %H:%M} 撤回过。")
    with transaction(connection):
        connection.execute(
            "insert into landed.official_withdrawals values (?, ?, ?)", [official_id, withdrawn_at, reason]
        )
        set_parameter(connection, PUBLISHED, "")
