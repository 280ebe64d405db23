-- 申诉期限 Deadlines of applications
-- grain: deadline_id
-- filled by: flows
-- why: how many days after which event an application for 剔除 or 挂账 has to take its next step; dated, because districts change it.
create table if not exists landed.appeal_deadlines (
    deadline_id text,
    appeal_kind text,
    deadline_name text,
    after_event text,
    until_event text,
    deadline_days integer,
    deadline_clock text,
    valid_from date,
    valid_to date,
    deadline_status text,
    deadline_source text
);
