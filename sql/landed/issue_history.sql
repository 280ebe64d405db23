-- 问题的来历 Issue history
-- grain: history_id
-- filled by: issues
-- why: when issues were found, joined, split, lost and edited, as sentences; only ever added to, and a second run over the same data adds nothing.
create table if not exists landed.issue_history (
    history_id text,
    issue_id text,
    event text,
    other_issue_id text,
    reason text,
    noted_at timestamp,
    who text
);
