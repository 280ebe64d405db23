-- 解决后再次反映 Reports after a resolution
-- grain: created_month, unit_id, topic_code
-- why: of the orders whose resolution ended an occurrence, how many saw the same place and problem reported again up to now. An order counts once, whatever
-- issues it is in; the newest months have had little time to recur.
with ended as (
    select order_id, bool_or(recurred_order_id is not null) as is_recurred
    from landed.issue_resolutions
    group by order_id
)

select
    orders.created_month,
    orders.unit_id,
    orders.topic_code,
    count(*) as resolved_occurrence_count,
    count(*) filter (where ended.is_recurred) as recurrence_count
from ended
inner join intermediate.classified_orders as orders on orders.order_id = ended.order_id
group by orders.created_month, orders.unit_id, orders.topic_code
