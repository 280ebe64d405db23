-- 渠道构成 Channels and sub-centres of each month
-- grain: created_month, channel_group, channel, sub_center
-- partition: created_month
-- why: where the orders came in, from the group down to the sub-centre; an unlisted channel keeps its own name in the group 未归组.
select
    created_month,
    channel_group,
    coalesce(channel, '（未填渠道）') as channel,
    coalesce(sub_center, '（未填分中心）') as sub_center,
    count(*) as order_count,
    count(*) filter (where not is_volume_excluded) as volume_count
from intermediate.classified_orders
semi join run.touched_months as touched on touched.created_month = classified_orders.created_month
group by created_month, channel_group, coalesce(channel, '（未填渠道）'), coalesce(sub_center, '（未填分中心）')
