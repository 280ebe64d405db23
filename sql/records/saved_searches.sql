-- 保存的检索 searches that people keep, each its own: everything is appended
-- a withdrawal names the search that it takes away
create table saved_search_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    action text not null check (action in ('save', 'withdraw')),
    search_name text,
    asked text,                -- the words
    narrowed text,             -- the filters as JSON
    withdrawn_id integer references saved_search_events (event_id)
);

create index saved_search_events_of on saved_search_events (who, event_id);
create unique index saved_search_events_withdrawn on saved_search_events (withdrawn_id) where withdrawn_id is not null;
