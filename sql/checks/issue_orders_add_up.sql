-- 问题的工单数相符 Orders of issues add up
-- grain: issue_id
-- why: the rows are issues whose measures counted other orders, answers or recurrences than the orders that the issue opens.
with held as (
    select
        issue_id,
        count(*) as order_count,
        count(is_resolved) as resolution_asked_count,
        count(*) filter (where is_recurrence) as recurrence_count
    from marts.mart_issue_orders
    group by issue_id
)

select coalesce(issues.issue_id, held.issue_id) as issue_id, issues.order_count as counted, held.order_count as held
from marts.mart_issues as issues
full join held on held.issue_id = issues.issue_id
where coalesce(issues.order_count, 0) <> coalesce(held.order_count, 0)
    or issues.resolution_asked_count <> held.resolution_asked_count
    or issues.recurrence_count <> held.recurrence_count
