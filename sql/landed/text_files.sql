-- 文本文件 Text files
-- grain: text_file
-- filled by: flows
-- why: readers open exactly the listed files, never a glob; a file not listed is an orphan of a killed run.
create table if not exists landed.text_files (
    text_file text,
    batch_id integer,
    text_count integer
);
