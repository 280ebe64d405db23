-- 同龄对比 Earlier periods at the same age
-- grain: rule_id, period_id, comparison, unit_id
-- filled by: flows
-- why: an unfinished period is compared with what was known of the earlier one on the same day of its life; 环比 the period
-- before, 同比 the one a year before. Only periods that can still move have rows; final ones compare with final figures.
create table if not exists landed.same_age_scores (
    rule_id text,
    period_id text,
    comparison text,
    compared_period_id text,
    compared_as_of timestamp,
    unit_id text,
    received integer,
    valid integer,
    response_numerator double,
    response_denominator integer,
    response_rate double,
    resolution_numerator double,
    resolution_denominator integer,
    resolution_rate double,
    satisfaction_numerator double,
    satisfaction_denominator integer,
    satisfaction_rate double,
    score double,
    score_rank integer
);
