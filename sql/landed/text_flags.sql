-- 紧急敏感标记 Urgent flags of texts
-- grain: text_hash
-- filled by: topics
-- why: each different text is searched once; changed examples have another hash, and then every text is searched anew.
create table if not exists landed.text_flags (
    text_hash text,
    examples_hash text,
    urgent_kinds text,
    certain_kinds text
);
