-- 剔挂申诉台账 applications for 剔除 and 挂账: everything is appended; of one application the newest event that was not undone is its state
create table appeal_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    appeal_id integer not null,
    order_id text not null,
    appeal_kind text not null,           -- 剔除, 挂账
    appeal_state text not null,          -- 拟报, 已报, 受理, 通过, 不通过, 撤回, 已销账
    state_date text not null,            -- YYYY-MM-DD, the day on which it came to this state
    evidence text not null,              -- JSON: [[name, present], …] in the order in which they were named
    result_text text not null,
    settling_date text,                  -- YYYY-MM-DD, when a 挂账 has to come back; null: by the site's deadlines
    undone_event_id integer references appeal_events (event_id)  -- this event takes another one back and says nothing itself
);

create index appeal_events_of on appeal_events (appeal_id, event_id);
