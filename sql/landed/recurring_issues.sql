-- 反复问题 Recurring issues
-- grain: issue_id
-- filled by: issues
-- why: the candidates of 每月一题 with their evidence, as the miner ranked them; parent_id is the theme an event belongs to.
create table if not exists landed.recurring_issues (
    issue_id text,
    issue_rank integer,
    issue_name text,
    issue_grain text,
    parent_id text,
    is_covered boolean,
    place text,
    problem text,
    people_count integer,
    order_count integer,
    month_count integer,
    unit_count integer,
    place_count integer,
    first_at timestamp,
    last_at timestamp,
    recurrence_count integer,
    unresolved_share double,
    unsettled_share double,
    issue_score double,
    score_parts text
);
