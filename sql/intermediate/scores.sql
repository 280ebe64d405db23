-- 综合成绩 Scores of units and groups
-- grain: rule_id, period_id, group_kind, unit_group, group_id, score_scope
-- partition: period_id
-- why: the one scoring formula. A score is 100 minus what each rate loses, its slope times what it lacks to its target, and
-- at least 0; the weighted method is the case of target 1, its slopes being the weights that apply. Scopes: counted (what
-- the rule counts), full (全口径: as if nothing were taken out), interval (two orders with everything and two with nothing
-- added: the centre of the interval). Rounding is half-up; 1e-9 takes float noise out of exact ties.
with scoped as (
    select
        rule_id, period_id, group_kind, unit_group, group_id, 'counted' as score_scope, 0 as added,
        response_denominator, response_thousandths, resolution_denominator, resolution_thousandths,
        satisfaction_denominator, satisfaction_thousandths, on_time_denominator, on_time_thousandths
    from intermediate.group_counts
    union all
    select
        rule_id, period_id, group_kind, unit_group, group_id, 'full' as score_scope, 0 as added,
        response_full_denominator, response_full_thousandths, resolution_full_denominator, resolution_full_thousandths,
        satisfaction_full_denominator, satisfaction_full_thousandths, on_time_denominator, on_time_thousandths
    from intermediate.group_counts
    union all
    select
        rule_id, period_id, group_kind, unit_group, group_id, 'interval' as score_scope, 4 as added,
        response_denominator, response_thousandths, resolution_denominator, resolution_thousandths,
        satisfaction_denominator, satisfaction_thousandths, on_time_denominator, on_time_thousandths
    from intermediate.group_counts
    where group_kind = 'unit'
),

counted as (
    select
        scoped.rule_id, period_id, group_kind, unit_group, group_id, score_scope,
        nullif(response_denominator, 0) + added as response_denominator,
        response_thousandths + 500 * added as response_thousandths,
        nullif(resolution_denominator, 0) + added as resolution_denominator,
        resolution_thousandths + 500 * added as resolution_thousandths,
        nullif(satisfaction_denominator, 0) + added as satisfaction_denominator,
        satisfaction_thousandths + 500 * added as satisfaction_thousandths,
        nullif(on_time_denominator, 0) + added as on_time_denominator,
        on_time_thousandths + 500 * added as on_time_thousandths
    from scoped
    semi join run.touched_periods as touched on touched.period_id = scoped.period_id
),

rated as (
    select
        counted.*, score_method, renormalise, score_decimals,
        response_part, resolution_part, satisfaction_part, on_time_part,
        response_target, resolution_target, satisfaction_target, on_time_target,
        response_thousandths / 1000.0::double / response_denominator as response_rate,
        resolution_thousandths / 1000.0::double / resolution_denominator as resolution_rate,
        satisfaction_thousandths / 1000.0::double / satisfaction_denominator as satisfaction_rate,
        on_time_thousandths / 1000.0::double / on_time_denominator as on_time_rate,
        case when response_denominator > 0 then response_part else 0 end
        + case when resolution_denominator > 0 then resolution_part else 0 end
        + case when satisfaction_denominator > 0 then satisfaction_part else 0 end
        + case when on_time_denominator > 0 then on_time_part else 0 end as applicable_weight
    from counted
    inner join intermediate.rule_parts as parts on parts.rule_id = counted.rule_id
),

sloped as (
    select
        *,
        case when score_method = 'weighted' then nullif(applicable_weight, 0) else 1000 end as part_base,
        applicable_weight > 0
        and (renormalise or score_method <> 'weighted' or applicable_weight = 1000) as is_scored
    from rated
),

lacking as (
    select
        *,
        100.0::double * response_part / part_base as response_slope,
        100.0::double * resolution_part / part_base as resolution_slope,
        100.0::double * satisfaction_part / part_base as satisfaction_slope,
        100.0::double * on_time_part / part_base as on_time_slope,
        coalesce(100.0::double * response_part / part_base * greatest(0, response_target - response_rate), 0) as response_lost,
        coalesce(100.0::double * resolution_part / part_base * greatest(0, resolution_target - resolution_rate), 0)
            as resolution_lost,
        coalesce(100.0::double * satisfaction_part / part_base * greatest(0, satisfaction_target - satisfaction_rate), 0)
            as satisfaction_lost,
        coalesce(100.0::double * on_time_part / part_base * greatest(0, on_time_target - on_time_rate), 0) as on_time_lost
    from sloped
),

scored as (
    select
        *,
        response_lost + resolution_lost + satisfaction_lost + on_time_lost as lost,
        case when is_scored then greatest(0, 100 - (response_lost + resolution_lost + satisfaction_lost + on_time_lost)) end
            as exact_score
    from lacking
),

shared as (
    select
        *,
        case when is_scored then coalesce((100 - exact_score) / nullif(lost, 0), 1) end as lost_part
    from scored
)

select
    rule_id, period_id, group_kind, unit_group, group_id, score_scope,
    coalesce(response_denominator, 0) as response_denominator, response_thousandths, response_rate,
    coalesce(resolution_denominator, 0) as resolution_denominator, resolution_thousandths, resolution_rate,
    coalesce(satisfaction_denominator, 0) as satisfaction_denominator, satisfaction_thousandths, satisfaction_rate,
    coalesce(on_time_denominator, 0) as on_time_denominator, on_time_thousandths, on_time_rate,
    response_slope, resolution_slope, satisfaction_slope, on_time_slope,
    applicable_weight, exact_score,
    floor(exact_score * power(10, score_decimals) + 0.5 + 1e-9) / power(10.0::double, score_decimals) as score,
    response_lost * lost_part as response_lost_score,
    resolution_lost * lost_part as resolution_lost_score,
    satisfaction_lost * lost_part as satisfaction_lost_score,
    on_time_lost * lost_part as on_time_lost_score
from shared
