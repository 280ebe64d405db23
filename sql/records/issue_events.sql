-- 候选问题的人工调整 what analysts changed about recurring issues: everything is appended
-- an undo names the event that it takes back; of rename, dismiss/restore and pin/unpin the newest that stands counts
create table issue_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    action text not null check (action in ('rename', 'merge', 'split', 'dismiss', 'restore', 'pin', 'unpin', 'undo')),
    issue_id text not null,
    other_issue_id text,       -- merge: the issue that takes the orders; split: the issue of the part that leaves
    edited_name text,          -- rename: the new name; split: the name of the part that leaves
    moved_ids text not null,   -- split: JSON array of the orders that leave
    kept_ids text not null,    -- split: JSON array of the orders that stayed then
    reason text not null,
    undone_id integer references issue_events (event_id)
);

create index issue_events_of on issue_events (issue_id, event_id);
create index issue_events_undone on issue_events (undone_id);
