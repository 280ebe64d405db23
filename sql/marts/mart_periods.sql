-- 考核周期状态 State of each period
-- grain: rule_id, period_id
-- why: 期内 until the period ends, 待回访 until the first dated freeze event, then 终; never by the calendar alone. Rebuilt whole
-- at each run because the cut-off moves every period's state; one row per rule and month.
with cutoff as (
    select max(known_at) as cutoff_at
    from landed.batches as batches
    left join landed.undos as undos on undos.batch_id = batches.batch_id
    where undos.batch_id is null
),

first_freezes as (
    select *, row_number() over (partition by rule_id, period_id order by frozen_at, freeze_kind) as place
    from landed.freezes
),

counted as (
    select
        rule_id,
        period_id,
        cast(sum(received) as bigint) as received,
        cast(sum(valid) as bigint) as valid,
        cast(sum(awaited) as bigint) as awaited
    from intermediate.unit_counts
    group by rule_id, period_id
),

changed as (
    select ledger.rule_id, ledger.period_id, count(*) as changed_after_freeze
    from intermediate.rate_ledger as ledger
    inner join first_freezes as freezes
        on freezes.rule_id = ledger.rule_id and freezes.period_id = ledger.period_id and freezes.place = 1
    where ledger.known_at > freezes.frozen_at
    group by ledger.rule_id, ledger.period_id
)

select
    periods.rule_id,
    periods.period_id,
    periods.start_at,
    periods.end_at,
    cutoff.cutoff_at,
    freezes.frozen_at,
    freezes.freeze_kind,
    case
        when cutoff.cutoff_at < periods.end_at then '期内'
        when freezes.frozen_at <= cutoff.cutoff_at then '终'
        else '待回访'
    end as period_state,
    coalesce(changed.changed_after_freeze, 0) as changed_after_freeze,
    counted.received,
    counted.valid,
    counted.awaited,
    counted.valid >= rules.minimum_valid as has_minimum_valid
from landed.rule_periods as periods
inner join counted on counted.rule_id = periods.rule_id and counted.period_id = periods.period_id
inner join landed.rules as rules on rules.rule_id = periods.rule_id
left join changed on changed.rule_id = periods.rule_id and changed.period_id = periods.period_id
cross join cutoff
left join first_freezes as freezes
    on freezes.rule_id = periods.rule_id and freezes.period_id = periods.period_id and freezes.place = 1
