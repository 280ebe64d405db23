-- 汇总行 Summary line of each group of units
-- grain: rule_id, period_id, unit_group
-- partition: period_id
-- why: the 汇总 line under a table; the rule says whether it is the mean of the units or pooled, and summary_method prints it.
with scores as (
    select scores.*
    from marts.mart_unit_scores as scores
    semi join run.touched_periods as touched on touched.period_id = scores.period_id
),

summed as (
    select
        rule_id,
        period_id,
        unit_group,
        count(*) as units,
        count(score) as scored_units,
        cast(sum(received) as bigint) as received,
        cast(sum(valid) as bigint) as valid,
        cast(sum(contacted) as bigint) as contacted,
        cast(sum(resolved) as bigint) as resolved,
        cast(sum(satisfied) as bigint) as satisfied,
        cast(sum(basically_satisfied) as bigint) as basically_satisfied,
        avg(cast(response_rate as decimal(18, 12))) as response_mean,
        avg(cast(resolution_rate as decimal(18, 12))) as resolution_mean,
        avg(cast(satisfaction_rate as decimal(18, 12))) as satisfaction_mean,
        avg(cast(score as decimal(18, 12))) as score_mean,
        sum(response_numerator) / nullif(sum(response_denominator), 0) as response_pooled,
        sum(resolution_numerator) / nullif(sum(resolution_denominator), 0) as resolution_pooled,
        sum(satisfaction_numerator) / nullif(sum(satisfaction_denominator), 0) as satisfaction_pooled
    from scores
    group by rule_id, period_id, unit_group
)

select
    summed.rule_id,
    summed.period_id,
    summed.unit_group,
    rules.summary_method,
    summed.units,
    summed.scored_units,
    summed.received,
    summed.valid,
    summed.contacted,
    summed.resolved,
    summed.satisfied,
    summed.basically_satisfied,
    case when rules.summary_method = 'pooled' then response_pooled else response_mean end as response_rate,
    case when rules.summary_method = 'pooled' then resolution_pooled else resolution_mean end as resolution_rate,
    case when rules.summary_method = 'pooled' then satisfaction_pooled else satisfaction_mean end as satisfaction_rate,
    case when rules.summary_method = 'mean_of_units' then floor(score_mean * 10 + 0.5 + 1e-9) / 10.0::double end as score
from summed
inner join landed.rules as rules on rules.rule_id = summed.rule_id
