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
),

summary as (
    select
        summed.*,
        rules.summary_method,
        rules.summary_method = 'pooled' as is_pooled,
        rules.response_weight * response_pooled as response_part,
        rules.resolution_weight * resolution_pooled as resolution_part,
        rules.satisfaction_weight * satisfaction_pooled as satisfaction_part,
        case when response_pooled is null then 0 else rules.response_weight end
        + case when resolution_pooled is null then 0 else rules.resolution_weight end
        + case when satisfaction_pooled is null then 0 else rules.satisfaction_weight end as applicable_weight,
        rules.renormalise
    from summed
    inner join landed.rules as rules on rules.rule_id = summed.rule_id
),

scored as (
    select
        *,
        case
            when not is_pooled then score_mean
            when renormalise or applicable_weight = 1000
                then 100.0::double * (
                    coalesce(response_part, 0) + coalesce(resolution_part, 0) + coalesce(satisfaction_part, 0)
                ) / nullif(applicable_weight, 0)
        end as exact_score
    from summary
)

select
    rule_id,
    period_id,
    unit_group,
    summary_method,
    units,
    scored_units,
    received,
    valid,
    contacted,
    resolved,
    satisfied,
    basically_satisfied,
    case when is_pooled then response_pooled else response_mean end as response_rate,
    case when is_pooled then resolution_pooled else resolution_mean end as resolution_rate,
    case when is_pooled then satisfaction_pooled else satisfaction_mean end as satisfaction_rate,
    floor(exact_score * 10 + 0.5 + 1e-9) / 10.0::double as score
from scored
