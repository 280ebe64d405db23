-- 撤销 Undone batches
-- grain: batch_id
-- filled by: flows
-- why: undoing is a dated row, never a deletion; figures as of an earlier time still show the batch.
create table if not exists landed.undos (
    batch_id integer,
    undone_at timestamp,
    undo_reason text
);
