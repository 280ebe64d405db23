-- 可检索的工单 Orders as the library finds them
-- grain: order_id
-- partition: order_id
-- why: the few columns that a search filters, counts and sorts by stand together, so that a hundred thousand hits are counted in
-- milliseconds; text_number joins the index. What is answered comes before whether it is closed.
select
    orders.order_id, numbers.text_number, orders.text_hash, orders.created_at, orders.created_month,
    orders.unit_id, orders.place_id, orders.place_town, orders.community,
    classified.topic_code, classified.topic_level2_code,
    coalesce(orders.resolution, case when orders.closed_at is null then '未办结' else '已办结，未答是否解决' end) as outcome
from staging.orders as orders
semi join run.touched_orders as touched on touched.order_id = orders.order_id
inner join intermediate.classified_orders as classified on classified.order_id = orders.order_id
left join landed.search_texts as numbers on numbers.text_hash = orders.text_hash
