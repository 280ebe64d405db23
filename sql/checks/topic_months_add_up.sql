-- 分类合计等于工单数 The topics add up to the orders
-- grain: created_month, label_basis, topic_code, topic_source
-- why: a month that was not rebuilt after its orders were classified anew would keep old counts; the rows are such counts. By the model's answers and by
-- the clerk's labels alone, every month has as many orders as by what counts.
with topics as (
    select created_month, topic_code, topic_source, sum(order_count) as order_count
    from marts.mart_topic_months
    where label_basis = '计数'
    group by created_month, topic_code, topic_source
),

orders as (
    select created_month, topic_code, topic_source, count(*) as order_count
    from intermediate.classified_orders
    group by created_month, topic_code, topic_source
),

counted as (
    select
        coalesce(topics.created_month, orders.created_month) as created_month,
        '计数' as label_basis,
        coalesce(topics.topic_code, orders.topic_code) as topic_code,
        coalesce(topics.topic_source, orders.topic_source) as topic_source,
        topics.order_count as in_topics,
        orders.order_count as in_orders
    from topics
    full join orders
        on orders.created_month = topics.created_month
        and orders.topic_code = topics.topic_code
        and orders.topic_source = topics.topic_source
),

months as (
    select created_month, count(*) as order_count from intermediate.classified_orders group by created_month
),

alone as (
    select
        totals.created_month,
        totals.label_basis,
        '合计' as topic_code,
        '合计' as topic_source,
        totals.order_count as in_topics,
        months.order_count as in_orders
    from (
        select created_month, label_basis, sum(order_count) as order_count
        from marts.mart_topic_months where label_basis <> '计数' group by created_month, label_basis
    ) as totals
    left join months on months.created_month = totals.created_month
)

select * from counted where in_topics is distinct from in_orders
union all
select * from alone where in_topics is distinct from in_orders
