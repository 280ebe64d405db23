-- 每单有现状 Every order has a current version
-- grain: order_id
-- why: an order that was landed but is missing from the current orders would be missing from every figure. Looks at the
-- orders by joining, not by counting, as every later table does.
select versions.order_id
from (select distinct order_id from landed.order_versions) as versions
left join staging.orders as orders on orders.order_id = versions.order_id
where orders.order_id is null
