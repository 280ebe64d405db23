-- 目标 Targets
-- grain: target_id
-- filled by: flows
-- why: what a plan or a notice asks for, dated: a target whose validity has ended is shown as expired, never as missed.
create table if not exists landed.targets (
    target_id text,
    target_name text,
    target_indicator text,
    unit_group text,
    unit_id text,
    target_figure double,
    valid_from date,
    valid_to date,
    target_status text,
    target_source text
);
