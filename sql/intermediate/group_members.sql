-- 单位所属的组 Groups that a unit belongs to
-- grain: rule_id, period_id, unit_id, group_kind
-- partition: period_id
-- why: like is compared with like: unit (the unit itself), unit_group (its ranking group), and within that group terrain
-- (深山, 浅山, 门城 …) and size_class, by valid callbacks of the period. Callbacks and not residents: bureaus have none, and
-- the number of callbacks is what makes a rate uncertain.
with counted as (
    select
        counts.rule_id,
        counts.period_id,
        counts.unit_id,
        units.unit_group,
        units.terrain,
        case
            when counts.valid < 20 then '回访不足20件'
            when counts.valid < 100 then '回访20至99件'
            when counts.valid < 500 then '回访100至499件'
            else '回访500件及以上'
        end as size_class
    from intermediate.unit_counts as counts
    inner join intermediate.units as units on units.unit_id = counts.unit_id
    semi join run.touched_periods as touched on touched.period_id = counts.period_id
),

grouped as (
    select
        counted.*,
        kinds.group_kind,
        case kinds.group_kind
            when 'unit' then counted.unit_id
            when 'unit_group' then counted.unit_group
            when 'terrain' then counted.terrain
            else counted.size_class
        end as group_id
    from counted
    cross join (values ('unit'), ('unit_group'), ('terrain'), ('size_class')) as kinds (group_kind)
)

select rule_id, period_id, unit_id, group_kind, unit_group, group_id
from grouped
where group_id is not null
