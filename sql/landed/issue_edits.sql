-- 候选问题的人工调整 Issue edits
-- grain: edit_id
-- filled by: flows
-- why: what analysts changed about issues and nobody took back, in the order in which it applies; every run begins with it.
create table if not exists landed.issue_edits (
    edit_id bigint,
    edited_at timestamp,
    who text,
    edit_action text,
    issue_id text,
    other_issue_id text,
    edited_name text,
    moved_ids text[],
    kept_ids text[]
);
