-- 分类名称 Topics for the marts
-- grain: topic_code
-- why: hands names and the 七有五性 crosswalk on to the marts, which may not read staging.
select topic_code, topic_name, level, seven_five_primary
from staging.topics
