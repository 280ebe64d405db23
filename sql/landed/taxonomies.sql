-- 分类目录清单 Taxonomies
-- grain: taxonomy_id
-- filled by: flows
-- why: labels are comparable only within one source and version; several taxonomies can be in force at once, the first listed counts first.
create table if not exists landed.taxonomies (
    taxonomy_id text,
    taxonomy_name text,
    taxonomy_source text,
    taxonomy_version text,
    taxonomy_status text,
    valid_from date,
    valid_to date,
    taxonomy_note text,
    taxonomy_rank integer
);
