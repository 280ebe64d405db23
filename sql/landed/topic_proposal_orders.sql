-- 新类别建议的工单 Orders of the proposed categories
-- grain: proposal_id, order_id
-- filled by: topics
-- why: the evidence of a proposal, to be opened one by one; the most representative first.
create table if not exists landed.topic_proposal_orders (
    proposal_id text,
    order_id text,
    example_rank bigint
);
