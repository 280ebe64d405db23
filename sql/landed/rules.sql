-- 考核规则 Rules
-- grain: rule_id
-- filled by: flows
-- why: the numbers of a rule file as one row; weights and answer values are thousandths so that sums are exact.
create table if not exists landed.rules (
    rule_id text,
    rule_name text,
    rule_status text,
    rule_source text,
    response_weight integer,
    resolution_weight integer,
    satisfaction_weight integer,
    renormalise boolean,
    summary_method text,
    minimum_valid integer,
    valid_from date,
    valid_to date
);
