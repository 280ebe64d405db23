-- 分类模型 Topic models
-- grain: model_id
-- filled by: topics
-- why: the thresholds of every model that was in use, which decide what of its answers counts, and its card; kept beside the answers of earlier models for figures of then.
create table if not exists landed.topic_models (
    model_id text,
    taxonomy_id text,
    trained_at timestamp,
    level1_threshold double,
    lower_threshold double,
    sure_probability double,
    manifest text
);
