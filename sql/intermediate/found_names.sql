-- 需要核对的名称 Names that need a look
-- grain: name_role, found_name, name_issue
-- why: who (承办单位) and where (被反映街乡镇) are resolved apart, and neither is filled from the other. What the dated list does not settle stays
-- as the file has it: a name that is not listed, a unit outside its validity, an empty cell.
with handlers as (
    select
        '承办单位' as name_role,
        units.unit_name as found_name,
        case
            when orders.unit_id = 'none' then '未填'
            when not units.is_listed then '未登记'
            else '超出有效期'
        end as name_issue,
        orders.created_at
    from staging.orders as orders
    inner join staging.units as units on units.unit_id = orders.unit_id
    where not units.is_listed or orders.created_at < units.valid_from or orders.created_at >= units.valid_to
),

places as (
    select
        '被反映街乡镇' as name_role,
        orders.place_town as found_name,
        case
            when orders.place_id = 'none' then '未填'
            when units.unit_id is null then '未登记'
            else '超出有效期'
        end as name_issue,
        orders.created_at
    from staging.orders as orders
    left join landed.units as units on units.unit_id = orders.place_id
    where units.unit_id is null or orders.created_at < units.valid_from or orders.created_at >= units.valid_to
),

every as (
    select * from handlers
    union all
    select * from places
)

select
    name_role,
    found_name,
    name_issue,
    count(*) as order_count,
    min(created_at) as first_at,
    max(created_at) as last_at
from every
group by name_role, found_name, name_issue
