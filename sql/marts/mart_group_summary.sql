-- 汇总行 Summary line of each group of units
-- grain: rule_id, period_id, group_kind, unit_group, group_id
-- partition: period_id
-- why: the 汇总 line under a table; the rule says whether it is the mean of the units or pooled, and summary_method prints it.
-- Both stand beside it. group_kind says what the group is: unit_group (the ranking group itself), terrain or size_class.
with summed as (
    select
        members.rule_id,
        members.period_id,
        members.group_kind,
        members.unit_group,
        members.group_id,
        count(*) as units,
        count(scores.score) as scored_units,
        cast(sum(scores.received) as bigint) as received,
        cast(sum(scores.valid) as bigint) as valid,
        cast(sum(scores.contacted) as bigint) as contacted,
        cast(sum(scores.resolved) as bigint) as resolved,
        cast(sum(scores.satisfied) as bigint) as satisfied,
        cast(sum(scores.basically_satisfied) as bigint) as basically_satisfied,
        avg(cast(scores.response_rate as decimal(18, 12))) as response_rate_mean,
        avg(cast(scores.resolution_rate as decimal(18, 12))) as resolution_rate_mean,
        avg(cast(scores.satisfaction_rate as decimal(18, 12))) as satisfaction_rate_mean,
        avg(cast(scores.on_time_rate as decimal(18, 12))) as on_time_rate_mean,
        avg(cast(scores.score as decimal(18, 12))) as exact_mean
    from intermediate.group_members as members
    inner join marts.mart_unit_scores as scores
        on scores.rule_id = members.rule_id and scores.period_id = members.period_id
        and scores.unit_id = members.unit_id
    semi join run.touched_periods as touched on touched.period_id = members.period_id
    where members.group_kind <> 'unit'
    group by members.rule_id, members.period_id, members.group_kind, members.unit_group, members.group_id
),

rounded as (
    select
        summed.*,
        floor(summed.exact_mean * power(10, rules.score_decimals) + 0.5 + 1e-9) / power(10.0::double, rules.score_decimals)
            as score_mean
    from summed
    inner join landed.rules as rules on rules.rule_id = summed.rule_id
)

select
    summed.rule_id,
    summed.period_id,
    summed.group_kind,
    summed.unit_group,
    summed.group_id,
    rules.summary_method,
    summed.units,
    summed.scored_units,
    summed.received,
    summed.valid,
    summed.contacted,
    summed.resolved,
    summed.satisfied,
    summed.basically_satisfied,
    pooled.response_thousandths / 1000.0::double as response_numerator,
    pooled.response_denominator,
    pooled.response_rate as response_rate_pooled,
    summed.response_rate_mean,
    case rules.summary_method when 'pooled' then pooled.response_rate else summed.response_rate_mean end as response_rate,
    pooled.resolution_thousandths / 1000.0::double as resolution_numerator,
    pooled.resolution_denominator,
    pooled.resolution_rate as resolution_rate_pooled,
    summed.resolution_rate_mean,
    case rules.summary_method when 'pooled' then pooled.resolution_rate else summed.resolution_rate_mean end
        as resolution_rate,
    pooled.satisfaction_thousandths / 1000.0::double as satisfaction_numerator,
    pooled.satisfaction_denominator,
    pooled.satisfaction_rate as satisfaction_rate_pooled,
    summed.satisfaction_rate_mean,
    case rules.summary_method when 'pooled' then pooled.satisfaction_rate else summed.satisfaction_rate_mean end
        as satisfaction_rate,
    pooled.on_time_thousandths / 1000.0::double as on_time_numerator,
    pooled.on_time_denominator,
    pooled.on_time_rate as on_time_rate_pooled,
    summed.on_time_rate_mean,
    case rules.summary_method when 'pooled' then pooled.on_time_rate else summed.on_time_rate_mean end as on_time_rate,
    pooled.score as score_pooled,
    summed.score_mean,
    case rules.summary_method when 'pooled' then pooled.score else summed.score_mean end as score
from rounded as summed
inner join landed.rules as rules on rules.rule_id = summed.rule_id
inner join intermediate.scores as pooled
    on pooled.rule_id = summed.rule_id and pooled.period_id = summed.period_id
    and pooled.group_kind = summed.group_kind and pooled.unit_group = summed.unit_group
    and pooled.group_id = summed.group_id and pooled.score_scope = 'counted'
