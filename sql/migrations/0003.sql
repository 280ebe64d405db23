-- version 2 → 3: answers by source and round; rules as version 3 lands them (they are landed anew at each run).
-- Frozen once released: a later change is a step of its own.
alter table landed.order_versions add column has_callback_district boolean;
alter table landed.order_versions add column has_contact_district boolean;
alter table landed.order_versions add column has_resolution_district boolean;
alter table landed.order_versions add column has_satisfaction_district boolean;
alter table landed.order_versions add column has_callback_city boolean;
alter table landed.order_versions add column has_contact_city boolean;
alter table landed.order_versions add column has_resolution_city boolean;
alter table landed.order_versions add column has_satisfaction_city boolean;
alter table landed.order_versions add column has_contact_unit boolean;
alter table landed.order_versions add column has_resolution_unit boolean;
alter table landed.order_versions add column has_satisfaction_unit boolean;
alter table landed.order_versions add column is_valid_callback_district boolean;
alter table landed.order_versions add column is_contacted_district boolean;
alter table landed.order_versions add column resolution_district text;
alter table landed.order_versions add column satisfaction_district text;
alter table landed.order_versions add column is_valid_callback_city boolean;
alter table landed.order_versions add column is_contacted_city boolean;
alter table landed.order_versions add column resolution_city text;
alter table landed.order_versions add column satisfaction_city text;
alter table landed.order_versions add column is_contacted_unit boolean;
alter table landed.order_versions add column resolution_unit text;
alter table landed.order_versions add column satisfaction_unit text;
alter table landed.order_versions add column resolution_first text;
alter table landed.order_versions add column resolution_final text;

drop table landed.rules;
drop table landed.rule_order_types;
