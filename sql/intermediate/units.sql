-- 单位 Units for the marts
-- grain: unit_id
-- why: hands names and groups on to the marts, which may not read staging.
select unit_id, unit_name, unit_group, terrain, population, is_listed
from staging.units
