-- 问题的解决与再次反映 Resolved occurrences of issues
-- grain: issue_id, order_id
-- filled by: issues
-- why: the order whose closing as resolved ended an occurrence, and the first report of the same place and problem after it; null while none has come.
create table if not exists landed.issue_resolutions (
    issue_id text,
    order_id text,
    occurrence bigint,
    closed_at timestamp,
    recurred_order_id text,
    recurred_at timestamp
);
