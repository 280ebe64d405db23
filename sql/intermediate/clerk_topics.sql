-- 人工分类 Topics as the clerk labelled
-- grain: order_id
-- partition: order_id
-- why: labels as immutable codes, by every name a code ever had. The deepest label that the catalogue knows names the code, and the code its levels of today; a level-1 label that no catalogue knows stays as written; 未归类 is no label.
with labelled as (
    select
        orders.order_id,
        cast(orders.created_at as date) as created_date,
        nullif(orders.topic_level1, '未归类') as topic_level1,
        orders.topic_level1 || '->' || orders.topic_level2 as path2,
        orders.topic_level1 || '->' || orders.topic_level2 || '->' || orders.topic_level3 as path3
    from staging.orders as orders
    semi join run.touched_orders as touched on touched.order_id = orders.order_id
),

resolved as (
    select
        labelled.order_id,
        labelled.topic_level1,
        coalesce(level3.topic_code, level2.topic_code, level1.topic_code) as labelled_code
    from labelled
    left join landed.topic_names as level1 on level1.topic_path = labelled.topic_level1
        and labelled.created_date >= level1.valid_from and labelled.created_date < level1.valid_to
    left join landed.topic_names as level2 on level2.topic_path = labelled.path2
        and labelled.created_date >= level2.valid_from and labelled.created_date < level2.valid_to
    left join landed.topic_names as level3 on level3.topic_path = labelled.path3
        and labelled.created_date >= level3.valid_from and labelled.created_date < level3.valid_to
)

select
    resolved.order_id,
    resolved.labelled_code,
    coalesce(paths.level1_code, resolved.topic_level1) as level1_code,
    paths.level2_code,
    paths.level3_code
from resolved
left join landed.topic_paths as paths on paths.topic_code = resolved.labelled_code
