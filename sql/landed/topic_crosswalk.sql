-- 分类对照 Topic crosswalk
-- grain: from_taxonomy_id, from_code, to_taxonomy_id, to_code
-- filled by: flows
-- why: which code took the place of which when a catalogue changed; what a code is split into or merged with names the orders to look at again. A row counts from the first order on or after its day, and lands with it.
create table if not exists landed.topic_crosswalk (
    from_taxonomy_id text,
    from_code text,
    to_taxonomy_id text,
    to_code text,
    crosswalk_relation text,
    valid_from date,
    crosswalk_source text
);
