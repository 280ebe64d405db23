-- 模型健康 Health of the topic model
-- grain: created_month, model_id, model_topic_code
-- partition: created_month
-- why: sums and counts, so that any span can be added up; a mean is a sum over its count. Summed as decimals, so that two threads give the same.
select
    orders.created_month,
    orders.model_id,
    orders.model_topic_code,
    count(*) as order_count,
    cast(sum(cast(orders.model_probability as decimal(9, 6))) as double) as probability_sum,
    count(orders.unseen_share) as unseen_known_count,
    cast(sum(cast(orders.unseen_share as decimal(9, 6))) as double) as unseen_sum,
    count(*) filter (where orders.is_unsure) as unsure_count,
    count(orders.clerk_topic_code) as labelled_count,
    count(*) filter (where orders.clerk_topic_code <> orders.model_topic_code) as disagreement_count,
    count(*) filter (where orders.topic_source = '复核') as corrected_count
from intermediate.classified_orders as orders
semi join run.touched_months as touched on touched.created_month = orders.created_month
where orders.model_topic_code is not null
group by orders.created_month, orders.model_id, orders.model_topic_code
