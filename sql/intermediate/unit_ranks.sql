-- 位次与位次范围 Ranks and rank ranges
-- grain: rule_id, period_id, unit_id
-- partition: period_id
-- why: the rank comes from rounded scores and the rule's tie-break. The range holds the unit's true rank with 95 %
-- confidence: one more than the units significantly above it, to as many as are not significantly below (Mogstad, Romano,
-- Shaikh and Wilhelm 2024), two-sided at 0.05 over all pairs with this unit (Bonferroni). Scores that round to the same
-- are never told apart, so the rank lies in its range. A group without a critical value keeps the whole range. The
-- minimum for a rank is in valid callbacks; where nothing but the on-time rate scores, in its orders.
-- Tier 1 holds the first unit and all that do not differ significantly from it; the first of the rest leads tier 2 in the
-- same way, and so on. A unit with few callbacks can so stand in a high tier with a low rank.
with recursive eligible as (
    select
        scores.rule_id, scores.period_id, scores.unit_group, scores.group_id as unit_id,
        scores.score, scores.exact_score, errors.score_error,
        case rules.tie_break when 'received' then counts.received when 'valid' then counts.valid else 0 end as tie_key
    from intermediate.scores as scores
    inner join intermediate.score_errors as errors
        on errors.rule_id = scores.rule_id and errors.period_id = scores.period_id and errors.unit_id = scores.group_id
    inner join intermediate.unit_counts as counts
        on counts.rule_id = scores.rule_id and counts.period_id = scores.period_id and counts.unit_id = scores.group_id
    inner join landed.rules as rules on rules.rule_id = scores.rule_id
    semi join run.touched_periods as touched on touched.period_id = scores.period_id
    where scores.group_kind = 'unit' and scores.score_scope = 'counted' and scores.score is not null
        and scores.unit_group not in ('未登记单位', '未填')
        and case when scores.response_slope + scores.resolution_slope + scores.satisfaction_slope > 0
            then counts.valid else counts.on_time_denominator end
        >= rules.minimum_for_rank
),

ranked as (
    select
        *,
        rank() over (partition by rule_id, period_id, unit_group order by score desc, tie_key desc) as score_rank,
        count(*) over (partition by rule_id, period_id, unit_group) as ranked_units
    from eligible
),

compared as (
    select ranked.*, quantiles.z_value
    from ranked
    left join landed.normal_quantiles as quantiles on quantiles.comparisons = greatest(1, ranked.ranked_units - 1)
),

differing as (
    select
        one.rule_id, one.period_id, one.unit_id,
        count(*) filter (where other.exact_score > one.exact_score) as above,
        count(*) filter (where other.exact_score < one.exact_score) as below
    from compared as one
    inner join compared as other
        on other.rule_id = one.rule_id and other.period_id = one.period_id and other.unit_group = one.unit_group
        and other.score <> one.score
        and abs(other.exact_score - one.exact_score)
        > one.z_value * sqrt(one.score_error * one.score_error + other.score_error * other.score_error)
    group by one.rule_id, one.period_id, one.unit_id
),

rounds as (
    select
        rule_id, period_id, unit_group, unit_id, score_rank, score, exact_score, score_error, z_value, 1 as tier
    from compared
    union all
    select rule_id, period_id, unit_group, unit_id, score_rank, score, exact_score, score_error, z_value, tier + 1 as tier
    from (
        select
            rounds.*,
            first_value(score) over leaders as leader_score,
            first_value(exact_score) over leaders as leader_exact_score,
            first_value(score_error) over leaders as leader_error
        from rounds
        window leaders as (partition by rule_id, period_id, unit_group order by score_rank, unit_id)
    ) as led
    where led.score <> led.leader_score
        and led.leader_exact_score - led.exact_score
        > led.z_value * sqrt(led.score_error * led.score_error + led.leader_error * led.leader_error)
),

tiers as (
    select rule_id, period_id, unit_id, max(tier) as tier
    from rounds
    group by rule_id, period_id, unit_id
)

select
    compared.rule_id,
    compared.period_id,
    compared.unit_id,
    compared.score_rank,
    1 + coalesce(differing.above, 0) as rank_low,
    compared.ranked_units - coalesce(differing.below, 0) as rank_high,
    compared.ranked_units,
    tiers.tier
from compared
inner join tiers
    on tiers.rule_id = compared.rule_id and tiers.period_id = compared.period_id and tiers.unit_id = compared.unit_id
left join differing
    on differing.rule_id = compared.rule_id and differing.period_id = compared.period_id
    and differing.unit_id = compared.unit_id
