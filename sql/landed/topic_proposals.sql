-- 新类别建议 Proposed categories
-- grain: proposal_id
-- filled by: topics
-- why: like orders that fit no category, from several callers; people decide whether it becomes one. Made anew at each build.
create table if not exists landed.topic_proposals (
    proposal_id text,
    category_rank bigint,
    proposal_name text,
    key_phrases text,
    order_count bigint,
    people_count bigint,
    first_at timestamp,
    last_at timestamp,
    guessed_code text,
    guessed_share double,
    labelled_share double
);
