-- 撤回的通报 Withdrawn official tables
-- grain: official_id
-- filled by: flows
-- why: a table loaded for the wrong period is taken back by a dated row, never deleted.
create table if not exists landed.official_withdrawals (
    official_id integer,
    withdrawn_at timestamp,
    withdrawal_reason text
);
