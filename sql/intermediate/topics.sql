-- 分类名称 Topics for the marts
-- grain: topic_code
-- why: hands names, today's paths and the 七有五性 crosswalk on to the marts, which may not read staging.
select
    topic_code, topic_name, level, seven_five_primary, taxonomy_id, level1_code, level2_code, level3_code
from staging.topics
