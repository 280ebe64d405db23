-- 已归并的工单 Orders as the issues know them
-- grain: order_id
-- filled by: issues
-- why: the description from which the stored issues were made. What differs from landed.order_problems is still to be worked in, also after a killed run; for the writer alone.
create table if not exists landed.mined_orders (
    order_id text,
    source_hash ubigint,
    statistics_id text,
    place text,
    theme integer
);
