-- 行数守恒 Rows are conserved
-- grain: batch_id
-- why: every row read is new, revised, unchanged, repeated, not data or quarantined; the rows here are batches that do not add up.
select batch_id, rows_read, rows_new, rows_revised, rows_unchanged, rows_repeated, rows_not_data, rows_quarantined
from landed.batches
where rows_read <> rows_new + rows_revised + rows_unchanged + rows_repeated + rows_not_data + rows_quarantined
