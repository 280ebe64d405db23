-- version 3 → 4: predictions of three levels; what earlier models said of level 1 stays.
-- Frozen once released: a later change is a step of its own.
alter table landed.topic_predictions rename column topic_code to level1_code;
alter table landed.topic_predictions rename column probability to level1_probability;
alter table landed.topic_predictions add column level2_code text;
alter table landed.topic_predictions add column level2_probability double;
alter table landed.topic_predictions add column level3_code text;
alter table landed.topic_predictions add column level3_probability double;
alter table landed.topic_predictions add column runner_up_code text;
alter table landed.topic_predictions add column runner_up_probability double;
alter table landed.topic_predictions add column unseen_share double;
