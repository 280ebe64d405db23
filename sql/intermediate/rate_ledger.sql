-- 三率台账 Rate ledger
-- grain: rule_id, period_id, order_id
-- partition: period_id
-- why: says of each order whether it counts in each rate, and if not, why; every rate anyone sees is a sum over it. A rule
-- scores one unit an order, in the role it names, so nothing is counted twice. An answer that no file has a column for
-- makes its rate inapplicable, not zero. Values are thousandths of what an answer counts for, also where it is left out;
-- …_full is 全口径, as if 剔除 and 挂账 were not taken out.
with clocked as (
    select *, 'created' as clock, created_at as cohort_at from staging.orders
    union all
    select *, 'dispatched' as clock, dispatched_at as cohort_at from staging.orders
    where exists (select 1 from landed.rules where cohort_clock = 'dispatched')
    union all
    select *, 'closed' as clock, closed_at as cohort_at from staging.orders
    where exists (select 1 from landed.rules where cohort_clock = 'closed')
),

cohort as (
    select
        orders.*, rules.*, days.period_id,
        case rules.unit_role when 'place' then orders.place_id when 'trade' then orders.trade_id else orders.unit_id end
            as scored_id
    from clocked as orders
    inner join landed.rule_days as days
        on days.calendar_date = cast(orders.cohort_at as date)
        and orders.cohort_at >= days.start_at and orders.cohort_at < days.end_at
    semi join run.touched_periods as touched on touched.period_id = days.period_id
    inner join landed.rules as rules on rules.rule_id = days.rule_id and rules.cohort_clock = orders.clock
),

heard as (
    select *,
        case answer_source when 'district' then has_callback_district when 'city' then has_callback_city
            when 'unit' then has_resolution_unit or has_satisfaction_unit else has_callback end as is_asked,
        case answer_source when 'district' then is_valid_callback_district when 'city' then is_valid_callback_city
            when 'unit' then nullif(closed_at is not null, false) else is_valid_callback end as is_reached,
        case answer_source when 'district' then has_contact_district when 'city' then has_contact_city
            when 'unit' then has_contact_unit else has_contact end as tells_contact,
        case answer_source when 'district' then is_contacted_district when 'city' then is_contacted_city
            when 'unit' then is_contacted_unit else is_contacted end as said_contacted,
        case answer_source when 'district' then has_resolution_district when 'city' then has_resolution_city
            when 'unit' then has_resolution_unit else has_resolution end as tells_resolution,
        case answer_source when 'district' then resolution_district when 'city' then resolution_city
            when 'unit' then resolution_unit else case answer_round when 'first' then coalesce(resolution_first, resolution)
                when 'final' then coalesce(resolution_final, resolution) else resolution end end as said_resolution,
        case answer_source when 'district' then has_satisfaction_district when 'city' then has_satisfaction_city
            when 'unit' then has_satisfaction_unit else has_satisfaction end as tells_satisfaction,
        case answer_source when 'district' then satisfaction_district when 'city' then satisfaction_city
            when 'unit' then satisfaction_unit else case answer_round when 'first' then coalesce(satisfaction_first, satisfaction)
                when 'final' then coalesce(satisfaction_final, satisfaction) else satisfaction end end as said_satisfaction
    from cohort
),

