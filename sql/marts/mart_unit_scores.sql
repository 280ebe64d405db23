-- 单位三率 Three rates of each unit
-- grain: rule_id, period_id, unit_id
-- partition: period_id
-- why: a rate never travels without numerator and denominator; a unit without a valid callback has no rate and no rank,
-- nor has one that the site's list does not know.
-- The score is rounded half-up to one decimal before ranking; 1e-9 takes float noise out of exact ties.
with rated as (
    select
        counts.*,
        units.unit_name,
        units.unit_group,
        counts.response_thousandths / 1000.0::double / nullif(counts.response_denominator, 0) as response_rate,
        counts.resolution_thousandths / 1000.0::double / nullif(counts.resolution_denominator, 0) as resolution_rate,
        counts.satisfaction_thousandths / 1000.0::double / nullif(counts.satisfaction_denominator, 0)
            as satisfaction_rate
    from intermediate.unit_counts as counts
    inner join intermediate.units as units on units.unit_id = counts.unit_id
    semi join run.touched_periods as touched on touched.period_id = counts.period_id
),

weighted as (
    select
        rated.*,
        case
            when rules.renormalise
                then case when response_rate is null then 0 else rules.response_weight end
                + case when resolution_rate is null then 0 else rules.resolution_weight end
                + case when satisfaction_rate is null then 0 else rules.satisfaction_weight end
            when response_rate + resolution_rate + satisfaction_rate is not null then 1000
        end as applicable_weight,
        coalesce(rules.response_weight * response_rate, 0)
        + coalesce(rules.resolution_weight * resolution_rate, 0)
        + coalesce(rules.satisfaction_weight * satisfaction_rate, 0) as weighted_sum
    from rated
    inner join landed.rules as rules on rules.rule_id = rated.rule_id
),

scored as (
    select
        *,
        weighted_sum / nullif(applicable_weight, 0) as score_share,
        least(
            nullif(response_denominator, 0), nullif(resolution_denominator, 0), nullif(satisfaction_denominator, 0)
        ) as score_n,
        floor(1000.0::double * weighted_sum / nullif(applicable_weight, 0) + 0.5 + 1e-9) / 10.0::double as score
    from weighted
),

bounded as (
    select
        *,
        (score_share + 1.9208 / score_n) / (1 + 3.8416 / score_n) as score_centre,
        1.96 * sqrt(score_share * (1 - score_share) / score_n + 0.9604 / (score_n * score_n)) / (1 + 3.8416 / score_n)
            as score_half,
        (resolution_rate + 1.9208 / resolution_denominator) / (1 + 3.8416 / resolution_denominator) as resolution_centre,
        1.96 * sqrt(
            resolution_rate * (1 - resolution_rate) / resolution_denominator
            + 0.9604 / (resolution_denominator * resolution_denominator)
        ) / (1 + 3.8416 / resolution_denominator) as resolution_half,
        avg(cast(score as decimal(18, 6))) over (partition by rule_id, period_id, unit_group) as group_score
    from scored
)

select
    rule_id,
    period_id,
    unit_id,
    unit_name,
    unit_group,
    received,
    excluded,
    suspended,
    awaited,
    valid,
    response_only,
    contacted,
    resolved,
    satisfied,
    basically_satisfied,
    response_thousandths / 1000.0::double as response_numerator,
    response_denominator,
    response_rate,
    resolution_thousandths / 1000.0::double as resolution_numerator,
    resolution_denominator,
    resolution_rate,
    satisfaction_thousandths / 1000.0::double as satisfaction_numerator,
    satisfaction_denominator,
    satisfaction_rate,
    score,
    case
        when score is not null and unit_group not in ('未登记单位', '未填')
            then rank() over (partition by rule_id, period_id, unit_group order by score desc nulls last, received desc)
    end as score_rank,
    case when score is not null then 100 * greatest(0, score_centre - score_half) end as score_low,
    case when score is not null then 100 * least(1, score_centre + score_half) end as score_high,
    case when resolution_rate is not null then greatest(0, resolution_centre - resolution_half) end as resolution_rate_low,
    case when resolution_rate is not null then least(1, resolution_centre + resolution_half) end as resolution_rate_high,
    case
        when score is null then '无有效回访'
        when 100 * (score_centre - score_half) > group_score then '高于同组均值'
        when 100 * (score_centre + score_half) < group_score then '低于同组均值'
        else '暂不可区分'
    end as band
from bounded
