-- 统计中的主题与问题 Themes of the statistics and their issues
-- grain: statistics_id, theme
-- filled by: issues
-- why: which issue a theme of the frozen statistics is. A day's orders of a theme that is known here join its issue without looking at its other orders; for the writer alone.
create table if not exists landed.issue_themes (
    statistics_id text,
    theme integer,
    found_id text
);
