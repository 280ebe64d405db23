"""Reads about volume and time: orders per 10,000 residents, the daily windows, orders still open past their due time."""

from datetime import date, datetime, time, timedelta

import polars as pl

from hotline12345.sql.reading import SnapshotReads

TODAY, DAY_BEFORE, PERIOD_TO_DATE = "当日", "前一日", "考核期累计"
EVERY_UNIT = "全部单位"


class VolumeReads(SnapshotReads):
    """What pages and reports say of volume, of days and of orders past their due time."""

    def place_volumes(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """万人诉求比 of each place in a period; grain unit_id (被反映街乡镇), the highest first.

        Orders created in the period, whatever clock the rule has; `volume_per_10k` is those not 不计入诉求总量 per 10,000
        residents of `population_year`: the newest year not after the period's, else the oldest; null without a population.
        """
        return self._query(
            """
            with counted as (
                select place_id as unit_id, count(*) as received_by_place,
                    count(*) filter (where not is_volume_excluded) as volume_count
                from intermediate.classified_orders
                where created_at >= (select start_at from landed.rule_periods where rule_id = $rule_id and period_id = $period_id)
                    and created_at < (select end_at from landed.rule_periods where rule_id = $rule_id and period_id = $period_id)
                group by place_id
            ),
            aged as (
                select *, population_year <= left($period_id, 4)::integer as is_past from landed.populations
            ),
            chosen as (
                select * from aged
                qualify row_number() over (
                    partition by unit_id order by is_past desc, case when is_past then -population_year else population_year end
                ) = 1
            )
            select
                unit_id,
                case unit_id when 'none' then '（未填街乡镇）' else coalesce(units.unit_name, substr(unit_id, 3)) end as unit_name,
                case unit_id when 'none' then '未填' else coalesce(units.unit_group, '未登记单位') end as unit_group,
                coalesce(counted.received_by_place, 0) as received_by_place,
                coalesce(counted.volume_count, 0) as volume_count,
                chosen.population, chosen.population_year,
                coalesce(counted.volume_count, 0) * 10000.0::double / chosen.population as volume_per_10k
            from chosen
            full join counted using (unit_id)
            left join intermediate.units as units using (unit_id)
            order by volume_per_10k desc nulls last, volume_count desc, unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def overdue_open(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """Orders of a period past their due time and not closed when the data ends (超期未办结); grain unit_id.

        They are in no on-time rate, which counts closed orders, and are therefore shown beside it.
        """
        return self._query(
            """
            select ledger.unit_id, count(*) as overdue_open_count
            from intermediate.rate_ledger as ledger
            inner join staging.orders as orders using (order_id)
            where ledger.rule_id = $rule_id and ledger.period_id = $period_id and orders.closed_at is null
                and orders.effective_due_at < (
                    select max(known_at) from landed.batches anti join landed.undos using (batch_id)
                )
            group by ledger.unit_id order by overdue_open_count desc, ledger.unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def window_end(self, day: date) -> datetime:
        """When the daily window of a day ends, by the site's hours; it begins 24 hours earlier."""
        minute = self._query("select start_minute from landed.hours where hours_kind = '日报窗口'").item()
        return datetime.combine(day, time()) + timedelta(minutes=minute)

    def period_at(self, rule_id: str, moment: datetime) -> pl.DataFrame:
        """The period of a rule that a moment lies in, with the first and last moment of all; one row or none."""
        return self._query(
            """
            select * from landed.rule_periods
            where rule_id = $rule_id and start_at <= $moment and $moment < end_at
            """,
            rule_id=rule_id,
            moment=moment,
        )

    def daily_windows(self, rule_id: str, end_at: datetime, period_start: datetime) -> pl.DataFrame:
        """Three windows of orders by creation time; grain window_kind, unit_id ('' for every unit together, pooled).

        当日 [end_at - 24 h, end_at), 前一日 the 24 hours before, 考核期累计 [period_start, end_at); each with its rates 全口径
        (…_full, with 剔除 and 挂账) and without them; `…_before` of 当日 is the rate of 前一日.
        """
        return self._query(
            _DAILY,
            rule_id=rule_id,
            end_at=end_at,
            day_start=end_at - timedelta(days=1),
            before_start=end_at - timedelta(days=2),
            period_start=period_start,
        )


_MEASURES = ("resolution", "resolution_full", "satisfaction", "satisfaction_full")


def _sums(measure: str) -> str:
    indicator = measure.removesuffix("_full")
    return f"""
        sum({indicator}_value) filter (where is_in_{measure}) / 1000.0::double as {measure}_numerator,
        count(*) filter (where is_in_{measure}) as {measure}_denominator"""


def _rates(measure: str) -> str:
    return f"""
        case when {measure}_denominator > 0 then {measure}_numerator end as {measure}_numerator,
        coalesce({measure}_denominator, 0) as {measure}_denominator,
        {measure}_numerator / nullif({measure}_denominator, 0) as {measure}_rate"""


_DAILY = f"""
    with windows as (
        select '{TODAY}' as window_kind, $day_start::timestamp as start_at, $end_at::timestamp as end_at, 1 as place
        union all select '{DAY_BEFORE}', $before_start::timestamp, $day_start::timestamp, 2
        union all select '{PERIOD_TO_DATE}', $period_start::timestamp, $end_at::timestamp, 3
    ),
    ledger as (
        select * from intermediate.rate_ledger
        where rule_id = $rule_id and created_at >= least($before_start::timestamp, $period_start::timestamp)
            and created_at < $end_at
    ),
    counted as (
        select
            window_kind, coalesce(unit_id, '') as unit_id, count(*) as received,
            count(*) filter (where is_in_response or is_in_resolution or is_in_satisfaction) as callback_count,
            count(*) filter (where is_in_response_full or is_in_resolution_full or is_in_satisfaction_full)
                as callback_full_count,
            {",".join(_sums(measure) for measure in _MEASURES)}
        from windows inner join ledger on ledger.created_at >= windows.start_at and ledger.created_at < windows.end_at
        group by grouping sets ((window_kind, unit_id), (window_kind))
    ),
    every_unit as (
        select unit_id from counted
        union select unit_id from landed.units
        where (valid_from is null or valid_from < $end_at) and (valid_to is null or valid_to > $day_start)
        union select ''
    ),
    rated as (
        select
            windows.*, every_unit.unit_id,
            case every_unit.unit_id when '' then '{EVERY_UNIT}' else units.unit_name end as unit_name,
            coalesce(units.unit_group, '') as unit_group,
            coalesce(received, 0) as received,
            coalesce(callback_count, 0) as callback_count,
            coalesce(callback_full_count, 0) as callback_full_count,
            {",".join(_rates(measure) for measure in _MEASURES)}
        from windows
        cross join every_unit
        left join counted using (window_kind, unit_id)
        left join intermediate.units as units on units.unit_id = every_unit.unit_id
    )
    select
        rated.* exclude (place), case when rated.place = 1 then before.received end as received_before,
        {", ".join(f"case when rated.place = 1 then before.{m}_rate end as {m}_rate_before" for m in _MEASURES)}
    from rated
    inner join rated as before on before.unit_id = rated.unit_id and before.place = 2
    order by rated.place, rated.unit_id <> '', rated.unit_group desc, rated.received desc, rated.unit_id
"""
