-- 紧急敏感工单 Urgent orders
-- grain: order_id
-- partition: order_id
-- why: only orders whose text is flagged; the flag follows the text as it stands, whatever the topic.
select
    orders.order_id,
    orders.created_at,
    orders.created_month,
    orders.closed_at,
    orders.unit_id,
    orders.is_need_to_know,
    flags.urgent_kinds,
    flags.certain_kinds,
    case when flags.certain_kinds <> '' then '明确' else '可能' end as urgent_grade
from staging.orders as orders
semi join run.touched_orders as touched on touched.order_id = orders.order_id
inner join landed.text_flags as flags on flags.text_hash = orders.text_hash
where flags.urgent_kinds <> ''
