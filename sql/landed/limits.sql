-- 办理时限 Time limits
-- grain: limit_level, order_type, valid_from
-- filled by: flows
-- why: the site's dated limits by 处理时限 and order type; an empty level or type stands for any, and the more particular row counts.
create table if not exists landed.limits (
    limit_level text,
    order_type text,
    limit_minutes integer,
    limit_clock text,
    valid_from date,
    valid_to date,
    limit_document text
);
