-- 模型分类 Topic predictions
-- grain: text_hash, model_id
-- filled by: topics
-- why: what each model said of each different text, its best path and the runner-up at level 1; only new texts are scored, and earlier models keep their answers for figures of then.
create table if not exists landed.topic_predictions (
    text_hash text,
    model_id text,
    level1_code text,
    level1_probability double,
    level2_code text,
    level2_probability double,
    level3_code text,
    level3_probability double,
    runner_up_code text,
    runner_up_probability double,
    unseen_share double
);
