-- 数据批次 Batches with their accounting
-- grain: batch_id
-- why: what came in, what became of every row, and how fresh it is.
with broken as (
    select batch_id, count(*) as quarantine_reasons from landed.quarantine group by batch_id
)

select
    batches.batch_id,
    batches.file_name,
    batches.file_format,
    batches.encoding,
    batches.sheet,
    batches.unmapped_columns,
    batches.has_callback,
    batches.is_simulated,
    batches.known_at,
    batches.loaded_at,
    undos.undone_at,
    undos.undo_reason,
    batches.rows_read,
    batches.rows_new,
    batches.rows_revised,
    batches.rows_unchanged,
    batches.rows_repeated,
    batches.rows_not_data,
    batches.rows_quarantined,
    coalesce(broken.quarantine_reasons, 0) as quarantine_reasons
from landed.batches as batches
left join broken on broken.batch_id = batches.batch_id
left join landed.undos as undos on undos.batch_id = batches.batch_id
