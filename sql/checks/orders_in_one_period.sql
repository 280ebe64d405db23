-- 一单一期 An order is in one period of a rule at most
-- grain: rule_id, order_id
-- why: an order counted in two periods would be assessed twice.
select rule_id, order_id, count(*) as periods
from intermediate.rate_ledger
group by rule_id, order_id
having count(*) > 1
