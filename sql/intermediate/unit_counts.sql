-- 单位计数 Counts of each unit
-- grain: rule_id, period_id, unit_id
-- partition: period_id
-- why: the ledger summed once; units of the site's list without a single order get a row of zeros, so that they are printed.
with counted as (
    select
        ledger.rule_id,
        ledger.period_id,
        ledger.unit_id,
        count(*) as received,
        count(*) filter (where ledger.is_excluded) as excluded,
        count(*) filter (where ledger.is_suspended) as suspended,
        count(*) filter (where ledger.reason_code = 'callback_awaited') as awaited,
        count(*) filter (where ledger.reason_code = 'counted') as valid,
        count(*) filter (where ledger.reason_code = 'counted' and ledger.is_response_only) as response_only,
        count(*) filter (where ledger.is_in_response) as response_denominator,
        count(*) filter (where ledger.is_in_resolution) as resolution_denominator,
        count(*) filter (where ledger.is_in_satisfaction) as satisfaction_denominator,
        sum(ledger.response_value) as response_thousandths,
        sum(ledger.resolution_value) as resolution_thousandths,
        sum(ledger.satisfaction_value) as satisfaction_thousandths,
        count(*) filter (where ledger.response_value > 0) as contacted,
        count(*) filter (where ledger.resolution_value > 0) as resolved,
        count(*) filter (where ledger.is_in_satisfaction and ledger.satisfaction = '满意') as satisfied,
        count(*) filter (where ledger.is_in_satisfaction and ledger.satisfaction = '基本满意') as basically_satisfied
    from intermediate.rate_ledger as ledger
    semi join run.touched_periods as touched on touched.period_id = ledger.period_id
    group by ledger.rule_id, ledger.period_id, ledger.unit_id
),

expected as (
    select periods.rule_id, periods.period_id, units.unit_id
    from landed.rule_periods as periods
    semi join run.touched_periods as touched on touched.period_id = periods.period_id
    cross join landed.units as units
    where coalesce(units.valid_from < cast(periods.end_at as date), true)
        and coalesce(units.valid_to > cast(periods.start_at as date), true)
),

every_unit as (
    select rule_id, period_id, unit_id from expected
    union
    select rule_id, period_id, unit_id from counted
)

select
    every_unit.rule_id,
    every_unit.period_id,
    every_unit.unit_id,
    coalesce(counted.received, 0) as received,
    coalesce(counted.excluded, 0) as excluded,
    coalesce(counted.suspended, 0) as suspended,
    coalesce(counted.awaited, 0) as awaited,
    coalesce(counted.valid, 0) as valid,
    coalesce(counted.response_only, 0) as response_only,
    coalesce(counted.response_denominator, 0) as response_denominator,
    coalesce(counted.resolution_denominator, 0) as resolution_denominator,
    coalesce(counted.satisfaction_denominator, 0) as satisfaction_denominator,
    cast(coalesce(counted.response_thousandths, 0) as bigint) as response_thousandths,
    cast(coalesce(counted.resolution_thousandths, 0) as bigint) as resolution_thousandths,
    cast(coalesce(counted.satisfaction_thousandths, 0) as bigint) as satisfaction_thousandths,
    coalesce(counted.contacted, 0) as contacted,
    coalesce(counted.resolved, 0) as resolved,
    coalesce(counted.satisfied, 0) as satisfied,
    coalesce(counted.basically_satisfied, 0) as basically_satisfied
from every_unit
left join counted
    on counted.rule_id = every_unit.rule_id
    and counted.period_id = every_unit.period_id
    and counted.unit_id = every_unit.unit_id
