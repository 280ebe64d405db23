-- 日历 Calendar
-- grain: calendar_date
-- filled by: flows
-- why: which days are worked, and how much working time lies before each, so that the working time between two moments is two
-- look-ups. worked_day_number counts the days worked; a day off carries the number of the last one before it.
create table if not exists landed.calendar_days (
    calendar_date date,
    is_workday boolean,
    day_source text,
    worked_day_number integer,
    worked_minutes_before integer
);
