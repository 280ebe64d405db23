-- 三率台账 Rate ledger
-- grain: rule_id, period_id, order_id
-- partition: period_id
-- why: says of each order whether it counts in each rate, and if not, why; every rate anyone sees is a sum over it. An
-- answer that no file has a column for makes its rate inapplicable, not zero.
with cohort as (
    select
        periods.rule_id,
        periods.period_id,
        orders.*,
        out_of_scope.order_type is null as is_in_scope
    from staging.orders as orders
    inner join landed.rule_periods as periods
        on orders.created_at >= periods.start_at and orders.created_at < periods.end_at
    semi join run.touched_periods as touched on touched.period_id = periods.period_id
    left join landed.rule_order_types as out_of_scope
        on out_of_scope.rule_id = periods.rule_id and out_of_scope.order_type = orders.order_type
),

judged as (
    select
        *,
        case
            when not has_callback then 'no_callback_column'
            when not is_in_scope then 'order_type_out_of_scope'
            when not is_assessed then 'not_assessed'
            when is_excluded then 'excluded'
            when is_suspended then 'suspended'
            when is_valid_callback is null then 'callback_awaited'
            when not is_valid_callback then 'callback_not_valid'
            else 'counted'
        end as reason_code
    from cohort
),

answered as (
    select
        judged.*,
        coalesce(resolution_answers.answer_value, 0) as resolution_answer_value,
        coalesce(satisfaction_answers.answer_value, 0) as satisfaction_answer_value
    from judged
    left join landed.rule_answers as resolution_answers
        on resolution_answers.rule_id = judged.rule_id
        and resolution_answers.indicator = 'resolution'
        and resolution_answers.answer = judged.resolution
    left join landed.rule_answers as satisfaction_answers
        on satisfaction_answers.rule_id = judged.rule_id
        and satisfaction_answers.indicator = 'satisfaction'
        and satisfaction_answers.answer = judged.satisfaction
)

select
    rule_id,
    period_id,
    order_id,
    unit_id,
    place_id,
    created_at,
    known_at,
    is_excluded,
    is_suspended,
    is_volume_excluded,
    is_response_only,
    reason_code,
    reason_code = 'counted' and has_contact as is_in_response,
    reason_code = 'counted' and has_resolution and not is_response_only as is_in_resolution,
    reason_code = 'counted' and has_satisfaction and not is_response_only as is_in_satisfaction,
    case when reason_code = 'counted' and is_contacted then 1000 else 0 end as response_value,
    case when reason_code = 'counted' and not is_response_only then resolution_answer_value else 0 end as resolution_value,
    case when reason_code = 'counted' and not is_response_only then satisfaction_answer_value else 0 end
        as satisfaction_value,
    resolution,
    satisfaction
from answered
