"""Each publication's scores and ranks, kept as they were shown."""

from datetime import datetime

from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

_FIGURES = (
    *("received", "valid", "response_numerator", "response_denominator", "resolution_numerator"),
    *("resolution_denominator", "satisfaction_numerator", "satisfaction_denominator"),
    *("exact_score", "score", "score_rank"),
)


def keep_scores(connection: Connection, run_id: str, published_at: datetime) -> None:
    """Append what differs from the newest kept row of the same rule, period and unit. Cost follows the marts' rows.

    Rows of a run that never got published (it was killed) are taken back first, so nothing is kept twice.
    """
    figures = ", ".join(f"scores.{name}" for name in _FIGURES)
    differs = " or ".join(f"shown.{name} is distinct from newest.{name}" for name in ("period_state", *_FIGURES))
    with transaction(connection):
        connection.execute(
            "delete from landed.kept_scores where run_id not in (select run_id from landed.publications)"
        )
        connection.execute(
            f"""
            insert into landed.kept_scores by name
            with newest as (
                select * from landed.kept_scores
                qualify row_number() over (
                    partition by rule_id, period_id, unit_id order by published_at desc, run_id desc
                ) = 1
            ),
            shown as (
                select rule_id, period_id, unit_id, cutoff_at, period_state, {figures}
                from marts.mart_unit_scores as scores
                inner join marts.mart_periods as periods using (rule_id, period_id)
            )
            select
                $published_at::timestamp as published_at, $run_id as run_id,
                coalesce(shown.rule_id, newest.rule_id) as rule_id,
                coalesce(shown.period_id, newest.period_id) as period_id,
                coalesce(shown.unit_id, newest.unit_id) as unit_id,
                shown.cutoff_at, shown.period_state, {", ".join(f"shown.{name}" for name in _FIGURES)}
            from shown
            full join newest
                on newest.rule_id = shown.rule_id and newest.period_id = shown.period_id
                and newest.unit_id = shown.unit_id
            where newest.unit_id is null or {differs}
            """,
            {"published_at": published_at, "run_id": run_id},
        )
