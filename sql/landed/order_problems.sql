-- 工单的问题描述 Problems of orders
-- grain: order_id
-- filled by: issues
-- why: what links an order to others under the frozen statistics: where it is, its theme, its words as numbers of the statistics. Worked out once per text; for the writer alone.
create table if not exists landed.order_problems (
    order_id text,
    source_hash ubigint,
    statistics_id text,
    digest text,
    voice text,
    place text,
    area text,
    theme integer,
    theme_cosine double,
    words integer[],
    weights float[]
);
