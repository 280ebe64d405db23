-- 本次涉及的案件分组 Touched case groups
-- grain: case_group
-- filled by: flows
-- why: the callers that a touched order has now or had before its revision; only their cases are put together anew.
create table if not exists run.touched_case_groups (
    case_group text
);
