-- 数据批次 Batches
-- grain: batch_id
-- filled by: flows
-- why: every row of an order carries its batch; the accounting of a load is kept here and must add up.
create table if not exists landed.batches (
    batch_id integer,
    file_name text,
    content_hash text,
    file_format text,
    encoding text,
    sheet text,
    header_row integer,
    column_mapping text,
    unmapped_columns text,
    has_callback boolean,
    is_simulated boolean,
    known_at timestamp,
    loaded_at timestamp,
    rows_read integer,
    rows_new integer,
    rows_revised integer,
    rows_unchanged integer,
    rows_repeated integer,
    rows_not_data integer,
    rows_quarantined integer
);
