-- 分类合计等于工单数 The topics add up to the orders
-- grain: created_month, topic_code, topic_source
-- why: a month that was not rebuilt after its orders were classified anew would keep old counts; the rows are such counts.
with topics as (
    select created_month, topic_code, topic_source, sum(order_count) as order_count
    from marts.mart_topic_months
    group by created_month, topic_code, topic_source
),

orders as (
    select created_month, topic_code, topic_source, count(*) as order_count
    from intermediate.classified_orders
    group by created_month, topic_code, topic_source
)

select
    coalesce(topics.created_month, orders.created_month) as created_month,
    coalesce(topics.topic_code, orders.topic_code) as topic_code,
    coalesce(topics.topic_source, orders.topic_source) as topic_source,
    topics.order_count as in_topics,
    orders.order_count as in_orders
from topics
full join orders
    on orders.created_month = topics.created_month
    and orders.topic_code = topics.topic_code
    and orders.topic_source = topics.topic_source
where topics.order_count is distinct from orders.order_count
