-- 分类复核 what people said of the topic of an order: everything is appended
-- of one order the newest answer that was not withdrawn counts; a withdrawal names the answer that it takes back
create table topic_events (
    event_id integer primary key autoincrement,
    at text not null,
    who text not null,
    order_id text not null,
    text_hash text not null,   -- the text that was looked at
    action text not null check (action in ('confirm', 'correct', 'unclear', 'withdraw')),
    topic_code text,           -- the deepest code chosen; null for unclear and withdraw
    previous_code text,        -- what the model had said; null where it had said nothing
    model_id text,
    withdrawn_id integer references topic_events (event_id)
);

create index topic_events_of on topic_events (order_id, event_id);
create index topic_events_withdrawn on topic_events (withdrawn_id);
