-- 全文索引文件 Search files
-- grain: search_file
-- filled by: flows
-- why: readers open exactly the files that their snapshot lists; a file goes only when no kept snapshot lists it.
create table if not exists landed.search_files (
    search_file text,
    text_count integer
);
