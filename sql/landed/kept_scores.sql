-- 每次发布的成绩 Scores as they were published
-- grain: rule_id, period_id, unit_id, run_id
-- filled by: flows
-- why: each day's published score and rank stays, whatever is loaded later; a row is written only where something differs from
-- the row before, so the newest row at a time is what was shown then. A unit that left the table has a row without figures.
create table if not exists landed.kept_scores (
    published_at timestamp,
    run_id text,
    rule_id text,
    period_id text,
    unit_id text,
    cutoff_at timestamp,
    period_state text,
    received integer,
    valid integer,
    response_numerator double,
    response_denominator integer,
    resolution_numerator double,
    resolution_denominator integer,
    satisfaction_numerator double,
    satisfaction_denominator integer,
    exact_score double,
    score double,
    score_rank integer
);
