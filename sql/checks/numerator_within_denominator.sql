-- 分子不大于分母 A numerator never exceeds its denominator
-- grain: rule_id, period_id, unit_id
-- why: the rows are units whose rate would exceed 100 %, or whose counts do not add up to what was received.
select rule_id, period_id, unit_id
from marts.mart_unit_scores
where response_numerator > response_denominator
    or resolution_numerator > resolution_denominator
    or satisfaction_numerator > satisfaction_denominator
    or on_time_numerator > on_time_denominator
    or response_denominator > valid + unreached
    or resolution_denominator + response_only > valid + unreached
    or valid + unreached + awaited > received
