-- 受理数守恒 Received orders are in a rate's denominator or out for a reason
-- grain: rule_id, period_id, unit_id
-- why: for each rate, received = in the denominator + left out by each reason; the rows are units where an order is counted
-- without a reason that lets it in, or is let in and left out without a reason of its rate.
with placed as (
    select
        rule_id,
        period_id,
        unit_id,
        count(*) as received,
        count(*) filter (where reason_code not in ('counted', 'unreached')) as left_out,
        count(*) filter (where reason_code in ('counted', 'unreached')) as let_in,
        count(*) filter (
            where reason_code not in ('counted', 'unreached') and (is_in_response or is_in_resolution or is_in_satisfaction)
        ) as wrongly_in,
        count(*) filter (where is_in_response and not is_in_response_full) as beyond_full,
        count(*) filter (where is_response_only and (is_in_resolution or is_in_satisfaction)) as beyond_response
    from intermediate.rate_ledger
    group by rule_id, period_id, unit_id
)

select placed.*, counts.received as counted_received, counts.valid as counted_valid
from placed
full join intermediate.unit_counts as counts
    on counts.rule_id = placed.rule_id and counts.period_id = placed.period_id and counts.unit_id = placed.unit_id
where coalesce(placed.received, 0) is distinct from counts.received
    or placed.received <> placed.left_out + placed.let_in
    or placed.wrongly_in + placed.beyond_full + placed.beyond_response > 0
