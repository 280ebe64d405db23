"""Versions of orders: which row of a file says something new, and what the file has no column for keeps its value."""

from collections.abc import Sequence
from datetime import datetime

from hotline12345.sql.stored_texts import TEXT_COLUMNS
from hotline12345.sql.warehouse import Connection

_SUPPORTING = "('协办', '会办')"  # rows of an order that name a supporting unit, not the one that answers for it
_NOT_CONTENT = {"order_id", "row_number", "batch_id", "known_at", "row_hash", "kept_batch_id"}
_OF_THE_FILE = {
    "has_callback": "is_valid_callback",
    "has_contact": "is_contacted",
    "has_resolution": "resolution",
    "has_satisfaction": "satisfaction",
}
_BY_SOURCE = {
    f"{flag}_{source}": f"{column}_{source}"
    for source in ("district", "city", "unit")
    for flag, column in _OF_THE_FILE.items()
    if (flag, source) != ("has_callback", "unit")  # a unit does not call back
}
ANSWERS = _OF_THE_FILE | _BY_SOURCE  # flag "a file had the column" → column of the answer
CALLBACKS = tuple(column for flag, column in ANSWERS.items() if flag.startswith("has_callback"))


def classify(connection: Connection, absent: Sequence[str], known_at: datetime, has_stored: bool) -> dict[str, str]:
    """Set each row of `incoming` beside the version in force at the file's time → temp table `classified`.

    What the file has no column for (`absent`) keeps its value; `has_stored` is from `find_in_force`. A version's hash leaves out what is null, so that a column
    added to the project later changes no hash. Returns the content of a new version: column → expression.
    """
    _rank_repeats(connection)
    content = _content(connection, absent, has_stored)
    said = ", ".join(f"'{name}=' || ({value})::varchar" for name, value in sorted(content.items()))
    connection.execute(
        f"""
        create or replace temp table classified as
        with hashed as (
            select
                incoming.row_number,
                incoming.order_id,
                md5(concat_ws(chr(31), {said})) as row_hash,
                stored.row_hash as stored_hash,
                stored.batch_id as version_batch_id,
                case when {bool(absent)} then stored.batch_id end as kept_batch_id,
                in_force.newest_at,
                coalesce(repeats.repeat_rank, 1) as repeat_rank
            from incoming
            {_JOINS}
        )
        select
            *,
            case
                when repeat_rank > 1 then 'repeated'
                when stored_hash = row_hash then 'unchanged'
                when newest_at is not null then 'revised'
                else 'new'
            end as fate,
            coalesce(newest_at > $known_at, false) as is_late
        from hashed
        """,
        {"known_at": known_at},
    )
    return content


# What stands beside each incoming row; each joins one row at most.
_JOINS = """
    left join in_force on in_force.order_id = incoming.order_id
    left join stored on stored.order_id = incoming.order_id
    left join repeats on repeats.row_number = incoming.row_number
"""


def find_in_force(connection: Connection, known_at: datetime) -> bool:
    """The version of each incoming order said or confirmed last by the file's time → `in_force`, `stored`.

    Returns whether there is any. Cost: one pass over the ids of the stored versions.
    """
    connection.execute(
        """
        create or replace temp table in_force as
        with known as (
            select order_id, batch_id as version_batch_id, batch_id, known_at
            from landed.order_versions semi join incoming using (order_id) anti join landed.undos using (batch_id)
            union all
            select order_id, version_batch_id, batch_id, known_at
            from landed.sightings semi join incoming using (order_id) anti join landed.undos using (batch_id)
        )
        select
            order_id,
            arg_max(version_batch_id, (known_at, batch_id)) filter (where known_at <= $known_at) as version_batch_id,
            max(known_at) as newest_at
        from known group by order_id
        """,
        {"known_at": known_at},
    )
    connection.execute(
        """
        create or replace temp table stored as
        select versions.*
        from landed.order_versions as versions
        inner join in_force on in_force.order_id = versions.order_id and in_force.version_batch_id = versions.batch_id
        """
    )
    return bool(connection.execute("select count(*) from stored").fetchall()[0][0])


