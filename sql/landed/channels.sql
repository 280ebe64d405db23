-- 渠道名称 Channel names
-- grain: channel_alias, valid_from
-- filled by: flows
-- why: every spelling of a channel, the channel it means and its group; a spelling that is not listed stays a channel of its own.
create table if not exists landed.channels (
    channel_alias text,
    channel text,
    channel_group text,
    valid_from date,
    valid_to date
);
