-- 单位（含未登记） Units, listed and found
-- grain: unit_id
-- why: a unit that the site's list does not know is kept as a unit of its own, so that no order disappears from a table; places and
-- trade bureaus too where a rule scores them. Where there is a list it is not ranked with the others, without one its group is read
-- from its name.
with named as (
    select distinct unit_name, place_town, trade_bureau
    from landed.order_versions anti join landed.undos using (batch_id)
),

in_a_role as (
    select unit_name from named
    union
    select place_town as unit_name from named where exists (select 1 from landed.rules where unit_role = 'place')
    union
    select trade_bureau as unit_name from named where exists (select 1 from landed.rules where unit_role = 'trade')
),

found as (
    select in_a_role.unit_name
    from in_a_role
    left join (select distinct unit_alias from landed.unit_names) as names on names.unit_alias = in_a_role.unit_name
    where in_a_role.unit_name is not null and names.unit_alias is null
),

listed as (
    select unit_id, unit_name, unit_group, terrain, population, valid_from, valid_to, true as is_listed
    from landed.units
),

unlisted as (
    select
        'x:' || unit_name as unit_id,
        unit_name,
        case
            when list_size.units > 0 then '未登记单位'
            when unit_name like '%街道' or unit_name like '%镇' or unit_name like '%乡' or unit_name like '%地区'
                or unit_name like '%街道办事处' or unit_name like '%镇政府' then '街镇'
            else '其他单位'
        end as unit_group,
        cast(null as varchar) as terrain,
        cast(null as integer) as population,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        false as is_listed
    from found
    cross join (select count(*) as units from landed.units) as list_size
),

nobody as (
    select
        'none' as unit_id,
        '（未填单位）' as unit_name,
        '未填' as unit_group,
        cast(null as varchar) as terrain,
        cast(null as integer) as population,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        false as is_listed
    from (select count(*) as rows_without from in_a_role where unit_name is null) as missing
    where rows_without > 0
)

select * from listed
union all
select * from unlisted
union all
select * from nobody
