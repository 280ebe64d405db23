-- 规则的计分要素 What each rate is worth under a rule
-- grain: rule_id
-- why: one shape for both methods of scoring. part: the weight (weighted) or the points per percentage point (deduction),
-- both in thousandths; target: the rate from which on nothing is lost, 1 with the weighted method.
select
    rules.rule_id,
    rules.score_method,
    rules.renormalise,
    rules.score_decimals,
    case rules.score_method when 'weighted' then rules.response_weight else coalesce(response.deduction_points, 0) end as response_part,
    case rules.score_method when 'weighted' then rules.resolution_weight else coalesce(resolution.deduction_points, 0) end
        as resolution_part,
    case rules.score_method when 'weighted' then rules.satisfaction_weight else coalesce(satisfaction.deduction_points, 0) end
        as satisfaction_part,
    case rules.score_method when 'weighted' then rules.on_time_weight else coalesce(on_time.deduction_points, 0) end as on_time_part,
    coalesce(response.target_value, 1000) / 1000.0::double as response_target,
    coalesce(resolution.target_value, 1000) / 1000.0::double as resolution_target,
    coalesce(satisfaction.target_value, 1000) / 1000.0::double as satisfaction_target,
    coalesce(on_time.target_value, 1000) / 1000.0::double as on_time_target
from landed.rules as rules
left join landed.rule_deductions as response
    on response.rule_id = rules.rule_id and response.indicator = 'response'
left join landed.rule_deductions as resolution
    on resolution.rule_id = rules.rule_id and resolution.indicator = 'resolution'
left join landed.rule_deductions as satisfaction
    on satisfaction.rule_id = rules.rule_id and satisfaction.indicator = 'satisfaction'
left join landed.rule_deductions as on_time
    on on_time.rule_id = rules.rule_id and on_time.indicator = 'on_time'
