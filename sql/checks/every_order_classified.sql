-- 每单有分类 Every current order has a row in the topics
-- grain: order_id
-- why: a topic may be 未归类 but never missing; the rows are orders that the topics lost or invented.
select coalesce(orders.order_id, classified.order_id) as order_id
from staging.orders as orders
full join intermediate.classified_orders as classified on classified.order_id = orders.order_id
where orders.order_id is null or classified.order_id is null or classified.topic_code is null
