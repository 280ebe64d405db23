-- 已编入全文索引的文本 Texts in the search index
-- grain: text_hash
-- filled by: flows
-- why: each different text is indexed once; the index knows texts by number, and whose order a text is stays in the tables of orders.
create table if not exists landed.search_texts (
    text_hash text,
    text_number integer
);
