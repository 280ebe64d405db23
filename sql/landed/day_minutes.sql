-- 工作日的分钟 Minutes of a working day
-- grain: minute_of_day
-- filled by: flows
-- why: how many minutes are worked by each minute of a working day. is_minute_end marks the minute at which one more is complete, so
-- that the table also leads from worked time back to the time of day.
create table if not exists landed.day_minutes (
    minute_of_day integer,
    worked_minutes integer,
    is_minute_end boolean
);
