-- 台账与工单一致 The ledger holds each current order in its period
-- grain: rule_id, order_id
-- why: a missed partition would leave an order out of the rates or keep an old place; the rows are such orders.
with clocked as (
    select order_id, unit_id, place_id, trade_id, 'created' as clock, created_at as cohort_at from staging.orders
    union all
    select order_id, unit_id, place_id, trade_id, 'dispatched' as clock, dispatched_at as cohort_at from staging.orders
    where exists (select 1 from landed.rules where cohort_clock = 'dispatched')
    union all
    select order_id, unit_id, place_id, trade_id, 'closed' as clock, closed_at as cohort_at from staging.orders
    where exists (select 1 from landed.rules where cohort_clock = 'closed')
),

expected as (
    select
        periods.rule_id,
        periods.period_id,
        orders.order_id,
        case rules.unit_role when 'place' then orders.place_id when 'trade' then orders.trade_id else orders.unit_id end
            as unit_id
    from clocked as orders
    inner join landed.rule_periods as periods
        on orders.cohort_at >= periods.start_at and orders.cohort_at < periods.end_at
    inner join landed.rules as rules on rules.rule_id = periods.rule_id and rules.cohort_clock = orders.clock
)

(
    select rule_id, period_id, order_id, unit_id from expected
    except
    select rule_id, period_id, order_id, unit_id from intermediate.rate_ledger
)
union all
(
    select rule_id, period_id, order_id, unit_id from intermediate.rate_ledger
    except
    select rule_id, period_id, order_id, unit_id from expected
)
