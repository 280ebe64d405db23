-- 消失问题的原有工单 Former orders of issues
-- grain: issue_id, order_id
-- filled by: issues
-- why: the last orders of issues that lost their cluster, so that they get their id back when it forms again.
create table if not exists landed.former_issue_orders (
    issue_id text,
    order_id text
);
