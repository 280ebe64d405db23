-- 未变工单的再次出现 Sightings of unchanged orders
-- grain: order_id, batch_id
-- filled by: flows
-- why: a later file that says the same confirms a version; without it an old export loaded late would seem newer.
create table if not exists landed.sightings (
    order_id text,
    batch_id integer,
    version_batch_id integer,
    kept_batch_id integer,
    known_at timestamp
);
