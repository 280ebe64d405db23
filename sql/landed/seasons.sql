-- 季节日历 Season calendar
-- grain: season_id
-- filled by: flows
-- why: what comes back every year, dated and with its source, to hold the months of the data against. Days are MM-DD, both inside;
-- a season that ends before it begins runs over the new year. The topics are codes of the catalogue joined by 、.
create table if not exists landed.seasons (
    season_id text,
    season_name text,
    season_start_day text,
    season_end_day text,
    season_topic_codes text,
    valid_from date,
    valid_to date,
    season_status text,
    season_source text
);
