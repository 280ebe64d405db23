-- 只评价响应率的单位 Units assessed on response only
-- grain: rule_id, unit_id
-- why: a rule may assess whole groups of units on their response alone.
select items.rule_id, units.unit_id
from landed.rule_items as items
inner join staging.units as units on units.unit_group = items.item
where items.item_kind = 'response_only_groups'
