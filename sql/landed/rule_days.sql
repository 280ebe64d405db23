-- 考核周期的每一天 Days of the rule periods
-- grain: rule_id, period_id, calendar_date
-- filled by: flows
-- why: an order finds its period by the day, an equality that joins millions at once; where a period starts within a day, that
-- day stands in two periods and the hour decides.
create table if not exists landed.rule_days (
    rule_id text,
    period_id text,
    calendar_date date,
    start_at timestamp,
    end_at timestamp
);
