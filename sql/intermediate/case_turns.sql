-- 案件内次序 Turns of the orders of a case
-- grain: rule_id, period_id, order_id
-- partition: period_id
-- why: a rule may score a case once. Only for such rules: the orders of one 案件编号 in one period and scored unit that were
-- reached and are neither excluded nor suspended, the one that counts first. Empty where every order counts.
with clocked as (
    select *, 'created' as clock, created_at as cohort_at from staging.orders where case_id is not null
    union all
    select *, 'dispatched' as clock, dispatched_at as cohort_at from staging.orders where case_id is not null
    union all
    select *, 'closed' as clock, closed_at as cohort_at from staging.orders where case_id is not null
),

reached as (
    select
        days.rule_id,
        days.period_id,
        orders.order_id,
        orders.case_id,
        orders.created_at,
        case rules.unit_role when 'place' then orders.place_id when 'trade' then orders.trade_id else orders.unit_id end
            as unit_id,
        rules.repeat_policy
    from clocked as orders
    inner join landed.rule_days as days
        on days.calendar_date = cast(orders.cohort_at as date)
        and orders.cohort_at >= days.start_at and orders.cohort_at < days.end_at
    semi join run.touched_periods as touched on touched.period_id = days.period_id
    inner join landed.rules as rules on rules.rule_id = days.rule_id and rules.cohort_clock = orders.clock
    left join landed.rule_items as kinds
        on kinds.rule_id = days.rule_id and kinds.item_kind = 'exclusion_kinds' and kinds.item = orders.exclusion_kind
    where rules.repeat_policy <> 'each'
        and case rules.answer_source
            when 'district' then orders.is_valid_callback_district
            when 'city' then orders.is_valid_callback_city
            when 'unit' then orders.closed_at is not null
            else orders.is_valid_callback
        end
        and not (orders.is_excluded and rules.exclusions_apply and (not rules.limits_exclusion_kinds or kinds.item is not null))
        and not (orders.is_suspended and rules.suspensions_apply)
)

select
    rule_id,
    period_id,
    order_id,
    case repeat_policy
        when 'first_per_case'
            then row_number() over (partition by rule_id, period_id, unit_id, case_id order by created_at, order_id)
        else row_number() over (partition by rule_id, period_id, unit_id, case_id order by created_at desc, order_id desc)
    end as case_turn
from reached
