-- 名称核对 Names to settle, with proposals
-- grain: name_role, found_name, name_issue
-- why: what a clerk has to decide on, the most frequent first: is this another spelling of a listed unit? Only an alias in units.csv makes it one.
with ranked as (
    select
        candidates.found_name,
        candidates.unit_id,
        units.unit_name,
        candidates.proposal_rank,
        row_number() over (
            partition by candidates.found_name order by candidates.proposal_rank, candidates.unit_id
        ) as place,
        count(*) over (partition by candidates.found_name, candidates.proposal_rank) as candidate_count
    from intermediate.name_candidates as candidates
    inner join intermediate.units as units on units.unit_id = candidates.unit_id
)

select
    names.name_role,
    names.found_name,
    names.name_issue,
    names.order_count,
    names.first_at,
    names.last_at,
    ranked.unit_id as proposed_unit_id,
    ranked.unit_name as proposed_unit_name,
    case ranked.proposal_rank
        when 1 then '只差区名前缀或机构后缀'
        when 2 then '一字之差'
        when 3 then '名称互相包含'
    end as proposal_reason,
    ranked.candidate_count
from intermediate.found_names as names
left join ranked on ranked.found_name = names.found_name and names.name_issue = '未登记' and ranked.place = 1
