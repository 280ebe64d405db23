-- 疑似标错的人工分类 Clerks' labels that are probably wrong
-- grain: order_id, problem_kind
-- filled by: flows
-- why: what the last search found among the newest labelled orders: labels that models trained without them contradict, and same or near-same texts that were labelled differently.
create table if not exists landed.label_problems (
    order_id text,
    problem_kind text,
    problem_rank integer,
    label_code text,
    suggested_code text,
    label_probability double,
    suggested_probability double,
    conflict_number integer,
    sought_at timestamp
);
