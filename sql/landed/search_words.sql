-- 全文索引中的词 Words of the search files
-- grain: search_file, term
-- filled by: flows
-- why: a mistyped word is compared with the words that texts hold; only words of two characters, of jieba's dictionary or the lexicon.
create table if not exists landed.search_words (
    search_file text,
    term text,
    text_count integer
);
