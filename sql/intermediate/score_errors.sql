-- 成绩的标准误与区间 Standard error and interval of a score
-- grain: rule_id, period_id, unit_id
-- partition: period_id
-- why: delta method on orders. An order moves the score by the sum over its rates of slope * (value - rate) / n; squared
-- and summed that is the variance, with the correlation of the rates and the 0.9 of a part answer in it. Two orders with
-- everything and two with nothing are added to each unit (after Agresti and Coull 1998), so 20 of 20 is not certain.
-- A deduction counts with its slope also where the rate is above the target, which is wide enough.
with centred as (
    select scores.*
    from intermediate.scores as scores
    semi join run.touched_periods as touched on touched.period_id = scores.period_id
    where scores.group_kind = 'unit' and scores.score_scope = 'interval' and scores.exact_score is not null
),

observed as (
    select
        rule_id, period_id, unit_id, order_count,
        is_in_response, is_in_resolution, is_in_satisfaction, is_in_on_time,
        response_value, resolution_value, satisfaction_value, on_time_value
    from intermediate.outcomes
    where is_in_response or is_in_resolution or is_in_satisfaction or is_in_on_time
    union all
    select
        rule_id, period_id, group_id as unit_id, 2 as order_count,
        true, true, true, true,
        added.order_value, added.order_value, added.order_value, added.order_value
    from centred
    cross join (values (0), (1000)) as added (order_value)
),

influences as (
    select
        observed.rule_id, observed.period_id, observed.unit_id, observed.order_count,
        case when is_in_response then response_slope else 0 end
        * (response_value / 1000.0::double - response_rate) / response_denominator as response_influence,
        case when is_in_resolution then resolution_slope else 0 end
        * (resolution_value / 1000.0::double - resolution_rate) / resolution_denominator as resolution_influence,
        case when is_in_satisfaction then satisfaction_slope else 0 end
        * (satisfaction_value / 1000.0::double - satisfaction_rate) / satisfaction_denominator as satisfaction_influence,
        case when is_in_on_time then on_time_slope else 0 end
        * (on_time_value / 1000.0::double - on_time_rate) / on_time_denominator as on_time_influence
    from observed
    inner join centred
        on centred.rule_id = observed.rule_id and centred.period_id = observed.period_id
        and centred.group_id = observed.unit_id
),

moved as (
    select
        rule_id, period_id, unit_id, order_count,
        coalesce(response_influence, 0) + coalesce(resolution_influence, 0) + coalesce(satisfaction_influence, 0)
        + coalesce(on_time_influence, 0) as influence
    from influences
),

spread as (
    select
        rule_id, period_id, unit_id,
        sqrt(cast(sum(cast(order_count * influence * influence as decimal(38, 16))) as double)) as score_error
    from moved
    group by rule_id, period_id, unit_id
)

select
    spread.rule_id,
    spread.period_id,
    spread.unit_id,
    spread.score_error,
    greatest(0, centred.exact_score - 1.96 * spread.score_error) as score_low,
    least(100, centred.exact_score + 1.96 * spread.score_error) as score_high
from spread
inner join centred
    on centred.rule_id = spread.rule_id and centred.period_id = spread.period_id and centred.group_id = spread.unit_id
