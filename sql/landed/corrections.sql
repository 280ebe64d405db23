-- 改正 Corrections of quarantined rows
-- grain: batch_id, row_number
-- filled by: flows
-- why: which row of a corrected file stands for which row in quarantine, so that a corrected row is shown as such and not asked about again.
create table if not exists landed.corrections (
    batch_id integer,
    row_number integer,
    row_token text
);
