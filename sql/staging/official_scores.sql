-- 现行正式通报 Official figures in force
-- grain: period_id, applies_to, unit_id
-- why: of several tables for one period and unit the one issued last counts, among those issued by the time that is
-- asked for. Names resolve by the site's list at the period's last day; an unknown name stays a unit of its own, as it
-- does for orders. applies_to is the rule that a table was loaded for, or 'any'.
with ends as (
    select period_id, min(end_at) as end_at from landed.rule_periods group by period_id
),

dated as (
    select
        official.*,
        coalesce(official.rule_id, 'any') as applies_to,
        coalesce(official.issued_at, official.loaded_at) as in_force_at,
        coalesce(
            cast(ends.end_at - interval '1' day as date),
            cast(official.period_id || case when length(official.period_id) = 4 then '-12-31' else '-01' end as date)
        ) as named_on
    from landed.official_scores as official
    left join ends on ends.period_id = official.period_id
    left join landed.official_withdrawals as withdrawals on withdrawals.official_id = official.official_id
    where official.row_kind = 'unit' and withdrawals.official_id is null
),

named as (
    select dated.*, coalesce(names.unit_id, 'x:' || dated.unit_name) as unit_id
    from dated
    cross join run.parameters as parameters
    left join landed.unit_names as names
        on names.unit_alias = dated.unit_name
        and dated.named_on >= names.valid_from
        and dated.named_on < names.valid_to
    where parameters.parameter_name = 'as_of' and dated.in_force_at <= parameters.time_value
),

ranked as (
    select
        *,
        row_number() over (
            partition by period_id, applies_to, unit_id order by in_force_at desc, official_id desc, row_number
        ) as recency
    from named
)

select
    period_id,
    applies_to,
    unit_id,
    unit_name,
    official_id,
    received,
    valid,
    contacted,
    resolved,
    satisfied,
    basically_satisfied,
    response_rate,
    resolution_rate,
    satisfaction_rate,
    score,
    district_rank,
    city_rank,
    bonus_points,
    source,
    issued_at,
    loaded_at
from ranked
where recency = 1
