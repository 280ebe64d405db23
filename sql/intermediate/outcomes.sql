-- 结果组合 Outcomes of each unit
-- grain: rule_id, period_id, unit_id, reason_code, is_excluded, is_suspended, is_volume_excluded, is_response_only, is_in_response, is_in_resolution, is_in_satisfaction, is_in_on_time, is_in_response_full, is_in_resolution_full, is_in_satisfaction_full, response_value, resolution_value, satisfaction_value, on_time_value, resolution, satisfaction
-- partition: period_id
-- why: the ledger read once; orders that count alike stand in one row with their number, some dozens of rows a unit however
-- many orders it has. Counts, rates, intervals and what-ifs are made from here.
select
    rule_id, period_id, unit_id, reason_code, is_excluded, is_suspended, is_volume_excluded, is_response_only,
    is_in_response, is_in_resolution, is_in_satisfaction, is_in_on_time,
    is_in_response_full, is_in_resolution_full, is_in_satisfaction_full,
    response_value, resolution_value, satisfaction_value, on_time_value,
    coalesce(resolution, '') as resolution,
    coalesce(satisfaction, '') as satisfaction,
    count(*) as order_count
from intermediate.rate_ledger
semi join run.touched_periods as touched on touched.period_id = rate_ledger.period_id
group by
    rule_id, period_id, unit_id, reason_code, is_excluded, is_suspended, is_volume_excluded, is_response_only,
    is_in_response, is_in_resolution, is_in_satisfaction, is_in_on_time,
    is_in_response_full, is_in_resolution_full, is_in_satisfaction_full,
    response_value, resolution_value, satisfaction_value, on_time_value, coalesce(resolution, ''), coalesce(satisfaction, '')
