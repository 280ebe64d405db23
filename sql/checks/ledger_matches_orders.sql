-- 台账与工单一致 The ledger holds each current order in its period
-- grain: rule_id, order_id
-- why: a missed partition would leave an order out of the rates or keep an old place; the rows are such orders.
with expected as (
    select periods.rule_id, periods.period_id, orders.order_id, orders.unit_id
    from staging.orders as orders
    inner join landed.rule_periods as periods
        on orders.created_at >= periods.start_at and orders.created_at < periods.end_at
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
