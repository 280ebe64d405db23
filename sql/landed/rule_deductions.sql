-- 规则的扣分项 Deductions of a rule
-- grain: rule_id, indicator
-- filled by: flows
-- why: how many points (thousandths) a rule takes from 100 for each percentage point below the indicator's target (thousandths).
create table if not exists landed.rule_deductions (
    rule_id text,
    indicator text,
    target_value integer,
    deduction_points integer
);
