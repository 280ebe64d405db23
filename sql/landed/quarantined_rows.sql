-- 隔离行的内容 Cells of quarantined rows
-- grain: batch_id, row_number
-- filled by: flows
-- why: what could be read of a bad row, masked, so that a corrected cell can be put among the others of its row.
create table if not exists landed.quarantined_rows (
    batch_id integer,
    row_number integer,
    row_token text,
    cells text
);
