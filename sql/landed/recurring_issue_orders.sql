-- 反复问题的工单 Orders of recurring issues
-- grain: issue_id, order_id
-- filled by: issues
-- why: every figure of an issue opens its orders; example_rank says which represent it best (null for need-to-know orders), occurrence counts the reports after a resolution. found_id is the issue that mining put the order into, issue_id the one after analysts' merges and splits.
create table if not exists landed.recurring_issue_orders (
    issue_id text,
    order_id text,
    similarity double,
    example_rank integer,
    occurrence integer,
    found_id text
);
