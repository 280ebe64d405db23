-- 模型分类 Topic predictions
-- grain: text_hash, model_id
-- filled by: topics
-- why: what each model said of each different text; only new texts are scored, and earlier models keep their answers for figures of then.
create table if not exists landed.topic_predictions (
    text_hash text,
    model_id text,
    topic_code text,
    probability double
);
