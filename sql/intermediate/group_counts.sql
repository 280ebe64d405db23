-- 单位与分组的计数 Counts of units and of groups of units
-- grain: rule_id, period_id, group_kind, unit_group, group_id
-- partition: period_id
-- why: a unit and a group of units taken together are scored by one formula on the same sums.
select
    members.rule_id,
    members.period_id,
    members.group_kind,
    members.unit_group,
    members.group_id,
    cast(sum(counts.response_denominator) as bigint) as response_denominator,
    cast(sum(counts.response_thousandths) as bigint) as response_thousandths,
    cast(sum(counts.resolution_denominator) as bigint) as resolution_denominator,
    cast(sum(counts.resolution_thousandths) as bigint) as resolution_thousandths,
    cast(sum(counts.satisfaction_denominator) as bigint) as satisfaction_denominator,
    cast(sum(counts.satisfaction_thousandths) as bigint) as satisfaction_thousandths,
    cast(sum(counts.on_time_denominator) as bigint) as on_time_denominator,
    cast(sum(counts.on_time_thousandths) as bigint) as on_time_thousandths,
    cast(sum(counts.response_full_denominator) as bigint) as response_full_denominator,
    cast(sum(counts.response_full_thousandths) as bigint) as response_full_thousandths,
    cast(sum(counts.resolution_full_denominator) as bigint) as resolution_full_denominator,
    cast(sum(counts.resolution_full_thousandths) as bigint) as resolution_full_thousandths,
    cast(sum(counts.satisfaction_full_denominator) as bigint) as satisfaction_full_denominator,
    cast(sum(counts.satisfaction_full_thousandths) as bigint) as satisfaction_full_thousandths
from intermediate.group_members as members
inner join intermediate.unit_counts as counts
    on counts.rule_id = members.rule_id and counts.period_id = members.period_id and counts.unit_id = members.unit_id
semi join run.touched_periods as touched on touched.period_id = members.period_id
group by members.rule_id, members.period_id, members.group_kind, members.unit_group, members.group_id
