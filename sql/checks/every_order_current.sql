-- 每单有现状 Every order has a current version
-- grain: order_id
-- why: an order that was landed but is missing from the current orders would be missing from every figure. Looks at the
-- orders by joining, not by counting, as every later table does.
with said as (
    select order_id, batch_id from landed.order_versions
    union all
    select order_id, batch_id from landed.sightings
)

select versions.order_id
from (select distinct order_id from said anti join landed.undos using (batch_id)) as versions
left join staging.orders as orders on orders.order_id = versions.order_id
where orders.order_id is null
