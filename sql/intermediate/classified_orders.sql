-- 工单分类 Orders with their topic
-- grain: order_id
-- partition: order_id
-- why: what people corrected counts first, then the clerk's label, then the model's answer where it is sure enough and knows a word of the text; topic_source says which. The three are kept apart, and each as the codes of today.
with labelled as (
    select
        orders.order_id,
        orders.text_hash,
        orders.created_at,
        orders.created_month,
        orders.unit_id,
        orders.place_id,
        orders.place_town,
        orders.community,
        orders.caller_key,
        orders.channel,
        orders.channel_group,
        orders.sub_center,
        orders.is_volume_excluded,
        orders.topic_level2,
        clerk.level1_code as clerk_topic_code,
        clerk.level2_code as clerk_level2_code,
        clerk.level3_code as clerk_level3_code
    from staging.orders as orders
    semi join run.touched_orders as touched on touched.order_id = orders.order_id
    inner join intermediate.clerk_topics as clerk on clerk.order_id = orders.order_id
),

predictions as (
    select
        said.*,
        coalesce(models.level1_threshold, 0) as level1_threshold,
        case
            when said.level3_probability >= coalesce(models.lower_threshold, 0) then said.level3_code
            when said.level2_probability >= coalesce(models.lower_threshold, 0) then said.level2_code
            else said.level1_code
        end as leaf_code,
        case
            when said.level3_probability >= coalesce(models.lower_threshold, 0) then said.level3_probability
            when said.level2_probability >= coalesce(models.lower_threshold, 0) then said.level2_probability
            else said.level1_probability
        end as leaf_probability
    from landed.topic_predictions as said
    inner join run.parameters as parameters
        on parameters.parameter_name = 'topic_model' and parameters.text_value = said.model_id
    left join landed.topic_models as models on models.model_id = said.model_id
),

answers as (
    select
        said.text_hash,
        said.model_id,
        said.level1_probability as model_probability,
        said.leaf_probability,
        said.runner_up_code,
        said.runner_up_probability,
        said.unseen_share,
        said.level1_probability < said.level1_threshold or coalesce(said.unseen_share, 0) = 1 as is_unsure,
        coalesce(top.level1_code, said.level1_code) as model_topic_code,
        coalesce(leaf.level1_code, said.level1_code) as model_level1_code,
        leaf.level2_code as model_level2_code,
        leaf.level3_code as model_level3_code
    from predictions as said
    left join landed.topic_paths as top on top.topic_code = said.level1_code
    left join landed.topic_paths as leaf on leaf.topic_code = said.leaf_code
),

corrections as (
    select
        corrected.order_id,
        coalesce(paths.level3_code, paths.level2_code, paths.level1_code, corrected.topic_code) as corrected_code,
        coalesce(paths.level1_code, corrected.topic_code) as corrected_level1_code,
        paths.level2_code as corrected_level2_code,
        paths.level3_code as corrected_level3_code
    from landed.topic_corrections as corrected
    left join landed.topic_paths as paths on paths.topic_code = corrected.topic_code
    where corrected.topic_code is not null
),

sourced as (
    select
        labelled.*,
        corrections.* exclude (order_id),
        answers.* exclude (text_hash, is_unsure),
        coalesce(answers.is_unsure, false) as is_unsure,
        case
            when corrections.corrected_code is not null then '复核'
            when labelled.clerk_topic_code is not null then '人工'
            when answers.model_topic_code is not null and not answers.is_unsure then '模型'
            else '未归类'
        end as topic_source
    from labelled
    left join corrections on corrections.order_id = labelled.order_id
    left join answers on answers.text_hash = labelled.text_hash
)

select
    order_id, created_at, created_month, unit_id, place_id, place_town, community, caller_key, channel, channel_group,
    sub_center, is_volume_excluded, topic_level2, clerk_topic_code, model_topic_code, corrected_code,
    coalesce(clerk_level3_code, clerk_level2_code, clerk_topic_code) as clerk_leaf_code,
    coalesce(model_level3_code, model_level2_code, model_level1_code) as model_leaf_code,
    model_probability, leaf_probability, runner_up_code, runner_up_probability, unseen_share, model_id, is_unsure, topic_source,
    case topic_source
        when '复核' then corrected_level1_code when '人工' then clerk_topic_code when '模型' then model_level1_code else '未归类'
    end as topic_code,
    case topic_source
        when '复核' then corrected_level2_code when '人工' then clerk_level2_code when '模型' then model_level2_code
    end as topic_level2_code,
    case topic_source
        when '复核' then corrected_level3_code when '人工' then clerk_level3_code when '模型' then model_level3_code
    end as topic_level3_code
from sourced
