-- 分类编码的现行路径 Where a topic code stands today
-- grain: topic_code
-- filled by: flows
-- why: an ended code with one successor stands for its successor; a split one for what its successors have in common, else for itself. Levels below are null.
create table if not exists landed.topic_paths (
    topic_code text,
    level1_code text,
    level2_code text,
    level3_code text
);
