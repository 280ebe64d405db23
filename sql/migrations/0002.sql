-- 版本 1 → 2: sub-centres, main and supporting units, derived ids, undoing; a version's hash leaves out what is null.
-- Whether a version kept values of the one before is not known of version 1, so it is taken for granted: undoing an
-- old batch may ask for later ones to be undone first, and never leaves a value without its source.
alter table landed.order_versions add column sub_center text;
alter table landed.order_versions add column handling_role text;
alter table landed.order_versions add column co_units text;
alter table landed.order_versions add column is_derived_id boolean;
alter table landed.order_versions add column kept_batch_id integer;
alter table landed.sightings add column kept_batch_id integer;

update landed.order_versions set is_derived_id = false;

update landed.order_versions set row_hash = md5(concat_ws(
    chr(31),
    'appeal=' || (appeal)::varchar,
    'assessment_kind=' || (assessment_kind)::varchar,
    'caller_key=' || (caller_key)::varchar,
    'case_id=' || (case_id)::varchar,
    'channel=' || (channel)::varchar,
    'closed_at=' || (closed_at)::varchar,
    'co_units=' || (co_units)::varchar,
    'community=' || (community)::varchar,
    'created_at=' || (created_at)::varchar,
    'dispatched_at=' || (dispatched_at)::varchar,
    'dispatched_city_at=' || (dispatched_city_at)::varchar,
    'due_at=' || (due_at)::varchar,
    'escalation=' || (escalation)::varchar,
    'exclusion_kind=' || (exclusion_kind)::varchar,
    'exclusion_tag=' || (exclusion_tag)::varchar,
    'handling_role=' || (handling_role)::varchar,
    'has_callback=' || (has_callback)::varchar,
    'has_contact=' || (has_contact)::varchar,
    'has_resolution=' || (has_resolution)::varchar,
    'has_satisfaction=' || (has_satisfaction)::varchar,
    'is_assessed=' || (is_assessed)::varchar,
    'is_confidential=' || (is_confidential)::varchar,
    'is_contacted=' || (is_contacted)::varchar,
    'is_derived_id=' || (is_derived_id)::varchar,
    'is_simulated=' || (is_simulated)::varchar,
    'is_valid_callback=' || (is_valid_callback)::varchar,
    'is_whistled=' || (is_whistled)::varchar,
    'limit_text=' || (limit_text)::varchar,
    'order_type=' || (order_type)::varchar,
    'place_point=' || (place_point)::varchar,
    'place_town=' || (place_town)::varchar,
    'resolution=' || (resolution)::varchar,
    'retention=' || (retention)::varchar,
    'return_count=' || (return_count)::varchar,
    'satisfaction=' || (satisfaction)::varchar,
    'satisfaction_final=' || (satisfaction_final)::varchar,
    'satisfaction_first=' || (satisfaction_first)::varchar,
    'seven_five=' || (seven_five)::varchar,
    'source_route=' || (source_route)::varchar,
    'sub_center=' || (sub_center)::varchar,
    'tags=' || (tags)::varchar,
    'text_hash=' || (text_hash)::varchar,
    'topic_level1=' || (topic_level1)::varchar,
    'topic_level2=' || (topic_level2)::varchar,
    'topic_level3=' || (topic_level3)::varchar,
    'trade_bureau=' || (trade_bureau)::varchar,
    'unit_name=' || (unit_name)::varchar,
    'volume_exclusion=' || (volume_exclusion)::varchar,
    'whistle_result=' || (whistle_result)::varchar,
    'whistle_units=' || (whistle_units)::varchar
));

update landed.order_versions as versions
set kept_batch_id = before.batch_id
from (
    select order_id, batch_id as later_batch_id, lag(batch_id) over (partition by order_id order by known_at, batch_id) as batch_id
    from landed.order_versions
) as before
where before.order_id = versions.order_id and before.later_batch_id = versions.batch_id;

update landed.sightings set kept_batch_id = version_batch_id;

create table landed.quarantined_rows (batch_id integer, row_number integer, row_token text, cells text);
insert into landed.quarantined_rows
select distinct batch_id, row_number, batch_id || '-' || row_number, '{}' from landed.quarantine;

drop table landed.unit_names;
