-- 规则不考核的工单类型 Order types out of scope
-- grain: rule_id, order_type
-- filled by: flows
-- why: only orders of the assessed types enter the rates; the list is part of the rule.
create table if not exists landed.rule_order_types (
    rule_id text,
    order_type text
);
