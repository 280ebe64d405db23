-- 分类目录 Topic names
-- grain: topic_code
-- why: one name per code, the newest; level-1 names resolve labels as written to immutable codes.
select
    topic_code,
    topic_name,
    parent_code,
    level,
    seven_five_primary
from (
    select
        *,
        row_number() over (partition by topic_code order by valid_from desc nulls last, taxonomy_id) as recency
    from landed.topics
) as names
where recency = 1
