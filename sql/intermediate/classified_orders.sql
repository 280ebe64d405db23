-- 工单分类 Orders with their topic
-- grain: order_id
-- partition: order_id
-- why: a label is resolved by every name its code ever had. The clerk's label and the model's are kept apart; the clerk's counts where present, and topic_source says which.
with level1 as (
    select topic_name, min(topic_code) as topic_code from landed.topics where level = 1 group by topic_name
),

labelled as (
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
        coalesce(level1.topic_code, orders.topic_level1) as clerk_topic_code
    from staging.orders as orders
    semi join run.touched_orders as touched on touched.order_id = orders.order_id
    left join level1 on level1.topic_name = orders.topic_level1
),

predictions as (
    select said.*
    from landed.topic_predictions as said
    inner join run.parameters as parameters
        on parameters.parameter_name = 'topic_model' and parameters.text_value = said.model_id
),

joined as (
    select
        labelled.*,
        predictions.topic_code as model_topic_code,
        predictions.probability as model_probability,
        predictions.model_id
    from labelled
    left join predictions on predictions.text_hash = labelled.text_hash
)

select
    order_id,
    created_at,
    created_month,
    unit_id,
    place_id,
    place_town,
    community,
    caller_key,
    channel,
    channel_group,
    sub_center,
    is_volume_excluded,
    topic_level2,
    clerk_topic_code,
    model_topic_code,
    model_probability,
    model_id,
    coalesce(clerk_topic_code, model_topic_code, '未归类') as topic_code,
    case
        when clerk_topic_code is not null then '人工'
        when model_topic_code is not null then '模型'
        else '未归类'
    end as topic_source
from joined
