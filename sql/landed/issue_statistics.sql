-- 问题挖掘的冻结统计 Frozen statistics of the mining
-- grain: statistics_id
-- filled by: issues
-- why: weights of words, names of places and centres of themes, on which links depend besides the two orders; fitted anew when a month begins or the orders outgrow them. For the writer alone.
create table if not exists landed.issue_statistics (
    statistics_id text,
    fitted_month text,
    fitted_count bigint,
    settings text,
    content text
);
