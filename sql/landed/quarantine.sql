-- 隔离行 Quarantine
-- grain: batch_id, row_number, column_name, rule
-- filled by: flows
-- why: a row that breaks a contract is kept aside with a reason a clerk understands; values are masked.
create table if not exists landed.quarantine (
    batch_id integer,
    row_number integer,
    column_name text,
    value_masked text,
    rule text,
    reason text,
    fix text
);
