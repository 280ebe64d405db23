-- 反复问题 Recurring issues
-- grain: issue_id
-- filled by: issues
-- why: who is who: every issue ever known with the name it keeps. One that was merged names the issue it became (absorbed_by where mining did it), one without orders says since when; both keep their row, so that an old id still leads somewhere.
create table if not exists landed.recurring_issues (
    issue_id text,
    issue_grain text,
    issue_name text,
    place text,
    problem text,
    name_source text,
    is_pinned boolean,
    is_dismissed boolean,
    merged_into text,
    split_from text,
    absorbed_by text,
    first_known_at timestamp,
    gone_at timestamp
);
