-- 正式通报 Officially published scores
-- grain: official_id, row_number
-- filled by: flows
-- why: every row of a published table, as it was written; append-only, a later table of the same period and unit
-- supersedes when it is read. Rows that are no unit (summary, note, refused) stay with their reason: nothing is lost.
-- Only the name of a listed unit is kept as written: other names are masked, the text of a note is left out.
create table if not exists landed.official_scores (
    official_id integer,
    row_number integer,
    row_kind text,
    row_reason text,
    rule_id text,
    period_id text,
    unit_name text,
    received bigint,
    valid bigint,
    contacted bigint,
    resolved bigint,
    satisfied bigint,
    basically_satisfied bigint,
    response_rate double,
    resolution_rate double,
    satisfaction_rate double,
    score double,
    district_rank bigint,
    city_rank bigint,
    bonus_points double,
    source text,
    issued_at timestamp,
    loaded_at timestamp,
    file_name text,
    content_hash text
);
