-- 规则中的清单 Lists of a rule
-- grain: rule_id, item_kind, item
-- filled by: flows
-- why: order types out of or in scope, exclusion kinds that take effect, groups of units assessed on response only.
create table if not exists landed.rule_items (
    rule_id text,
    item_kind text,
    item text
);
