-- 单位计数 Counts of each unit
-- grain: rule_id, period_id, unit_id
-- partition: period_id
-- why: numerators (in thousandths) and denominators of every rate; units of the site's list without a single order get a row
-- of zeros, so that they are printed.
with outcomes as (
    select outcomes.*
    from intermediate.outcomes as outcomes
    semi join run.touched_periods as touched on touched.period_id = outcomes.period_id
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
    select rule_id, period_id, unit_id from outcomes
),

counted as (
    select
        every_unit.rule_id, every_unit.period_id, every_unit.unit_id,
        sum(order_count) as received,
        sum(order_count) filter (where not is_volume_excluded) as volume_count,
        sum(order_count) filter (where is_excluded) as excluded,
        sum(order_count) filter (where is_suspended) as suspended,
        sum(order_count) filter (where reason_code = 'callback_awaited') as awaited,
        sum(order_count) filter (where reason_code = 'counted') as valid,
        sum(order_count) filter (where reason_code = 'unreached' or reason_code = 'callback_not_valid') as unreached,
        sum(order_count) filter (where reason_code = 'counted' and is_response_only) as response_only,
        sum(order_count) filter (where is_in_response) as response_denominator,
        sum(order_count) filter (where is_in_resolution) as resolution_denominator,
        sum(order_count) filter (where is_in_satisfaction) as satisfaction_denominator,
        sum(order_count) filter (where is_in_on_time) as on_time_denominator,
        sum(order_count * response_value) filter (where is_in_response) as response_thousandths,
        sum(order_count * resolution_value) filter (where is_in_resolution) as resolution_thousandths,
        sum(order_count * satisfaction_value) filter (where is_in_satisfaction) as satisfaction_thousandths,
        sum(order_count * on_time_value) filter (where is_in_on_time) as on_time_thousandths,
        sum(order_count) filter (where is_in_response_full) as response_full_denominator,
        sum(order_count) filter (where is_in_resolution_full) as resolution_full_denominator,
        sum(order_count) filter (where is_in_satisfaction_full) as satisfaction_full_denominator,
        sum(order_count * response_value) filter (where is_in_response_full) as response_full_thousandths,
        sum(order_count * resolution_value) filter (where is_in_resolution_full) as resolution_full_thousandths,
        sum(order_count * satisfaction_value) filter (where is_in_satisfaction_full) as satisfaction_full_thousandths,
        sum(order_count) filter (where is_in_response and response_value > 0) as contacted,
        sum(order_count) filter (where is_in_resolution and resolution_value > 0) as resolved,
        sum(order_count) filter (where is_in_satisfaction and satisfaction = '满意') as satisfied,
        sum(order_count) filter (where is_in_satisfaction and satisfaction = '基本满意') as basically_satisfied
    from every_unit
    left join outcomes
        on outcomes.rule_id = every_unit.rule_id
        and outcomes.period_id = every_unit.period_id
        and outcomes.unit_id = every_unit.unit_id
    group by every_unit.rule_id, every_unit.period_id, every_unit.unit_id
)

select
    rule_id,
    period_id,
    unit_id,
    cast(coalesce(received, 0) as bigint) as received,
    cast(coalesce(volume_count, 0) as bigint) as volume_count,
    cast(coalesce(excluded, 0) as bigint) as excluded,
    cast(coalesce(suspended, 0) as bigint) as suspended,
    cast(coalesce(awaited, 0) as bigint) as awaited,
    cast(coalesce(valid, 0) as bigint) as valid,
    cast(coalesce(unreached, 0) as bigint) as unreached,
    cast(coalesce(response_only, 0) as bigint) as response_only,
    cast(coalesce(response_denominator, 0) as bigint) as response_denominator,
    cast(coalesce(resolution_denominator, 0) as bigint) as resolution_denominator,
    cast(coalesce(satisfaction_denominator, 0) as bigint) as satisfaction_denominator,
    cast(coalesce(on_time_denominator, 0) as bigint) as on_time_denominator,
    cast(coalesce(response_thousandths, 0) as bigint) as response_thousandths,
    cast(coalesce(resolution_thousandths, 0) as bigint) as resolution_thousandths,
    cast(coalesce(satisfaction_thousandths, 0) as bigint) as satisfaction_thousandths,
    cast(coalesce(on_time_thousandths, 0) as bigint) as on_time_thousandths,
    cast(coalesce(response_full_denominator, 0) as bigint) as response_full_denominator,
    cast(coalesce(resolution_full_denominator, 0) as bigint) as resolution_full_denominator,
    cast(coalesce(satisfaction_full_denominator, 0) as bigint) as satisfaction_full_denominator,
    cast(coalesce(response_full_thousandths, 0) as bigint) as response_full_thousandths,
    cast(coalesce(resolution_full_thousandths, 0) as bigint) as resolution_full_thousandths,
    cast(coalesce(satisfaction_full_thousandths, 0) as bigint) as satisfaction_full_thousandths,
    cast(coalesce(contacted, 0) as bigint) as contacted,
    cast(coalesce(resolved, 0) as bigint) as resolved,
    cast(coalesce(satisfied, 0) as bigint) as satisfied,
    cast(coalesce(basically_satisfied, 0) as bigint) as basically_satisfied
from counted
