-- 每月一题候选 Recurring issues
-- grain: issue_id
-- why: the candidates with their evidence, as ranked; whole rebuild, a few hundred rows.
select
    issue_id,
    issue_rank,
    issue_name,
    issue_grain,
    parent_id,
    is_covered,
    place,
    problem,
    people_count,
    order_count,
    month_count,
    unit_count,
    place_count,
    first_at,
    last_at,
    recurrence_count,
    unresolved_share,
    unsettled_share,
    issue_score,
    score_parts
from landed.recurring_issues
