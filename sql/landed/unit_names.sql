-- 单位名称 Unit names
-- grain: unit_alias, valid_from
-- filled by: flows
-- why: every spelling under which a unit of the list may arrive, and from when to when it is that unit's; an unknown spelling becomes a unit of its own, never a silent merge.
create table if not exists landed.unit_names (
    unit_alias text,
    unit_id text,
    valid_from date,
    valid_to date
);
