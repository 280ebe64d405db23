-- 发布记录 Publications
-- grain: run_id
-- filled by: flows
-- why: what each published state stood on, so that its figures can be made again bit for bit.
create table if not exists landed.publications (
    run_id text,
    published_at timestamp,
    batch_id integer,
    reference_hash text,
    model_id text
);
