-- 账号、登录与审计 accounts, logins and the audit log
-- account events are appended, of one login the newest is its state; of passwords and sessions only what is in force is kept
-- audit rows are appended for ever, numbered without a gap and chained by keyed hashes: see audit.py
create table account_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    login text not null,
    action text not null check (action in ('add', 'change', 'disable', 'enable', 'reset', 'password')),
    shown_name text not null,    -- a name or a post
    role text not null,          -- a role of access.toml
    unit_ids text not null,      -- JSON array; empty where the role is not bound to units
    expires_date text,           -- YYYY-MM-DD, the last day on which it opens; null: none
    is_disabled integer not null
);

create index account_events_of on account_events (login, event_id);

-- one row a login; an earlier hash is of no use to anybody but a thief
create table account_passwords (
    login text primary key,
    password_hash text not null, -- argon2id
    must_change integer not null -- 1: an initial password, which opens the page for a new one only
);

-- wrong passwords since the last right one; of names without an account too, or a lock would tell which names exist
create table login_failures (
    login_hash text primary key, -- of what was typed: people type passwords into the wrong field
    wrong_count integer not null,
    last_at text not null,
    locked_until text            -- null: not locked
);

create table login_sessions (
    token_hash text primary key, -- SHA-256 of the random token in the cookie
    login text not null,
    created_at text not null,
    seen_at text not null
);

create index login_sessions_of on login_sessions (login);

create table audit (
    audit_id integer primary key check (audit_id > 0),
    at text not null,
    who text not null,
    role text not null,
    action text not null,
    subject text not null,       -- an order id, the name of an export, a login; never words of a search or a text
    row_count integer,           -- of exports
    chain_hash text not null     -- HMAC-SHA-256 of this row and the hash before
);

-- accidents are refused here; intent is found by `hotline audit verify`
create trigger audit_is_never_changed before update on audit
begin
    select raise(abort, 'audit rows are never changed');
end;

create trigger audit_is_never_deleted before delete on audit
begin
    select raise(abort, 'audit rows are never deleted');
end;
