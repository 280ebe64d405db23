-- 本次涉及的月份 Touched months
-- grain: created_month
-- filled by: flows
-- why: the calendar months that a touched order is in now or was in before its revision.
create table if not exists run.touched_months (
    created_month date
);
