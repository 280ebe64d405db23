"""The orders that issues are mined from: which of them changed, their texts, and what was worked out of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.storage import Storage
from hotline12345.sql.text_reading import with_texts
from hotline12345.sql.warehouse import Connection

MINED_MONTHS = 25  # calendar: this one and two of each season, so that a problem that comes back with it can be seen
PORTION = 200_000  # orders of whole places that are read at a time
LINKED = ("order_id", "digest", "voice", "place", "area", "theme", "theme_cosine", "words", "weights")


@dataclass(frozen=True)
class Window:
    """The orders that are mined: how many, and the month of the newest as text; None where there is none."""

    orders: int
    month: str | None


def open_window(connection: Connection) -> Window:
    """Note the current orders of the newest `MINED_MONTHS` calendar months; grain order_id. One scan of the orders."""
    connection.execute(
        """
        create or replace temp table window_orders as
        with described as (
            select
                orders.order_id,
                orders.text_hash,
                coalesce('caller:' || orders.caller_key, 'text:' || orders.text_hash, 'order:' || orders.order_id) as voice,
                coalesce(orders.place_point, orders.community) as place,
                nullif(orders.place_town, '（未填街乡镇）') as area,
                nullif(classified.topic_code, '未归类') as topic,
                orders.is_need_to_know
            from staging.orders as orders
            inner join intermediate.classified_orders as classified using (order_id)
            where orders.created_month >= (
                select date_trunc('month', max(created_at)) - to_months($months - 1) from staging.orders
            )
        )
        select *, hash(text_hash, voice, place, area, topic, is_need_to_know) as source_hash from described
        """,
        {"months": MINED_MONTHS},
    )
    orders, month = connection.execute(
        "select (select count(*) from window_orders), (select strftime(max(created_at), '%Y-%m') from staging.orders)"
    ).fetchall()[0]
    return Window(orders, month)


def sample(connection: Connection, storage: Storage, size: int) -> pl.DataFrame:
    """At most so many orders of the window with their texts, those of the lowest text hashes, so a fair draw."""
    drawn = connection.sql(
        "select * from window_orders where text_hash is not null order by text_hash, order_id limit $size",
        params={"size": size},
    ).pl()
    return with_texts(connection, storage, drawn)


def undescribed(connection: Connection, storage: Storage, statistics_id: str, rows: int) -> Iterator[pl.DataFrame]:
    """Orders of the window that are not described as they stand under these statistics, at most `rows` at a time.

    Text file by text file, so that memory does not grow with their number; orders without a stored text come last.
    """
    connection.execute(
        """
        create or replace temp table undescribed_orders as
        select orders.*, texts.text_file
        from window_orders as orders
        anti join (select * from landed.order_problems where statistics_id = $statistics_id) as known
            on known.order_id = orders.order_id and known.source_hash = orders.source_hash
        left join landed.texts as texts using (text_hash)
        """,
        {"statistics_id": statistics_id},
    )
    files = connection.sql("select distinct text_file from undescribed_orders order by text_file nulls last").pl()
    for (name,) in files.iter_rows():
        held = connection.sql(
            "select * exclude text_file from undescribed_orders where text_file is not distinct from $name order by order_id",
            params={"name": name},
        ).pl()
        for chunk in held.iter_slices(rows):
            yield with_texts(connection, storage, chunk)
    connection.execute("drop table undescribed_orders")


def land_problems(connection: Connection, described: pl.DataFrame) -> None:
    """Store descriptions, columns as in landed/order_problems.sql, in place of earlier ones of the same orders."""
    connection.register("incoming", described)
    connection.execute("delete from landed.order_problems where order_id in (select order_id from incoming)")
    connection.execute("insert into landed.order_problems by name select * from incoming")
    connection.unregister("incoming")


def find_pending(connection: Connection) -> None:
    """Note the orders that came, went or changed: temp table pending_orders, grain order_id, with place and theme of now and
    of the stored issues. A join over the window; cost grows with the orders, by about a third of a second for a million.
    """
    connection.execute(
        """
        delete from landed.order_problems where order_id not in (select order_id from window_orders);
        create or replace temp table pending_orders as
        select coalesce(known.order_id, mined.order_id) as order_id,
            known.place, known.theme, mined.place as old_place, mined.theme as old_theme
        from landed.order_problems as known
        full join landed.mined_orders as mined on mined.order_id = known.order_id
        where known.source_hash is distinct from mined.source_hash
            or known.statistics_id is distinct from mined.statistics_id
            or coalesce(known.order_id, mined.order_id) in (select order_id from run.touched_orders)
        """
    )


def touched_themes(connection: Connection) -> pl.DataFrame:
    """The orders of the themes that a pending order is in: theme and hashes of voice and where (place or else area)."""
    found: pl.DataFrame = connection.sql(
        """
        select theme, hash(voice) as voice,
            case when coalesce(place, area) is not null then hash(coalesce(place, area)) end as "where"
        from landed.order_problems
        where theme >= 0 and theme in (select theme from pending_orders union select old_theme from pending_orders)
        """
    ).pl()
    return found


def find_examined(connection: Connection, themes: Sequence[int], statistics_id: str) -> None:
    """Note the orders to look at: temp tables settled_themes and examined_orders (grain issue_grain, order_id).

    All orders of each place, and of each theme, where an order is pending. A theme is settled, and only its pending orders
    move, where its issue is known under these statistics, it still is a theme (one of `themes`), and nobody merged or split
    its issue.
    """
    connection.register("standing_themes", pl.DataFrame({"theme": themes}, schema={"theme": pl.Int32}))
    connection.execute(
        """
        create or replace temp table settled_themes as
        select known.theme, known.found_id
        from landed.issue_themes as known
        semi join standing_themes on standing_themes.theme = known.theme
        where known.statistics_id = $statistics_id
            and known.found_id in (select issue_id from landed.recurring_issues where gone_at is null)
            and known.found_id not in (
                select unnest([issue_id, other_issue_id]) from landed.issue_edits
                where edit_action in ('merge', 'split') and other_issue_id is not null
            )
        """,
        {"statistics_id": statistics_id},
    )
    connection.execute(
        """
        create or replace temp table examined_orders as
        with places as (
            select place from pending_orders union select old_place from pending_orders
        ),
        themes as (
            select theme from (select theme from pending_orders union select old_theme from pending_orders)
            where theme >= 0 and theme not in (select theme from settled_themes)
        )
        select '点位事件' as issue_grain, order_id from landed.order_problems where place in (select place from places)
        union
        select '点位事件', order_id from pending_orders
        union
        select '共性问题', order_id from landed.order_problems where theme in (select theme from themes)
        union
        select '共性问题', order_id from pending_orders where old_theme in (select theme from themes)
        """
    )
    connection.unregister("standing_themes")


def settled_moves(connection: Connection) -> pl.DataFrame:
    """The pending orders of settled themes; grain order_id: found_id, similarity, and the example_rank that an order had,
    which one that is need-to-know now loses."""
    found: pl.DataFrame = connection.sql(
        """
        select
            known.order_id, themes.found_id, known.theme_cosine as similarity,
            case when not orders.is_need_to_know then members.example_rank end as example_rank
        from landed.order_problems as known
        semi join pending_orders using (order_id)
        inner join settled_themes as themes using (theme)
        inner join window_orders as orders using (order_id)
        left join landed.recurring_issue_orders as members
            on members.order_id = known.order_id and members.found_id = themes.found_id
        order by known.order_id
        """
    ).pl()
    return found


def examined(connection: Connection) -> pl.DataFrame:
    """Grain issue_grain, order_id: the orders that `find_examined` noted, in order."""
    found: pl.DataFrame = connection.sql(
        "select issue_grain, order_id from examined_orders order by issue_grain, order_id"
    ).pl()
    return found


def linked_by_place(connection: Connection) -> Iterator[pl.DataFrame]:
    """The descriptions of the places to look at, whole places together, in portions of about `PORTION` orders."""
    connection.execute(
        """
        create or replace temp table examined_places as
        with counted as (
            select place, count(*) as orders
            from landed.order_problems
            semi join (select order_id from examined_orders where issue_grain = '点位事件') as looked_at using (order_id)
            where place is not null
            group by place
        )
        select place, (sum(orders) over (order by place) - orders) // $rows as portion from counted
        """,
        {"rows": PORTION},
    )
    portions = connection.execute("select distinct portion from examined_places order by portion").fetchall()
    for (portion,) in portions:
        yield connection.sql(
            f"select {', '.join(LINKED)} from landed.order_problems semi join (select place from examined_places "
            "where portion = $portion) as held using (place) order by digest, order_id",
            params={"portion": portion},
        ).pl()


def linked_by_theme(connection: Connection) -> pl.DataFrame:
    """The descriptions of the orders of the themes to look at as a whole, without words."""
    columns = ", ".join(name for name in LINKED if name not in ("words", "weights"))
    found: pl.DataFrame = connection.sql(
        f"select {columns} from landed.order_problems semi join (select order_id from examined_orders "
        "where issue_grain = '共性问题') as looked_at using (order_id) where theme >= 0 order by digest, order_id"
    ).pl()
    return found


def linked(connection: Connection, order_ids: Sequence[str]) -> pl.DataFrame:
    """The descriptions of these orders, those that there are."""
    connection.register("wanted", pl.DataFrame({"order_id": order_ids}, schema={"order_id": pl.String}))
    found: pl.DataFrame = connection.sql(
        f"select {', '.join(LINKED)} from landed.order_problems semi join wanted using (order_id) order by digest, order_id"
    ).pl()
    connection.unregister("wanted")
    return found


def headline_texts(connection: Connection, storage: Storage, order_ids: Sequence[str]) -> pl.DataFrame:
    """Title, body, place and area of these orders but the need-to-know ones, whose texts name nothing; grain order_id."""
    connection.register("wanted", pl.DataFrame({"order_id": order_ids}, schema={"order_id": pl.String}))
    told = connection.sql(
        "select order_id, text_hash, voice, place, area from window_orders semi join wanted using (order_id) "
        "where not is_need_to_know and text_hash is not null order by order_id"
    ).pl()
    connection.unregister("wanted")
    found: pl.DataFrame = with_texts(connection, storage, told).drop("text_hash")
    return found


def facts(connection: Connection) -> pl.DataFrame:
    """What issues count of each order of the window; grain order_id, columns as `FACTS` of models.recurring."""
    found: pl.DataFrame = connection.sql(
        """
        select
            known.order_id, known.voice, known.place, known.area, orders.unit_id as unit, orders.topic_code as topic,
            orders.created_at as reported_at, facts.closed_at, facts.is_resolved, facts.is_satisfied, facts.is_urgent,
            facts.is_returned, facts.is_whistled, facts.is_excluded, facts.is_suspended, facts.is_need_to_know
        from landed.order_problems as known
        inner join intermediate.classified_orders as orders using (order_id)
        inner join intermediate.issue_facts as facts using (order_id)
        where known.theme >= 0 or known.place is not null
        order by known.order_id
        """
    ).pl()
    return found


def land_mined(connection: Connection) -> None:
    """Note that the issues now stand for the orders as they are described; part of the transaction that stores the issues."""
    connection.execute(
        """
        delete from landed.mined_orders where order_id in (select order_id from pending_orders);
        insert into landed.mined_orders
        select order_id, source_hash, statistics_id, place, theme from landed.order_problems
        where order_id in (select order_id from pending_orders)
        """
    )


def statistics(connection: Connection) -> dict[str, object] | None:
    """The frozen statistics in force, a row of landed.issue_statistics; None before the first mining."""
    rows = connection.sql("select * from landed.issue_statistics").pl().to_dicts()
    return dict(rows[0]) if rows else None


def land_statistics(connection: Connection, row: Mapping[str, object]) -> None:
    """Put these statistics in force; orders described under others are described anew."""
    replace_table(connection, "landed.issue_statistics", pl.DataFrame([dict(row)]))
