-- 分类名称与编码 Topic names, dated
-- grain: topic_path, valid_from
-- filled by: flows
-- why: every path of names that a code has or had, in every taxonomy. The intervals of one path leave no day out and do not overlap: the taxonomy valid on a day counts, else the one that was valid before. A path that left the catalogue stays with its code until another code claims it.
create table if not exists landed.topic_names (
    topic_path text,
    topic_code text,
    valid_from date,
    valid_to date
);
