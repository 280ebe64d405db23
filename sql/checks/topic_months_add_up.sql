-- 分类合计等于工单数 The topics add up to the orders
-- grain: created_month
-- why: the rows are months whose topic counts differ from the number of orders.
with topics as (
    select created_month, sum(order_count) as order_count from marts.mart_topic_months group by created_month
),

orders as (
    select created_month, count(*) as order_count from intermediate.classified_orders group by created_month
)

select coalesce(topics.created_month, orders.created_month) as created_month, topics.order_count as in_topics, orders.order_count as in_orders
from topics
full join orders on orders.created_month = topics.created_month
where topics.order_count is distinct from orders.order_count
