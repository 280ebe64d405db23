-- 规则答案取值 Rule answer values
-- grain: rule_id, indicator, answer
-- filled by: flows
-- why: what an answer counts for in the numerator, in thousandths; an answer not listed counts 0.
create table if not exists landed.rule_answers (
    rule_id text,
    indicator text,
    answer text,
    answer_value integer
);
