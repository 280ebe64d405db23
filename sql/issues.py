"""The stored identity of recurring issues: what a run has to know of it, and what the run leaves."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotline12345.sql.issue_orders import land_mined
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

ISSUE_COLUMNS = (
    "issue_id, issue_grain, issue_name, place, problem, name_source, is_pinned, is_dismissed, merged_into, split_from, "
    "absorbed_by, first_known_at, gone_at"
)


@dataclass(frozen=True)
class StoredIssues:
    """What is stored of the issues that a run concerns.

    Attributes:
        issues: grain issue_id; every issue ever known, columns as `ISSUE_COLUMNS`.
        members: grain issue_id, order_id; found_id, similarity, is_examined (whether the run looks at the order for this
            grain). All orders of each issue that has an examined one, and of each that analysts merged or split.
        former: grain issue_id, order_id; the last orders of the lost issues that an examined order was in.
    """

    issues: pl.DataFrame
    members: pl.DataFrame
    former: pl.DataFrame


@dataclass(frozen=True)
class IssueRows:
    """What a run leaves: the whole of landed.recurring_issues; the rows of landed.recurring_issue_orders in place of those
    that were read; the new rows of landed.former_issue_orders and landed.issue_history."""

    issues: pl.DataFrame
    members: pl.DataFrame
    former: pl.DataFrame
    history: pl.DataFrame


def read_stored(connection: Connection, examined: pl.DataFrame) -> StoredIssues:
    """What is stored around the orders that a run looks at.

    `examined`: issue_grain, order_id: the orders in the run's clusters, and those it looked at that are in none any more.
    """
    connection.register("examined", examined.select("issue_grain", "order_id").unique())
    members: pl.DataFrame = connection.sql(
        """
        with graded as (
            select members.issue_id, members.found_id, members.order_id, members.similarity,
                examined.order_id is not null as is_examined
            from landed.recurring_issue_orders as members
            inner join landed.recurring_issues as issues on issues.issue_id = members.found_id
            left join examined
                on examined.order_id = members.order_id and examined.issue_grain = issues.issue_grain
        ),
        concerned as (
            select unnest([found_id, issue_id]) as issue_id from graded where is_examined
            union
            select unnest([issue_id, other_issue_id]) from landed.issue_edits where edit_action in ('merge', 'split')
        )
        select * from graded
        where found_id in (select issue_id from concerned) or issue_id in (select issue_id from concerned)
        order by issue_id, order_id
        """
    ).pl()
    former: pl.DataFrame = connection.sql(
        """
        select issue_id, order_id from landed.former_issue_orders
        where issue_id in (
            select former.issue_id from landed.former_issue_orders as former
            inner join landed.recurring_issues as issues using (issue_id)
            inner join examined on examined.order_id = former.order_id and examined.issue_grain = issues.issue_grain
        )
        order by issue_id, order_id
        """
    ).pl()
    connection.unregister("examined")
    return StoredIssues(known_issues(connection), members, former)


@dataclass(frozen=True)
class Moves:
    """What a run changes of settled themes, which it did not look at as a whole.

    Attributes:
        moved: grain order_id; found_id, similarity, example_rank, occurrence: pending orders that are in a settled theme.
        changed: grain issue_id, order_id; occurrence, where it is another than stored.
        themes: grain statistics_id, theme; found_id: issues of the themes that the run did look at as a whole.
    """

    moved: pl.DataFrame
    changed: pl.DataFrame
    themes: pl.DataFrame


def settled_around(connection: Connection) -> pl.DataFrame:
    """The orders of settled themes at the places where an order of the theme is pending, but the pending ones; issue_id,
    order_id and `known`, their occurrence."""
    found: pl.DataFrame = connection.sql(
        """
        select members.order_id, members.issue_id, members.occurrence::bigint as known
        from landed.recurring_issue_orders as members
        semi join settled_themes on settled_themes.found_id = members.found_id
        inner join landed.order_problems as problems on problems.order_id = members.order_id
        semi join (
            select place, theme from pending_orders union select old_place, old_theme from pending_orders
        ) as pending on pending.place = problems.place and pending.theme = problems.theme
        where members.order_id not in (select order_id from pending_orders)
        order by members.issue_id, members.order_id
        """
    ).pl()
    return found


def _move(connection: Connection, moves: Moves) -> None:
    for name, frame in (("moved", moves.moved), ("changed", moves.changed), ("known_now", moves.themes)):
        connection.register(name, frame)
    connection.execute(
        """
        delete from landed.recurring_issue_orders
        where order_id in (select order_id from pending_orders) and found_id in (select found_id from settled_themes)
        """
    )
    connection.execute(
        """
        insert into landed.recurring_issue_orders by name
        select found_id as issue_id, found_id, order_id, similarity, example_rank, occurrence from moved
        """
    )
    connection.execute(
        """
        update landed.recurring_issue_orders as members set occurrence = changed.occurrence
        from changed where members.issue_id = changed.issue_id and members.order_id = changed.order_id
        """
    )
    connection.execute(
        """
        delete from landed.issue_themes
        where statistics_id not in (select statistics_id from landed.issue_statistics)
            or (
                theme in (select theme from pending_orders union select old_theme from pending_orders)
                and theme not in (select theme from settled_themes)
            )
        """
    )
    connection.execute(
        "insert into landed.issue_themes by name select * from known_now anti join landed.issue_themes using (theme)"
    )
    for name in ("moved", "changed", "known_now"):
        connection.unregister(name)


def replace_issues(connection: Connection, stored: StoredIssues, rows: IssueRows, moves: Moves) -> None:
    """Put what a run found in place of what it had read, in one transaction; a killed run leaves everything as it was.

    With it goes the note of which orders the issues now stand for.
    """
    named = {"was_read": stored.members.select("issue_id", "order_id"), "is_now": rows.members}
    for name, frame in (*named.items(), ("lost", rows.former), ("told", rows.history)):
        connection.register(name, frame)
    with transaction(connection):
        land_mined(connection)
        replace_table(connection, "landed.recurring_issues", rows.issues)
        connection.execute(
            """
            delete from landed.recurring_issue_orders
            where (issue_id, order_id) in (select (issue_id, order_id) from was_read)
            """
        )
        connection.execute("insert into landed.recurring_issue_orders by name select * from is_now")
        connection.execute("delete from landed.former_issue_orders where issue_id in (select issue_id from lost)")
        connection.execute("insert into landed.former_issue_orders by name select * from lost")
        connection.execute(
            "delete from landed.former_issue_orders where issue_id in (select found_id from landed.recurring_issue_orders)"
        )
        connection.execute(
            "insert into landed.issue_history by name select * from told anti join landed.issue_history using (history_id)"
        )
        _move(connection, moves)
    for name in (*named, "lost", "told"):
        connection.unregister(name)


def pending_ids(connection: Connection) -> list[str]:
    """The orders that came, went or changed, as `issue_orders.find_pending` noted them."""
    return [row[0] for row in connection.execute("select order_id from pending_orders").fetchall()]


def known_issues(connection: Connection) -> pl.DataFrame:
    """Every issue ever known; grain issue_id, columns as `ISSUE_COLUMNS`."""
    found: pl.DataFrame = connection.sql(f"select {ISSUE_COLUMNS} from landed.recurring_issues order by issue_id").pl()
    return found


def last_noted(connection: Connection) -> datetime | None:
    """The moment of the newest entry of the history; None where there is none."""
    moment = connection.execute("select max(noted_at) from landed.issue_history").fetchall()[0][0]
    return moment if isinstance(moment, datetime) else None


def known_members(connection: Connection) -> pl.DataFrame:
    """The orders of all issues with their occurrence; grain issue_id, order_id."""
    found: pl.DataFrame = connection.sql(
        "select issue_id, order_id, occurrence from landed.recurring_issue_orders order by issue_id, order_id"
    ).pl()
    return found


def land_measures(connection: Connection, measures: pl.DataFrame, resolutions: pl.DataFrame) -> None:
    """Replace the measures and scores, and the resolved occurrences; columns as in their landed files."""
    columns = [row[0] for row in connection.execute("describe landed.issue_measures").fetchall()]
    with transaction(connection):
        replace_table(connection, "landed.issue_measures", measures.select(columns))
        replace_table(connection, "landed.issue_resolutions", resolutions)
