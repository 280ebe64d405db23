-- 本次涉及的工单 Touched orders
-- grain: order_id
-- filled by: flows
-- why: what a load or a new prediction changed and no finished build has taken up yet; survives a killed run.
create table if not exists run.touched_orders (
    order_id text
);
