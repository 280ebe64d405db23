-- 工单事实 What issues count of an order
-- grain: order_id
-- partition: order_id
-- why: what recurring issues count of an order beyond where, when and what. Answers are yes or no by the rules in force, null where
-- nobody answered. Where a file says nothing of 七有五性, the catalogue's proposal for the finest code that counts stands.
with solved as (
    select distinct answer from landed.rule_answers where indicator = 'resolution' and answer_value > 0
),

satisfied as (
    select distinct answer from landed.rule_answers where indicator = 'satisfaction' and answer_value > 0
)

select
    orders.order_id,
    orders.closed_at,
    orders.place_point,
    coalesce(
        orders.seven_five, level3.seven_five_primary, level2.seven_five_primary, level1.seven_five_primary, '未归类'
    ) as seven_five,
    case when orders.resolution is not null then solved.answer is not null end as is_resolved,
    case
        when orders.satisfaction not in ('未评价', '无法回访', '无人接听') then satisfied.answer is not null
    end as is_satisfied,
    coalesce(urgent.urgent_grade = '明确', false) as is_urgent,
    orders.return_count > 0 as is_returned,
    orders.is_whistled,
    orders.is_excluded,
    orders.is_suspended,
    orders.is_need_to_know
from staging.orders as orders
semi join run.touched_orders as touched on touched.order_id = orders.order_id
inner join intermediate.classified_orders as classified on classified.order_id = orders.order_id
left join intermediate.urgent_orders as urgent on urgent.order_id = orders.order_id
left join intermediate.topics as level3 on level3.topic_code = classified.topic_level3_code
left join intermediate.topics as level2 on level2.topic_code = classified.topic_level2_code
left join intermediate.topics as level1 on level1.topic_code = classified.topic_code
left join solved on solved.answer = orders.resolution
left join satisfied on satisfied.answer = orders.satisfaction
