-- 本次涉及的考核周期 Touched periods
-- grain: period_id
-- filled by: flows
-- why: the periods that a touched order is in now or was in before its revision.
create table if not exists run.touched_periods (
    period_id text
);
