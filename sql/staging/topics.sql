-- 分类目录 Topic names
-- grain: topic_code
-- why: one name per code, the newest, and the path that the code stands for today.
with newest as (
    select
        *,
        row_number() over (partition by topic_code order by valid_from desc nulls last, taxonomy_id) as recency
    from landed.topics
)

select
    newest.topic_code,
    newest.topic_name,
    newest.parent_code,
    newest.level,
    newest.seven_five_primary,
    newest.seven_five_secondary,
    newest.taxonomy_id,
    paths.level1_code,
    paths.level2_code,
    paths.level3_code
from newest
inner join landed.topic_paths as paths on paths.topic_code = newest.topic_code
where newest.recency = 1
