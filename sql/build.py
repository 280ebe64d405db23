"""Running the SQL files: only the touched partitions, each file in one transaction, then the checks."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from hotline12345.sql.graph import SqlFile, build_order, downstream, load_folder
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

PARTITIONS = {
    "order_id": "run.touched_orders",
    "period_id": "run.touched_periods",
    "created_month": "run.touched_months",
    "case_group": "run.touched_case_groups",
}
FOREVER = datetime(9999, 12, 31)
MODEL = "topic_model"  # the parameter that names the model whose predictions count
REFERENCE = "reference"  # the parameter that holds the hash of the reference tables in use
PUBLISHED = "published"  # the parameter that names the snapshot which shows everything landed; empty when none does


class CheckError(Exception):
    """A check found wrong rows; the Chinese message names the check and how many rows."""


def begin(connection: Connection, reference_hash: str, as_of: datetime = FOREVER) -> None:
    """Find the partitions to rebuild; everything when rules, units, topics or the SQL itself changed."""
    definition = hashlib.sha256(reference_hash.encode())
    for file in build_order():
        definition.update(file.text.encode())
    if parameter(connection, "definition") != definition.hexdigest():
        for file in build_order():
            connection.execute(f"drop table if exists {file.name}")
        connection.execute("delete from run.touched_orders")
        connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
        set_parameter(connection, "definition", definition.hexdigest())
    set_parameter(connection, "as_of", None, as_of)
    touch_partitions(connection)


def touch_partitions(connection: Connection) -> None:
    """The periods, months and callers of every version of a touched order: where it is now and where it was."""
    for table in ("run.touched_periods", "run.touched_months", "run.touched_case_groups"):
        connection.execute(f"delete from {table}")
    versions = "landed.order_versions semi join run.touched_orders using (order_id)"
    connection.execute(
        f"""
        insert into run.touched_periods
        with clocks as (
            select distinct 'created' as clock, created_at as cohort_at from {versions}
            union all select distinct 'dispatched', dispatched_at from {versions}
            union all select distinct 'closed', closed_at from {versions}
        )
        select distinct period_id
        from clocks
        inner join landed.rules as rules on rules.cohort_clock = clocks.clock
        inner join landed.rule_days as days
            on days.rule_id = rules.rule_id and days.calendar_date = cohort_at::date
            and cohort_at >= start_at and cohort_at < end_at
        """
    )
    connection.execute(
        f"insert into run.touched_months select distinct date_trunc('month', created_at)::date from {versions}"
    )
    connection.execute(
        """
        insert into run.touched_case_groups
        select distinct coalesce(caller_key, 'order:' || order_id)
        from landed.order_versions semi join run.touched_orders using (order_id)
        """
    )


def stages() -> tuple[tuple[SqlFile, ...], tuple[SqlFile, ...], tuple[SqlFile, ...]]:
    """The files to run before topics are predicted, before issues are mined, and after."""
    after_topics, after_issues = downstream("topics"), downstream("issues")
    order = build_order()
    return (
        tuple(file for file in order if file.name not in after_topics | after_issues),
        tuple(file for file in order if file.name in after_topics - after_issues),
        tuple(file for file in order if file.name in after_issues),
    )


def run_files(connection: Connection, files: Iterable[SqlFile]) -> None:
    """Build each table: whole, or only its touched partitions. Cost grows with what was touched."""
    for file in files:
        if file.partition:
            _make_empty(connection, file)
        with transaction(connection):
            if file.partition:
                touched = f"select {file.partition} from {PARTITIONS[file.partition]}"
                connection.execute(f"delete from {file.name} where {file.partition} in ({touched})")
                connection.execute(f"insert into {file.name} by name {file.text}")
            else:
                connection.execute(f"create or replace table {file.name} as {file.text}")
            comment = file.comment.replace("'", "''")
            connection.execute(f"comment on table {file.name} is '{comment}'")


def _make_empty(connection: Connection, file: SqlFile) -> None:
    """Create a partitioned table in a transaction of its own.

    DuckDB 2.0.0 keeps the statistics of the empty table when a table is created and filled by INSERT in one transaction:
    with more than one row group, joins then skip all its rows until a checkpoint (tests/sql/test_large_tables.py).
    """
    connection.execute(f"create table if not exists {file.name} as select * from ({file.text}) limit 0")


def run_checks(connection: Connection) -> int:
    """Run every check; CheckError when one returns rows. Returns how many checks ran."""
    checks = load_folder("checks")
    for check in checks:
        wrong = connection.execute(f"select count(*) from ({check.text}) as wrong_rows").fetchall()[0][0]
        if wrong:
            raise CheckError(f"检查未通过：{check.title}，有 {wrong} 行不符。本次结果没有发布，已发布的数据不受影响。")
    return len(checks)


def finish(connection: Connection) -> None:
    """Forget what was touched; the next build starts from what the next load touches."""
    for table in PARTITIONS.values():
        connection.execute(f"delete from {table}")


def set_parameter(connection: Connection, name: str, text: str | None, time: datetime | None = None) -> None:
    """Write one row of run.parameters."""
    connection.execute("delete from run.parameters where parameter_name = ?", [name])
    connection.execute("insert into run.parameters values (?, ?, ?)", [name, time, text])


def parameter(connection: Connection, name: str) -> str | None:
    """The text of one row of run.parameters; None when there is none."""
    rows = connection.execute("select text_value from run.parameters where parameter_name = ?", [name]).fetchall()
    return str(rows[0][0]) if rows else None
