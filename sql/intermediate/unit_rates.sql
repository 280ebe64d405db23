-- 各率的区间与收缩估计 Interval and shrunken estimate of each rate
-- grain: rule_id, period_id, unit_id
-- partition: period_id
-- why: Wilson's interval with n as it is. An answer that counts 0.9 makes the spread smaller than p(1 - p) (Bhatia and
-- Davis), so the interval is wide enough there. The shrunken rate is beta-binomial empirical Bayes within the unit's group
-- of the period: pulled towards the group's pooled rate, the more the fewer its callbacks and the more alike the units;
-- the intra-unit correlation is the method-of-moments estimate with weights n (Kleinman 1973), kept in 0-1.
with rates as (
    select
        scores.rule_id, scores.period_id, scores.group_id as unit_id, scores.unit_group,
        scores.response_rate as response, cast(nullif(scores.response_denominator, 0) as double) as response_n,
        scores.resolution_rate as resolution, cast(nullif(scores.resolution_denominator, 0) as double) as resolution_n,
        scores.satisfaction_rate as satisfaction, cast(nullif(scores.satisfaction_denominator, 0) as double) as satisfaction_n,
        scores.on_time_rate as on_time, cast(nullif(scores.on_time_denominator, 0) as double) as on_time_n,
        pooled.resolution_rate as resolution_mean, cast(nullif(pooled.resolution_denominator, 0) as double) as resolution_all,
        pooled.satisfaction_rate as satisfaction_mean, cast(nullif(pooled.satisfaction_denominator, 0) as double) as satisfaction_all
    from intermediate.scores as scores
    inner join intermediate.scores as pooled
        on pooled.rule_id = scores.rule_id and pooled.period_id = scores.period_id and pooled.score_scope = 'counted'
        and pooled.group_kind = 'unit_group' and pooled.unit_group = scores.unit_group
    semi join run.touched_periods as touched on touched.period_id = scores.period_id
    where scores.group_kind = 'unit' and scores.score_scope = 'counted'
),

spread as (
    select
        *,
        resolution_all - sum(resolution_n * resolution_n) over peers / resolution_all - count(resolution) over peers + 1
            as resolution_weight,
        sum(cast(resolution_n * power(resolution - resolution_mean, 2) as decimal(38, 12))) over peers
        / nullif(resolution_mean * (1 - resolution_mean), 0) - count(resolution) over peers + 1 as resolution_excess,
        satisfaction_all - sum(satisfaction_n * satisfaction_n) over peers / satisfaction_all
        - count(satisfaction) over peers + 1 as satisfaction_weight,
        sum(cast(satisfaction_n * power(satisfaction - satisfaction_mean, 2) as decimal(38, 12))) over peers
        / nullif(satisfaction_mean * (1 - satisfaction_mean), 0) - count(satisfaction) over peers + 1 as satisfaction_excess
    from rates
    window peers as (partition by rule_id, period_id, unit_group)
),

correlated as (
    select
        *,
        least(1, greatest(0, coalesce(resolution_excess / nullif(resolution_weight, 0), 0))) as resolution_tie,
        least(1, greatest(0, coalesce(satisfaction_excess / nullif(satisfaction_weight, 0), 0))) as satisfaction_tie,
        1.96 * sqrt(response * (1 - response) / response_n + 0.9604 / (response_n * response_n)) as response_half,
        1.96 * sqrt(resolution * (1 - resolution) / resolution_n + 0.9604 / (resolution_n * resolution_n)) as resolution_half,
        1.96 * sqrt(satisfaction * (1 - satisfaction) / satisfaction_n + 0.9604 / (satisfaction_n * satisfaction_n))
            as satisfaction_half,
        1.96 * sqrt(on_time * (1 - on_time) / on_time_n + 0.9604 / (on_time_n * on_time_n)) as on_time_half
    from spread
)

select
    rule_id,
    period_id,
    unit_id,
    case when response_n > 0 then greatest(0, (response + 1.9208 / response_n - response_half) / (1 + 3.8416 / response_n)) end as response_rate_low,
    case when response_n > 0 then least(1, (response + 1.9208 / response_n + response_half) / (1 + 3.8416 / response_n)) end as response_rate_high,
    case when resolution_n > 0 then greatest(0, (resolution + 1.9208 / resolution_n - resolution_half) / (1 + 3.8416 / resolution_n)) end as resolution_rate_low,
    case when resolution_n > 0 then least(1, (resolution + 1.9208 / resolution_n + resolution_half) / (1 + 3.8416 / resolution_n)) end as resolution_rate_high,
    case when satisfaction_n > 0 then greatest(0, (satisfaction + 1.9208 / satisfaction_n - satisfaction_half) / (1 + 3.8416 / satisfaction_n)) end as satisfaction_rate_low,
    case when satisfaction_n > 0 then least(1, (satisfaction + 1.9208 / satisfaction_n + satisfaction_half) / (1 + 3.8416 / satisfaction_n)) end as satisfaction_rate_high,
    case when on_time_n > 0 then greatest(0, (on_time + 1.9208 / on_time_n - on_time_half) / (1 + 3.8416 / on_time_n)) end as on_time_rate_low,
    case when on_time_n > 0 then least(1, (on_time + 1.9208 / on_time_n + on_time_half) / (1 + 3.8416 / on_time_n)) end as on_time_rate_high,
    resolution_mean + (resolution - resolution_mean) * resolution_tie * resolution_n
    / (resolution_tie * resolution_n + 1 - resolution_tie) as resolution_rate_shrunk,
    satisfaction_mean + (satisfaction - satisfaction_mean) * satisfaction_tie * satisfaction_n
    / (satisfaction_tie * satisfaction_n + 1 - satisfaction_tie) as satisfaction_rate_shrunk
from correlated