def _rank_repeats(connection: Connection) -> None:
    """The rows of orders told more than once in the file, the one that stands first → `repeats`.

    A row of the main unit stands before one of a supporting unit, then the one dispatched last, then the last one. The
    supporting units' names go with it.
    """
    connection.execute(
        f"""
        create or replace temp table repeats as
        with supporting as (
            select order_id, string_agg(distinct unit_name, '、' order by unit_name) as units
            from incoming where handling_role in {_SUPPORTING} group by order_id
        ),
        told as (
            select * from incoming
            where order_id in (select order_id from incoming group by order_id having count(*) > 1)
        )
        select
            told.row_number,
            supporting.units as supporting_units,
            row_number() over (
                partition by told.order_id
                order by
                    coalesce(told.handling_role in {_SUPPORTING}, false),
                    told.dispatched_at desc nulls last,
                    told.row_number desc
            ) as repeat_rank
        from told left join supporting on supporting.order_id = told.order_id
        """
    )


def _content(connection: Connection, absent: Sequence[str], has_stored: bool) -> dict[str, str]:
    """Expression of each content column of the version that a row makes: what the file says, else what is stored."""
    missing = set(absent)
    names = [name for (name, *_) in connection.execute("describe incoming").fetchall() if name not in _NOT_CONTENT]
    content = {name: f"incoming.{name}" for name in names if name not in missing}
    if has_stored:
        content |= {name: f"stored.{name}" for name in names if name in missing}
    for flag, name in ANSWERS.items():
        # The flags by source came later: null where no file had the column, so that they change no earlier hash.
        never = "false" if flag in _OF_THE_FILE else "null::boolean"
        kept = f"coalesce(stored.{flag}, {never})" if has_stored else never
        content[flag] = kept if name in missing else "true"
    # A file without the column may still say it elsewhere: callers in its texts, supporting units in rows of their own.
    for name, said in (("caller_key", ""), ("co_units", ", repeats.supporting_units")):
        kept = f", stored.{name}" if name in missing and has_stored else ""
        content[name] = f"coalesce(incoming.{name}{said}{kept})"
    if missing.issuperset(TEXT_COLUMNS) and has_stored:
        content["text_hash"] = "coalesce(stored.text_hash, incoming.text_hash)"
    return content


def count_conflicts(connection: Connection) -> int:
    """Rows of `classified` that say something else than the row of their order that stands."""
    rows = connection.execute(
        """
        select count(*)
        from classified
        inner join classified as standing on standing.order_id = classified.order_id and standing.repeat_rank = 1
        where classified.repeat_rank > 1 and classified.row_hash <> standing.row_hash
        """
    ).fetchall()
    return int(rows[0][0])


def store_versions(connection: Connection, batch_id: int, content: dict[str, str], known_at: datetime) -> None:
    """Write what `classify` found: new and revised rows as versions, unchanged ones as sightings; mark the orders touched."""
    stored = ", ".join(f"{value} as {name}" for name, value in content.items())
    connection.execute(
        f"""
        insert into landed.order_versions by name
        select
            {stored},
            incoming.order_id,
            incoming.row_number,
            classified.row_hash,
            classified.kept_batch_id,
            $batch_id::integer as batch_id,
            $known_at::timestamp as known_at
        from incoming
        inner join classified on classified.row_number = incoming.row_number
        {_JOINS}
        where classified.fate in ('new', 'revised')
        """,
        {"batch_id": batch_id, "known_at": known_at},
    )
    connection.execute(
        """
        insert into landed.sightings by name
        select order_id, ?::integer as batch_id, version_batch_id, kept_batch_id, ?::timestamp as known_at
        from classified where fate = 'unchanged'
        """,
        [batch_id, known_at],
    )
    connection.execute(
        """
        insert into run.touched_orders
        select order_id from classified where fate in ('new', 'revised')
        except select order_id from run.touched_orders
        """
    )
