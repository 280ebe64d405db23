-- 常住人口 Populations
-- grain: unit_id, population_year
-- filled by: flows
-- why: residents by year, because 万人诉求比 says which year it stands on; from the site's population.csv, else units.csv.
create table if not exists landed.populations (
    unit_id text,
    population_year integer,
    population integer,
    population_source text
);
