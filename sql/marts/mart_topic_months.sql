-- 分类月度量 Topics by month, unit and place
-- grain: created_month, unit_id, place_id, label_basis, topic_leaf_code, topic_source
-- partition: created_month
-- why: one cube for trends, heat tables and unit pages, once by what counts, once by the model's answers alone and once by the clerk's labels alone; never add the three up.
with said as (
    select
        orders.created_month,
        orders.unit_id,
        orders.place_id,
        orders.is_volume_excluded,
        topic_source,
        clerk_leaf_code,
        model_leaf_code,
        coalesce(topic_level3_code, topic_level2_code, topic_code) as counted_leaf_code,
        case when model_leaf_code is not null and not is_unsure then '模型' else '未归类' end as model_source,
        case when clerk_leaf_code is not null then '人工' else '未归类' end as clerk_source
    from intermediate.classified_orders as orders
    semi join run.touched_months as touched on touched.created_month = orders.created_month
),

every as (
    select '计数' as label_basis, counted_leaf_code as topic_leaf_code, topic_source, created_month, unit_id, place_id,
        is_volume_excluded
    from said
    union all
    select '模型' as label_basis, case model_source when '模型' then model_leaf_code else '未归类' end as topic_leaf_code,
        model_source as topic_source, created_month, unit_id, place_id, is_volume_excluded
    from said
    union all
    select '人工' as label_basis, coalesce(clerk_leaf_code, '未归类') as topic_leaf_code, clerk_source as topic_source,
        created_month, unit_id, place_id, is_volume_excluded
    from said
)

select
    every.created_month,
    every.unit_id,
    every.place_id,
    every.label_basis,
    every.topic_leaf_code,
    every.topic_source,
    coalesce(leaf.level1_code, every.topic_leaf_code) as topic_code,
    leaf.level2_code as topic_level2_code,
    leaf.level3_code as topic_level3_code,
    coalesce(level1.topic_name, leaf.level1_code, every.topic_leaf_code) as topic_name,
    count(*) as order_count,
    count(*) filter (where not every.is_volume_excluded) as volume_count
from every
left join intermediate.topics as leaf on leaf.topic_code = every.topic_leaf_code
left join intermediate.topics as level1 on level1.topic_code = coalesce(leaf.level1_code, every.topic_leaf_code)
group by all
