-- 人写下的记录 records: everything is appended, with who and when; the newest event of a thing is its state
-- times are texts YYYY-MM-DD HH:MM:SS, Asia/Shanghai; names of files are masked before they come here

create table requests (
    request_id integer primary key autoincrement,
    kind text not null,
    who text not null,
    filed_at text not null,
    upload text,           -- folder below inbox/uploads with the file that the request is about
    detail text not null   -- JSON
);

create table request_events (
    event_id integer primary key autoincrement,
    request_id integer not null references requests (request_id),
    at text not null,
    state text not null check (state in ('waiting', 'running', 'busy', 'done', 'failed', 'dismissed')),
    detail text not null   -- JSON
);

create index request_events_of on request_events (request_id, event_id);

-- one row a start of the server: it is alive while beat_at moves and ended_at is null
create table servers (
    server_id integer primary key autoincrement,
    process_id integer not null,
    started_at text not null,
    beat_at text not null,
    ended_at text
);

-- what was seen of each file of a watched folder; one row 'published' follows the loads that a publish shows
create table watched_files (
    event_id integer primary key autoincrement,
    file_key text not null,      -- keyed hash of folder and name; a name can hold personal data
    at text not null,
    state text not null check (state in ('loaded', 'same', 'refused', 'unreadable', 'published')),
    file_name text not null,     -- masked
    stamp text not null,         -- size and times as last seen
    content_hash text not null,
    batch_id integer,
    reason text not null
);

create index watched_files_of on watched_files (file_key, event_id);
create index watched_files_content on watched_files (content_hash);
