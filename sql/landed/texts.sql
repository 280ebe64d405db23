-- 文本索引 Text index
-- grain: text_hash
-- filled by: flows
-- why: one row per different masked text; the text itself lies in the Parquet file named here.
create table if not exists landed.texts (
    text_hash text,
    text_file text
);
