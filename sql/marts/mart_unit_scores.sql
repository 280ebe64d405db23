-- 单位三率 Three rates of each unit
-- grain: rule_id, period_id, unit_id
-- partition: period_id
-- why: a rate never travels without numerator and denominator; a unit without a valid callback has no rate and no rank,
-- nor has one that the site's list does not know. The band tells a unit from the mean of its group's scores only where the
-- difference is significant, at 5 % for all units of the group together (Bonferroni).
with set_aside as (
    select rule_id, period_id, unit_id, cast(sum(order_count) as bigint) as set_aside_count
    from intermediate.outcomes
    where is_excluded or is_suspended
    group by rule_id, period_id, unit_id
),

gathered as (
    select
        counts.*, units.unit_name, units.unit_group, units.terrain,
        coalesce(set_aside.set_aside_count, 0) as set_aside_count,
        scores.response_rate, scores.resolution_rate, scores.satisfaction_rate, scores.on_time_rate,
        whole.response_rate as response_full_rate, whole.resolution_rate as resolution_full_rate,
        whole.satisfaction_rate as satisfaction_full_rate,
        scores.applicable_weight, scores.exact_score, scores.score, whole.score as score_full,
        ranks.score_rank, ranks.rank_low, ranks.rank_high, ranks.ranked_units, ranks.tier,
        errors.score_error, errors.score_low, errors.score_high,
        rates.response_rate_low, rates.response_rate_high, rates.resolution_rate_low, rates.resolution_rate_high,
        rates.satisfaction_rate_low, rates.satisfaction_rate_high, rates.on_time_rate_low, rates.on_time_rate_high,
        rates.resolution_rate_shrunk, rates.satisfaction_rate_shrunk,
        count(scores.score) over peers as scored_units,
        cast(sum(cast(scores.exact_score as decimal(38, 12))) over peers as double) / count(scores.score) over peers as mean_score,
        cast(sum(cast(errors.score_error * errors.score_error as decimal(38, 12))) over peers as double) as summed_variance
    from intermediate.unit_counts as counts
    inner join intermediate.units as units on units.unit_id = counts.unit_id
    inner join intermediate.scores as scores
        on scores.rule_id = counts.rule_id and scores.period_id = counts.period_id and scores.group_kind = 'unit'
        and scores.group_id = counts.unit_id and scores.score_scope = 'counted'
    inner join intermediate.scores as whole
        on whole.rule_id = counts.rule_id and whole.period_id = counts.period_id and whole.group_kind = 'unit'
        and whole.group_id = counts.unit_id and whole.score_scope = 'full'
    left join set_aside
        on set_aside.rule_id = counts.rule_id and set_aside.period_id = counts.period_id
        and set_aside.unit_id = counts.unit_id
    left join intermediate.score_errors as errors
        on errors.rule_id = counts.rule_id and errors.period_id = counts.period_id and errors.unit_id = counts.unit_id
    left join intermediate.unit_ranks as ranks
        on ranks.rule_id = counts.rule_id and ranks.period_id = counts.period_id and ranks.unit_id = counts.unit_id
    left join intermediate.unit_rates as rates
        on rates.rule_id = counts.rule_id and rates.period_id = counts.period_id and rates.unit_id = counts.unit_id
    semi join run.touched_periods as touched on touched.period_id = counts.period_id
    window peers as (partition by counts.rule_id, counts.period_id, units.unit_group)
)

select
    rule_id, period_id, unit_id, unit_name, unit_group, terrain,
    received, volume_count, excluded, suspended, set_aside_count,
    set_aside_count::double / nullif(received, 0) as set_aside_share,
    awaited, valid, unreached, response_only, contacted, resolved, satisfied, basically_satisfied,
    response_thousandths / 1000.0::double as response_numerator, response_denominator, response_rate,
    resolution_thousandths / 1000.0::double as resolution_numerator, resolution_denominator, resolution_rate,
    satisfaction_thousandths / 1000.0::double as satisfaction_numerator, satisfaction_denominator, satisfaction_rate,
    on_time_thousandths / 1000.0::double as on_time_numerator, on_time_denominator, on_time_rate,
    response_full_thousandths / 1000.0::double as response_full_numerator, response_full_denominator, response_full_rate,
    resolution_full_thousandths / 1000.0::double as resolution_full_numerator, resolution_full_denominator, resolution_full_rate,
    satisfaction_full_thousandths / 1000.0::double as satisfaction_full_numerator, satisfaction_full_denominator,
    satisfaction_full_rate,
    applicable_weight, exact_score, score, score_full, score_rank, rank_low, rank_high, tier, ranked_units,
    case
        when score is null then '无有效回访'
        when unit_group in ('未登记单位', '未填') then '暂不可区分'
        when abs(exact_score - mean_score) - 1e-9 > coalesce(quantiles.z_value, 1e9) * sqrt(greatest(
            0, score_error * score_error * (1 - 2.0::double / scored_units) + summed_variance / (scored_units * scored_units)
        )) then case when exact_score > mean_score then '高于同组均值' else '低于同组均值' end
        else '暂不可区分'
    end as band,
    score_error, score_low, score_high,
    response_rate_low, response_rate_high, resolution_rate_low, resolution_rate_high,
    satisfaction_rate_low, satisfaction_rate_high, on_time_rate_low, on_time_rate_high,
    resolution_rate_shrunk, satisfaction_rate_shrunk
from gathered
left join landed.normal_quantiles as quantiles on quantiles.comparisons = gathered.scored_units
