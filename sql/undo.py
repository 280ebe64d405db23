"""Undoing a batch: a dated row, never a deletion; what the batch said stays readable as of any earlier time."""

from datetime import datetime

from hotline12345.sql.build import PUBLISHED, set_parameter
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

_ORDERS = """
    select order_id from landed.order_versions where batch_id = $batch_id
    union
    select order_id from landed.sightings where batch_id = $batch_id
"""


class UndoError(Exception):
    """The batch cannot be undone; the Chinese message says why and what to do first."""


def undo_batch(connection: Connection, batch_id: int, undone_at: datetime, reason: str) -> int:
    """Take a batch out of force and mark its orders for the next build; returns how many orders it concerns.

    Args:
        undone_at: Asia/Shanghai.
        reason: masked.

    Raises:
        UndoError: no such batch, undone already, or a later batch kept values of it or corrects its rows.
    """
    _check(connection, batch_id)
    with transaction(connection):
        connection.execute("insert into landed.undos values (?, ?, ?)", [batch_id, undone_at, reason])
        connection.execute(
            f"insert into run.touched_orders {_ORDERS} except select order_id from run.touched_orders",
            {"batch_id": batch_id},
        )
        set_parameter(connection, PUBLISHED, "")
    return concerned_orders(connection, batch_id)


def is_undone_for(connection: Connection, batch_id: int, reason: str) -> bool:
    """Whether a batch was undone for this very reason: what remains of it is to publish."""
    query = "select 1 from landed.undos where batch_id = ? and undo_reason = ?"
    return bool(connection.execute(query, [batch_id, reason]).fetchall())


def concerned_orders(connection: Connection, batch_id: int) -> int:
    """How many orders a batch says something of."""
    count: int = connection.execute(f"select count(*) from ({_ORDERS}) as orders", {"batch_id": batch_id}).fetchall()[
        0
    ][0]
    return count


def _check(connection: Connection, batch_id: int) -> None:
    rows = connection.execute(
        """
        select undone_at from landed.batches left join landed.undos using (batch_id) where batch_id = ?
        """,
        [batch_id],
    ).fetchall()
    if not rows:
        raise UndoError(f"没有批次 {batch_id}。已有的批次见 hotline batches。")
    if rows[0][0] is not None:
        raise UndoError(f"批次 {batch_id} 已在 {rows[0][0]:%Y-%m-%d %H:%M} 撤销过。")
    later = connection.execute(
        """
        select distinct batch_id
        from (
            select batch_id from landed.order_versions where kept_batch_id = $batch_id
            union all
            select batch_id from landed.sightings where kept_batch_id = $batch_id
            union all
            select corrections.batch_id
            from landed.corrections as corrections inner join landed.quarantined_rows as rows using (row_token)
            where rows.batch_id = $batch_id
        ) as resting
        anti join landed.undos using (batch_id)
        order by batch_id desc
        """,
        {"batch_id": batch_id},
    ).fetchall()
    if later:
        named = "、".join(str(number) for (number,) in later)
        raise UndoError(
            f"批次 {batch_id} 不能先撤销：批次 {named} 沿用了它的取值（文件没有某些列，或改正的是它的隔离行）。"
            f"请先依次撤销批次 {named}，再撤销批次 {batch_id}，然后重新导入需要保留的文件。"
        )
