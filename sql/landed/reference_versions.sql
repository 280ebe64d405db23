-- 配置版本 Versions of the reference tables
-- grain: reference_hash
-- filled by: flows
-- why: a figure as of an earlier day needs the rules and units of that day; the files' texts are kept, never the key.
create table if not exists landed.reference_versions (
    reference_hash text,
    first_used_at timestamp,
    content text
);
