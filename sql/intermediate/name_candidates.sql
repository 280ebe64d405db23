-- 名称相近的单位 Units with a similar name
-- grain: found_name, unit_id
-- why: proposes which listed unit an unlisted name may mean; nothing is merged by it. Compared are distinct names only, the 1,000 most frequent. One
-- character apart means: equal once one character is left out of one or both names (joined on such keys; edit distance counts bytes in DuckDB).
with asked as (
    select found_name as spelling
    from intermediate.found_names
    where name_issue = '未登记'
    group by found_name
    order by sum(order_count) desc, found_name
    limit 1000
),

spellings as (
    select spelling, cast(null as varchar) as unit_id from asked
    union all
    select distinct unit_alias as spelling, unit_id from landed.unit_names
),

bare as (
    select spelling, unit_id, regexp_replace(spelling, '^(.{2,6}?[省市区县旗]|[区县])', '') as name
    from spellings
),

stems as (
    select
        spelling,
        unit_id,
        name,
        regexp_replace(name, '(街道办事处|地区办事处|镇人民政府|乡人民政府|街道办|镇政府|乡政府|办事处|人民政府|政府|街道|地区|镇|乡)$', '') as stem
    from bare
),

positions as (
    select unnest(range(1, 31)) as position
),

name_keys as (
    select spelling, unit_id, name as name_key from stems where length(name) >= 3
    union
    select stems.spelling, stems.unit_id, substr(name, 1, position - 1) || substr(name, position + 1) as name_key
    from stems
    inner join positions on positions.position <= length(stems.name)
    where length(stems.name) >= 3
),

found as (
    select asked.spelling, listed.unit_id, 1 as proposal_rank
    from stems as asked
    inner join stems as listed on listed.stem = asked.stem
    where asked.unit_id is null and listed.unit_id is not null and length(asked.stem) >= 2
    union all
    select asked.spelling, listed.unit_id, 2 as proposal_rank
    from name_keys as asked
    inner join name_keys as listed on listed.name_key = asked.name_key
    where asked.unit_id is null and listed.unit_id is not null
    union all
    select asked.spelling, listed.unit_id, 3 as proposal_rank
    from stems as asked
    inner join stems as listed on strpos(asked.name, listed.name) > 0 or strpos(listed.name, asked.name) > 0
    where asked.unit_id is null and listed.unit_id is not null and length(asked.name) >= 3 and length(listed.name) >= 3
)

select spelling as found_name, unit_id, min(proposal_rank) as proposal_rank
from found
group by spelling, unit_id
