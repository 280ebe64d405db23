-- 每月一题 what a district decided about issues, its year list, and 一方案三清单: everything is appended
-- of one issue, entry or item the newest event is its state; lists are JSON arrays in the order in which they were given
create table decision_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    issue_id text not null,
    decision text not null check (decision in ('选定', '暂缓', '暂不纳入', '撤回')),
    reason text not null,
    theme_month text,                  -- YYYY-MM; of 选定 only
    lead_unit_id text,                 -- a proposal to the meeting
    supporting_unit_ids text not null
);

create index decision_events_of on decision_events (issue_id, event_id);

create table year_list_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    entry_id integer not null,
    theme_month text not null,         -- YYYY-MM; its year is the list's
    theme_name text not null,
    issue_ids text not null,
    lead_unit_id text,
    city_topic text,                   -- the city's topic that the theme answers
    is_carried_over integer not null,  -- 1: from the year before
    is_removed integer not null        -- 1: taken off the list
);

create index year_list_events_of on year_list_events (entry_id, event_id);

create table plan_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    item_id integer not null,
    issue_id text not null,
    kind text not null check (kind in ('方案', '任务', '责任', '政策')),
    item_text text not null,
    unit_id text,
    due_date text,                     -- YYYY-MM-DD
    state text not null check (state in ('未开始', '进行中', '已完成', '已取消'))
);

create index plan_events_of on plan_events (issue_id, item_id, event_id);
