-- 考核周期 Rule periods
-- grain: rule_id, period_id
-- filled by: flows
-- why: start (inclusive) and end (exclusive) of each period of a rule; computed from the rule, never from the data of one file.
create table if not exists landed.rule_periods (
    rule_id text,
    period_id text,
    start_at timestamp,
    end_at timestamp
);
