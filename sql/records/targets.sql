-- 录入的目标 targets that people entered: everything is appended, the newest event of one target is its state
-- a target is named by indicator, unit, rule and first period; '' stands for every unit, every rule, every period
create table target_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    indicator text not null,
    unit_id text not null,
    rule_id text not null,
    from_period text not null,
    value real             -- 0-1, for the score 0-100; null: the target is withdrawn
);

create index target_events_of on target_events (indicator, unit_id, rule_id, from_period, event_id);
