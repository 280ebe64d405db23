-- 问题的工单 Orders of recurring issues
-- grain: issue_id, order_id
-- partition: order_id
-- why: every figure of an issue opens its orders, and every figure of a place, unit or topic of it is a sum over them. Whoever joined, left or changed its
-- occurrence is touched as well (sql/issue_touching.py). How well an order represents the issue changes with every new member and stays in landed.
select
    members.issue_id,
    members.order_id,
    members.occurrence,
    again.recurred_order_id is not null as is_recurrence,
    orders.created_at,
    orders.created_month,
    facts.closed_at,
    orders.unit_id,
    orders.place_id,
    orders.place_town,
    orders.community,
    orders.topic_code,
    orders.topic_level2_code,
    orders.topic_level3_code,
    facts.seven_five,
    facts.is_resolved,
    facts.is_satisfied,
    facts.is_urgent,
    facts.is_returned,
    facts.is_whistled,
    facts.is_excluded,
    facts.is_suspended,
    facts.is_need_to_know,
    orders.caller_key
from landed.recurring_issue_orders as members
semi join run.touched_orders as touched on touched.order_id = members.order_id
inner join intermediate.classified_orders as orders on orders.order_id = members.order_id
inner join intermediate.issue_facts as facts on facts.order_id = members.order_id
left join landed.issue_resolutions as again
    on again.issue_id = members.issue_id and again.recurred_order_id = members.order_id
