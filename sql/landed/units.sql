-- 单位 Units
-- grain: unit_id
-- filled by: flows
-- why: the dated list of units from the site's config.
create table if not exists landed.units (
    unit_id text,
    unit_name text,
    unit_group text,
    terrain text,
    population integer,
    population_year integer,
    valid_from date,
    valid_to date
);
