-- 分类复核 Topic corrections
-- grain: order_id
-- filled by: flows
-- why: what people said of an order's topic, the newest word of each order; it counts before the clerk's label and the model's.
create table if not exists landed.topic_corrections (
    order_id text,
    text_hash text,
    action text,
    topic_code text,
    previous_code text,
    corrected_at timestamp,
    who text
);
