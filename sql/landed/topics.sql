-- 分类目录 Topic catalogue
-- grain: taxonomy_id, topic_code
-- filled by: flows
-- why: categories have immutable codes; names may change.
create table if not exists landed.topics (
    taxonomy_id text,
    topic_code text,
    topic_name text,
    parent_code text,
    level integer,
    seven_five_primary text,
    seven_five_secondary text,
    valid_from date,
    valid_to date
);
