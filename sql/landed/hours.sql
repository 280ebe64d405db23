-- 作息和日报窗口 Hours of the site
-- grain: hours_kind, start_minute
-- filled by: flows
-- why: the spans of a working day, and the hour at which the daily report's window begins and ends, as the site states them.
create table if not exists landed.hours (
    hours_kind text,
    start_minute integer,
    end_minute integer
);
