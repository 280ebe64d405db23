-- 渠道合计等于工单数 The channels add up to the orders
-- grain: created_month
-- why: no order may be lost between its channel, its group and its sub-centre; the rows are months that do not add up.
with channels as (
    select created_month, sum(order_count) as order_count from marts.mart_channel_months group by created_month
),

orders as (
    select created_month, count(*) as order_count from staging.orders group by created_month
)

select
    coalesce(channels.created_month, orders.created_month) as created_month,
    channels.order_count as in_channels,
    orders.order_count as in_orders
from channels
full join orders on orders.created_month = channels.created_month
where channels.order_count is distinct from orders.order_count
