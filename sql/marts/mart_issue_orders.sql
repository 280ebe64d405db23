-- 候选问题的工单 Orders of recurring issues
-- grain: issue_id, order_id
-- why: every figure of a candidate opens its orders.
select
    members.issue_id,
    members.order_id,
    members.similarity,
    members.example_rank,
    orders.created_at,
    orders.created_month,
    orders.unit_id,
    orders.place_town,
    orders.community,
    orders.topic_code
from landed.recurring_issue_orders as members
inner join intermediate.classified_orders as orders on orders.order_id = members.order_id
