-- 模型分类 Topic predictions
-- grain: text_hash
-- filled by: topics
-- why: what the current model says of each different text; only new texts are scored.
create table if not exists landed.topic_predictions (
    text_hash text,
    model_id text,
    topic_code text,
    probability double
);
