-- 每日受理量 Orders of each day
-- grain: created_date, place_id
-- partition: created_month
-- why: the daily volume of each place, with the orders that count for 诉求总量 apart.
select
    created_month,
    cast(created_at as date) as created_date,
    place_id,
    min(place_town) as place_town,
    count(*) as order_count,
    count(*) filter (where not is_volume_excluded) as volume_count
from intermediate.classified_orders
semi join run.touched_months as touched on touched.created_month = classified_orders.created_month
group by created_month, cast(created_at as date), place_id
