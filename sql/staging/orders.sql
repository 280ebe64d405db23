-- 工单现状 Orders, current version
-- grain: order_id
-- partition: order_id
-- why: the version said or confirmed by the latest known_at counts, so an old export loaded late overwrites nothing.
with known as (
    select order_id, batch_id as version_batch_id, batch_id, known_at
    from landed.order_versions anti join landed.undos using (batch_id)
    union all
    select order_id, version_batch_id, batch_id, known_at
    from landed.sightings anti join landed.undos using (batch_id)
),

ranked as (
    select
        known.order_id,
        known.version_batch_id,
        row_number() over (partition by known.order_id order by known.known_at desc, known.batch_id desc) as recency,
        count(*) filter (where known.version_batch_id = known.batch_id) over (partition by known.order_id) as version_count
    from known
    semi join run.touched_orders as touched on touched.order_id = known.order_id
    cross join run.parameters as parameters
    where parameters.parameter_name = 'as_of' and known.known_at <= parameters.time_value
),

current_versions as (
    select versions.*, ranked.version_count
    from landed.order_versions as versions
    inner join ranked on ranked.order_id = versions.order_id and ranked.version_batch_id = versions.batch_id
    where ranked.recency = 1
)

select
    current_versions.order_id,
    current_versions.case_id,
    current_versions.batch_id,
    current_versions.version_count,
    current_versions.known_at,
    current_versions.text_hash,
    current_versions.has_callback,
    current_versions.has_contact,
    current_versions.has_resolution,
    current_versions.has_satisfaction,
    current_versions.source_route,
    coalesce(channels.channel, current_versions.channel) as channel,
    case
        when current_versions.channel is null then '未填'
        else coalesce(channels.channel_group, '未归组')
    end as channel_group,
    current_versions.sub_center,
    current_versions.order_type,
    current_versions.topic_level1,
    current_versions.topic_level2,
    current_versions.topic_level3,
    current_versions.created_at,
    cast(date_trunc('month', current_versions.created_at) as date) as created_month,
    current_versions.dispatched_at,
    current_versions.due_at,
    current_versions.closed_at,
    coalesce(places.unit_id, 'x:' || current_versions.place_town, 'none') as place_id,
    coalesce(place_units.unit_name, current_versions.place_town, '（未填街乡镇）') as place_town,
    current_versions.community,
    current_versions.place_point,
    coalesce(names.unit_id, 'x:' || current_versions.unit_name, 'none') as unit_id,
    current_versions.co_units,
    current_versions.trade_bureau,
    current_versions.caller_key,
    current_versions.is_valid_callback,
    current_versions.is_contacted,
    current_versions.resolution,
    current_versions.satisfaction,
    coalesce(current_versions.retention = '剔除' or current_versions.exclusion_tag = '剔除', false) as is_excluded,
    coalesce(current_versions.exclusion_tag = '挂账', false) as is_suspended,
    current_versions.exclusion_kind,
    current_versions.volume_exclusion is not null as is_volume_excluded,
    coalesce(current_versions.assessment_kind = '只评价响应率', false) as is_response_only,
    coalesce(current_versions.is_assessed, true) as is_assessed,
    current_versions.seven_five,
    current_versions.is_whistled,
    current_versions.return_count,
    coalesce(current_versions.is_confidential, false) as is_confidential,
    coalesce(current_versions.is_confidential or current_versions.order_type like '举报%', false) as is_need_to_know,
    current_versions.is_simulated,
    current_versions.is_derived_id
from current_versions
left join landed.unit_names as names
    on names.unit_alias = current_versions.unit_name
    and current_versions.created_at >= names.valid_from
    and current_versions.created_at < names.valid_to
left join landed.unit_names as places
    on places.unit_alias = current_versions.place_town
    and current_versions.created_at >= places.valid_from
    and current_versions.created_at < places.valid_to
left join landed.units as place_units on place_units.unit_id = places.unit_id
left join landed.channels as channels
    on channels.channel_alias = current_versions.channel
    and current_versions.created_at >= channels.valid_from
    and current_versions.created_at < channels.valid_to
