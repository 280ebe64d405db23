"""Which orders' rows of the issues changed although the orders themselves did not."""

from hotline12345.sql.warehouse import Connection

_IN_MART = """
    select issue_id, bit_xor(hash(order_id, occurrence, is_recurrence)) as content from marts.mart_issue_orders group by issue_id
"""
_LANDED_ROWS = """
    select members.issue_id, members.order_id, members.occurrence, again.recurred_order_id is not null as is_recurrence
    from landed.recurring_issue_orders as members
    left join landed.issue_resolutions as again
        on again.issue_id = members.issue_id and again.recurred_order_id = members.order_id
"""
_LANDED = f"""
    select issue_id, bit_xor(hash(order_id, occurrence, is_recurrence)) as content from ({_LANDED_ROWS}) group by issue_id
"""


def touch_changed_members(connection: Connection) -> None:
    """Touch the orders that joined or left an issue or stand in another occurrence than the mart says.

    To be called once issues, members and resolutions are landed, before the marts of the issues are built; nothing is to do
    where the mart does not exist, because then everything is touched. Issues are compared as a whole by a checksum first, so
    that the rows are compared only where something changed. Cost: two scans of the members.
    """
    known = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'marts' and table_name = 'mart_issue_orders'"
    ).fetchall()
    if not known:
        return
    connection.execute(
        f"""
        insert into run.touched_orders
        with changed as (
            select coalesce(landed.issue_id, stored.issue_id) as issue_id
            from ({_LANDED}) as landed full join ({_IN_MART}) as stored on stored.issue_id = landed.issue_id
            where landed.content is distinct from stored.content
        ),
        landed_rows as (select * from ({_LANDED_ROWS}) semi join changed using (issue_id)),
        mart_rows as (
            select issue_id, order_id, occurrence, is_recurrence from marts.mart_issue_orders semi join changed using (issue_id)
        )
        select distinct order_id
        from (
            (select * from landed_rows except select * from mart_rows)
            union all
            (select * from mart_rows except select * from landed_rows)
        ) anti join run.touched_orders using (order_id)
        """
    )
