-- 工单现状 Orders, current version
-- grain: order_id
-- partition: order_id
-- why: the version said or confirmed by the latest known_at counts, so an old export loaded late overwrites nothing. A due time
-- that the file states counts before the site's limits, the limit of the order's own type before the one for every type; a date
-- alone is due at the end of its day, and working time counts whole minutes. An open order is neither on time nor late.
with known as (
    select order_id, batch_id as version_batch_id, batch_id, known_at
    from landed.order_versions anti join landed.undos using (batch_id)
    union all
    select order_id, version_batch_id, batch_id, known_at
    from landed.sightings anti join landed.undos using (batch_id)
),

ranked as (
    select
        known.order_id, known.version_batch_id,
        row_number() over (partition by known.order_id order by known.known_at desc, known.batch_id desc) as recency,
        count(*) filter (where known.version_batch_id = known.batch_id) over (partition by known.order_id) as version_count
    from known
    semi join run.touched_orders as touched on touched.order_id = known.order_id
    cross join run.parameters as parameters
    where parameters.parameter_name = 'as_of' and known.known_at <= parameters.time_value
),

current_versions as (
    select versions.*, ranked.version_count, coalesce(versions.dispatched_at, versions.created_at) as started_at
    from landed.order_versions as versions
    inner join ranked on ranked.order_id = versions.order_id and ranked.version_batch_id = versions.batch_id
    where ranked.recency = 1
),

limited as (
    select
        said.*,
        coalesce(own.limit_minutes, every.limit_minutes) as limit_minutes,
        coalesce(own.limit_clock, every.limit_clock) as limit_clock,
        days.worked_minutes_before + case when days.is_workday then minutes.worked_minutes else 0 end as worked_at_start
    from current_versions as said
    left join landed.limits as own on own.order_type = said.order_type
        and own.limit_level = replace(coalesce(said.limit_text, ''), ' ', '')
        and said.started_at >= own.valid_from and said.started_at < own.valid_to
    left join landed.limits as every on every.order_type = '' and every.limit_level = replace(said.limit_text, ' ', '')
        and said.started_at >= every.valid_from and said.started_at < every.valid_to
    left join landed.calendar_days as days on days.calendar_date = cast(said.started_at as date)
        and coalesce(own.limit_clock, every.limit_clock) = 'working'
    left join landed.day_minutes as minutes on days.calendar_date is not null and minutes.minute_of_day
        = hour(said.started_at) * 60 + minute(said.started_at) + case when second(said.started_at) > 0 then 1 else 0 end
),

timed as (
    select
        limited.*,
        case
            when due_at is not null then due_at + case when due_at = date_trunc('day', due_at) then interval '86399 seconds'
                else interval '0 seconds' end
            when limit_clock = 'natural' then started_at + limit_minutes * interval '1 minute'
            else days.calendar_date + minutes.minute_of_day * interval '1 minute'
        end as effective_due_at
    from limited
    cross join (select max(worked_minutes) as worked_a_day from landed.day_minutes) as full_day
    left join landed.calendar_days as days on days.is_workday
        and days.worked_day_number = (worked_at_start + limit_minutes - 1) // worked_a_day + 1
    left join landed.day_minutes as minutes on minutes.is_minute_end
        and minutes.worked_minutes = (worked_at_start + limit_minutes - 1) % worked_a_day + 1
)

select
    said.order_id, said.case_id, said.batch_id, said.version_count, said.known_at, said.text_hash, said.source_route,
    coalesce(channels.channel, said.channel) as channel,
    case when said.channel is null then '未填' else coalesce(channels.channel_group, '未归组') end as channel_group,
    said.sub_center, said.order_type, said.topic_level1, said.topic_level2, said.topic_level3,
    said.created_at, cast(date_trunc('month', said.created_at) as date) as created_month,
    said.dispatched_at, said.due_at, said.closed_at, said.effective_due_at,
    case when said.due_at is not null then '截止时间' when said.effective_due_at is not null then '时限表' end as limit_source,
    said.closed_at <= said.effective_due_at as is_on_time,
    coalesce(places.unit_id, 'x:' || said.place_town, 'none') as place_id,
    coalesce(place_units.unit_name, said.place_town, '（未填街乡镇）') as place_town,
    said.community, said.place_point,
    coalesce(names.unit_id, 'x:' || said.unit_name, 'none') as unit_id,
    coalesce(trades.unit_id, 'x:' || said.trade_bureau, 'none') as trade_id,
    said.co_units, said.trade_bureau, said.caller_key,
    said.has_callback, said.has_contact, said.has_resolution, said.has_satisfaction,
    said.is_valid_callback, said.is_contacted, said.resolution, said.satisfaction,
    coalesce(has_callback_district, false) as has_callback_district,
    coalesce(has_contact_district, false) as has_contact_district,
    coalesce(has_resolution_district, false) as has_resolution_district,
    coalesce(has_satisfaction_district, false) as has_satisfaction_district,
    said.is_valid_callback_district, said.is_contacted_district, said.resolution_district, said.satisfaction_district,
    coalesce(has_callback_city, false) as has_callback_city, coalesce(has_contact_city, false) as has_contact_city,
    coalesce(has_resolution_city, false) as has_resolution_city,
    coalesce(has_satisfaction_city, false) as has_satisfaction_city,
    said.is_valid_callback_city, said.is_contacted_city, said.resolution_city, said.satisfaction_city,
    coalesce(has_contact_unit, false) as has_contact_unit, coalesce(has_resolution_unit, false) as has_resolution_unit,
    coalesce(has_satisfaction_unit, false) as has_satisfaction_unit,
    said.is_contacted_unit, said.resolution_unit, said.satisfaction_unit,
    said.resolution_first, said.resolution_final, said.satisfaction_first, said.satisfaction_final,
    coalesce(said.retention = '剔除' or said.exclusion_tag = '剔除', false) as is_excluded,
    coalesce(said.exclusion_tag = '挂账', false) as is_suspended, said.exclusion_kind,
    said.volume_exclusion is not null as is_volume_excluded,
    coalesce(said.assessment_kind = '只评价响应率', false) as is_response_only,
    coalesce(said.is_assessed, true) as is_assessed,
    said.seven_five, said.is_whistled, said.return_count, coalesce(said.is_confidential, false) as is_confidential,
    coalesce(said.is_confidential or said.order_type like '举报%', false) as is_need_to_know,
    said.is_simulated, said.is_derived_id
from timed as said
left join landed.unit_names as names on names.unit_alias = said.unit_name
    and said.created_at >= names.valid_from and said.created_at < names.valid_to
left join landed.unit_names as trades on trades.unit_alias = said.trade_bureau
    and said.created_at >= trades.valid_from and said.created_at < trades.valid_to
left join landed.unit_names as places on places.unit_alias = said.place_town
    and said.created_at >= places.valid_from and said.created_at < places.valid_to
left join landed.units as place_units on place_units.unit_id = places.unit_id
left join landed.channels as channels on channels.channel_alias = said.channel
    and said.created_at >= channels.valid_from and said.created_at < channels.valid_to
