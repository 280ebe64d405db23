-- 案件 Cases
-- grain: order_id
-- partition: case_group
-- why: one matter may have several orders. Orders share a case by 案件编号, else by caller, place and topic with at most 30
-- days from one to the next; an order without a caller, a place or a topic is a case of its own.
with orders as (
    select
        staged.order_id,
        staged.case_id,
        staged.created_at,
        coalesce(staged.caller_key, 'order:' || staged.order_id) as case_group,
        coalesce(staged.place_point, staged.community, staged.order_id) as case_place,
        case when classified.topic_source = '未归类' then staged.order_id else classified.topic_code end as case_topic
    from staging.orders as staged
    inner join intermediate.classified_orders as classified on classified.order_id = staged.order_id
    semi join run.touched_case_groups as touched
        on touched.case_group = coalesce(staged.caller_key, 'order:' || staged.order_id)
),

spaced as (
    select
        *,
        lag(created_at) over (
            partition by case_group, case_place, case_topic order by created_at, order_id
        ) as previous_at
    from orders
),

numbered as (
    select
        *,
        sum(case when date_diff('day', previous_at, created_at) <= 30 then 0 else 1 end) over (
            partition by case_group, case_place, case_topic
            order by created_at, order_id
            rows between unbounded preceding and current row
        ) as case_number
    from spaced
)

select
    order_id,
    case_group,
    coalesce(
        case_id,
        first_value(order_id) over (
            partition by case_group, case_place, case_topic, case_number order by created_at, order_id
        )
    ) as case_key
from numbered
