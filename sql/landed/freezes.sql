-- 定稿事件 Freeze events
-- grain: rule_id, period_id, freeze_kind
-- filled by: flows
-- why: a period is final only through a dated event (回访截止 or 通报印发), never by the calendar.
create table if not exists landed.freezes (
    rule_id text,
    period_id text,
    frozen_at timestamp,
    freeze_kind text,
    freeze_source text
);
