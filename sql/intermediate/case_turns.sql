-- 案件内次序 Turns of the orders of a case
-- grain: rule_id, period_id, order_id
-- partition: period_id
-- why: a rule may score a case once. Only for such rules: the orders of one 案件编号 in one period and scored unit that would
-- count by themselves (in scope, not taken out, reached, or unreached where that counts against), the one that counts
-- first. Empty where every order counts.
with clocked as (
    select *, 'created' as clock, created_at as cohort_at from staging.orders where case_id is not null
    union all
    select *, 'dispatched' as clock, dispatched_at as cohort_at from staging.orders where case_id is not null
    union all
    select *, 'closed' as clock, closed_at as cohort_at from staging.orders where case_id is not null
),

heard as (
    select
        rules.*,
        days.period_id,
        orders.order_id,
        orders.case_id,
        orders.order_type,
        orders.created_at,
        orders.is_assessed,
        orders.exclusion_kind,
        orders.is_excluded and rules.exclusions_apply as is_excluded_here,
        orders.is_suspended and rules.suspensions_apply as is_suspended_here,
        case rules.unit_role when 'place' then orders.place_id when 'trade' then orders.trade_id else orders.unit_id end
            as unit_id,
        case rules.answer_source
            when 'district' then orders.is_valid_callback_district
            when 'city' then orders.is_valid_callback_city
            when 'unit' then nullif(orders.closed_at is not null, false)
            else orders.is_valid_callback
        end as is_reached
    from clocked as orders
    inner join landed.rule_days as days
        on days.calendar_date = cast(orders.cohort_at as date)
        and orders.cohort_at >= days.start_at and orders.cohort_at < days.end_at
    semi join run.touched_periods as touched on touched.period_id = days.period_id
    inner join landed.rules as rules on rules.rule_id = days.rule_id and rules.cohort_clock = orders.clock
    where rules.repeat_policy <> 'each'
),

countable as (
    select heard.*
    from heard
    left join landed.rule_items as out_of_scope on out_of_scope.rule_id = heard.rule_id
        and out_of_scope.item_kind = 'excluded_order_types' and out_of_scope.item = heard.order_type
    left join landed.rule_items as in_scope on in_scope.rule_id = heard.rule_id
        and in_scope.item_kind = 'assessed_order_types' and in_scope.item = heard.order_type
    left join landed.rule_items as kinds on kinds.rule_id = heard.rule_id
        and kinds.item_kind = 'exclusion_kinds' and kinds.item = heard.exclusion_kind
    where heard.is_assessed
        and out_of_scope.item is null
        and (not limits_order_types or in_scope.item is not null)
        and not (is_excluded_here and (not limits_exclusion_kinds or kinds.item is not null))
        and not is_suspended_here
        and (is_reached or (not is_reached and 'assessed' in (response_base, resolution_base, satisfaction_base)))
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
from countable