judged as (
    select heard.*,
        case
            when not is_asked then 'no_callback_column'
            when out_of_scope.item is not null or (limits_order_types and in_scope.item is null) then 'order_type_out_of_scope'
            when not is_assessed then 'not_assessed'
            when is_reached is null then 'callback_awaited'
            when is_reached then 'counted'
            when 'assessed' in (response_base, resolution_base, satisfaction_base) then 'unreached'
            else 'callback_not_valid'
        end as full_reason,
        is_excluded and exclusions_apply and (not limits_exclusion_kinds or kinds.item is not null) as is_out,
        is_suspended and suspensions_apply as is_waiting,
        coalesce(turns.case_turn > 1, false) as is_repeat,
        is_response_only or response_only.unit_id is not null as is_only_response,
        coalesce(solved.answer_value, 0) as resolution_value,
        coalesce(satisfied.answer_value, 0) as satisfaction_value
    from heard
    left join landed.rule_items as out_of_scope on out_of_scope.rule_id = heard.rule_id
        and out_of_scope.item_kind = 'excluded_order_types' and out_of_scope.item = heard.order_type
    left join landed.rule_items as in_scope on in_scope.rule_id = heard.rule_id
        and in_scope.item_kind = 'assessed_order_types' and in_scope.item = heard.order_type
    left join landed.rule_items as kinds on kinds.rule_id = heard.rule_id
        and kinds.item_kind = 'exclusion_kinds' and kinds.item = heard.exclusion_kind
    left join intermediate.response_only_units as response_only
        on response_only.rule_id = heard.rule_id and response_only.unit_id = heard.scored_id
    left join intermediate.case_turns as turns on turns.rule_id = heard.rule_id
        and turns.period_id = heard.period_id and turns.order_id = heard.order_id
    left join landed.rule_answers as solved on solved.rule_id = heard.rule_id
        and solved.indicator = 'resolution' and solved.answer = heard.said_resolution
    left join landed.rule_answers as satisfied on satisfied.rule_id = heard.rule_id
        and satisfied.indicator = 'satisfaction' and satisfied.answer = heard.said_satisfaction
),

placed as (
    select *,
        case when full_reason in ('no_callback_column', 'order_type_out_of_scope', 'not_assessed') then full_reason
            when is_out then 'excluded' when is_waiting then 'suspended'
            when full_reason in ('counted', 'unreached') and is_repeat then 'repeat_of_case' else full_reason end as reason_code,
        tells_contact and (full_reason = 'counted' and (response_base <> 'answered' or said_contacted is not null)
            or full_reason = 'unreached' and response_base = 'assessed') as full_response,
        not is_only_response and tells_resolution and (full_reason = 'counted'
            and (resolution_base <> 'answered' or said_resolution is not null)
            or full_reason = 'unreached' and resolution_base = 'assessed') as full_resolution,
        not is_only_response and tells_satisfaction and (full_reason = 'counted' and (satisfaction_base <> 'answered'
            or said_satisfaction not in ('未评价', '无法回访', '无人接听'))
            or full_reason = 'unreached' and satisfaction_base = 'assessed') as full_satisfaction
    from judged
)

select
    rule_id, period_id, order_id, scored_id as unit_id, created_at, known_at,
    is_excluded, is_suspended, is_volume_excluded, is_only_response as is_response_only, reason_code,
    coalesce(full_response and reason_code in ('counted', 'unreached'), false) as is_in_response,
    coalesce(full_resolution and reason_code in ('counted', 'unreached'), false) as is_in_resolution,
    coalesce(full_satisfaction and reason_code in ('counted', 'unreached'), false) as is_in_satisfaction,
    is_on_time is not null and not is_only_response and not is_repeat and not is_out and not is_waiting
        and reason_code not in ('order_type_out_of_scope', 'not_assessed') as is_in_on_time,
    coalesce(full_response and not is_repeat, false) as is_in_response_full,
    coalesce(full_resolution and not is_repeat, false) as is_in_resolution_full,
    coalesce(full_satisfaction and not is_repeat, false) as is_in_satisfaction_full,
    cast(case when said_contacted and full_reason <> 'unreached' then 1000 else 0 end as smallint) as response_value,
    cast(case when full_reason = 'unreached' then 0 else resolution_value end as smallint) as resolution_value,
    cast(case when full_reason = 'unreached' then 0 else satisfaction_value end as smallint) as satisfaction_value,
    cast(case when is_on_time then 1000 else 0 end as smallint) as on_time_value,
    said_resolution as resolution, said_satisfaction as satisfaction
from placed
