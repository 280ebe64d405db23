-- 分类月度量 Topics by month, unit and place
-- grain: created_month, unit_id, place_id, topic_code, topic_source
-- partition: created_month
-- why: one cube for trends, heat tables and unit pages; topic_source keeps the clerk's labels and the model's apart.
select
    orders.created_month,
    orders.unit_id,
    orders.place_id,
    orders.topic_code,
    orders.topic_source,
    min(coalesce(topics.topic_name, orders.topic_code)) as topic_name,
    count(*) as order_count,
    count(*) filter (where not orders.is_volume_excluded) as volume_count,
    count(distinct orders.caller_key) as people_count
from intermediate.classified_orders as orders
semi join run.touched_months as touched on touched.created_month = orders.created_month
left join intermediate.topics as topics on topics.topic_code = orders.topic_code
group by orders.created_month, orders.unit_id, orders.place_id, orders.topic_code, orders.topic_source
