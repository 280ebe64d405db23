-- 分类目录 Topic catalogue
-- grain: taxonomy_id, topic_code, valid_from
-- filled by: flows
-- why: categories have immutable codes; a code that was renamed has a row for each name, and no two at one time.
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
