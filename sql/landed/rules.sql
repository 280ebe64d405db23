-- 考核规则 Rules
-- grain: rule_id
-- filled by: flows
-- why: the numbers and choices of a rule file as one row; weights and answer values are thousandths so that sums are exact.
create table if not exists landed.rules (
    rule_id text,
    rule_name text,
    rule_status text,
    rule_source text,
    valid_from date,
    valid_to date,
    minimum_valid integer,
    minimum_for_rank integer,
    unit_role text,
    cohort_clock text,
    answer_source text,
    answer_round text,
    response_base text,
    resolution_base text,
    satisfaction_base text,
    limits_order_types boolean,
    exclusions_apply boolean,
    limits_exclusion_kinds boolean,
    suspensions_apply boolean,
    repeat_policy text,
    response_weight integer,
    resolution_weight integer,
    satisfaction_weight integer,
    on_time_weight integer,
    renormalise boolean,
    score_method text,
    score_decimals integer,
    tie_break text,
    summary_method text
);
