-- The landed and run tables of version 1, with one order told by two batches: what a migration starts from.
create schema run;
create schema landed;
create table if not exists landed.batches (
    batch_id integer,
    file_name text,
    content_hash text,
    file_format text,
    encoding text,
    sheet text,
    header_row integer,
    column_mapping text,
    unmapped_columns text,
    has_callback boolean,
    is_simulated boolean,
    known_at timestamp,
    loaded_at timestamp,
    rows_read integer,
    rows_new integer,
    rows_revised integer,
    rows_unchanged integer,
    rows_repeated integer,
    rows_not_data integer,
    rows_quarantined integer
);
create table if not exists landed.freezes (
    rule_id text,
    period_id text,
    frozen_at timestamp,
    freeze_kind text,
    freeze_source text
);
create table if not exists landed.order_versions (
    order_id text,
    batch_id integer,
    row_number integer,
    known_at timestamp,
    row_hash text,
    text_hash text,
    has_callback boolean,
    has_contact boolean,
    has_resolution boolean,
    has_satisfaction boolean,
    case_id text,
    source_route text,
    channel text,
    order_type text,
    topic_level1 text,
    topic_level2 text,
    topic_level3 text,
    tags text,
    created_at timestamp,
    dispatched_city_at timestamp,
    dispatched_at timestamp,
    due_at timestamp,
    limit_text text,
    closed_at timestamp,
    place_town text,
    community text,
    place_point text,
    unit_name text,
    trade_bureau text,
    caller_key text,
    is_valid_callback boolean,
    is_contacted boolean,
    resolution text,
    satisfaction text,
    retention text,
    exclusion_tag text,
    exclusion_kind text,
    volume_exclusion text,
    assessment_kind text,
    seven_five text,
    is_whistled boolean,
    whistle_units text,
    whistle_result text,
    escalation text,
    return_count integer,
    satisfaction_first text,
    satisfaction_final text,
    is_assessed boolean,
    appeal text,
    is_confidential boolean,
    is_simulated boolean
);
create table if not exists landed.quarantine (
    batch_id integer,
    row_number integer,
    column_name text,
    value_masked text,
    rule text,
    reason text,
    fix text
);
create table if not exists landed.recurring_issue_orders (
    issue_id text,
    order_id text,
    similarity double,
    example_rank integer
);
create table if not exists landed.recurring_issues (
    issue_id text,
    issue_rank integer,
    issue_name text,
    issue_grain text,
    parent_id text,
    is_covered boolean,
    place text,
    problem text,
    people_count integer,
    order_count integer,
    month_count integer,
    unit_count integer,
    place_count integer,
    first_at timestamp,
    last_at timestamp,
    recurrence_count integer,
    unresolved_share double,
    unsettled_share double,
    issue_score double,
    score_parts text
);
create table if not exists landed.rule_answers (
    rule_id text,
    indicator text,
    answer text,
    answer_value integer
);
create table if not exists landed.rule_order_types (
    rule_id text,
    order_type text
);
create table if not exists landed.rule_periods (
    rule_id text,
    period_id text,
    start_at timestamp,
    end_at timestamp
);
create table if not exists landed.rules (
    rule_id text,
    rule_name text,
    rule_status text,
    rule_source text,
    response_weight integer,
    resolution_weight integer,
    satisfaction_weight integer,
    renormalise boolean,
    summary_method text,
    minimum_valid integer,
    valid_from date,
    valid_to date
);
create table if not exists landed.sightings (
    order_id text,
    batch_id integer,
    version_batch_id integer,
    known_at timestamp
);
create table if not exists landed.text_files (
    text_file text,
    batch_id integer,
    text_count integer
);
create table if not exists landed.texts (
    text_hash text,
    text_file text
);
create table if not exists landed.topic_predictions (
    text_hash text,
    model_id text,
    topic_code text,
    probability double
);
create table if not exists landed.topics (
    taxonomy_id text,
    topic_code text,
    topic_name text,
    parent_code text,
    level integer,
    seven_five_primary text,
    seven_five_secondary text,
    valid_from date,
    valid_to date
);
create table if not exists landed.unit_names (
    unit_alias text,
    unit_id text
);
create table if not exists landed.units (
    unit_id text,
    unit_name text,
    unit_group text,
    terrain text,
    population integer,
    population_year integer,
    valid_from date,
    valid_to date
);
create table if not exists run.parameters (
    parameter_name text,
    time_value timestamp,
    text_value text
);
create table if not exists run.touched_months (
    created_month date
);
create table if not exists run.touched_orders (
    order_id text
);
create table if not exists run.touched_periods (
    period_id text
);
insert into landed.batches (batch_id, file_name, content_hash, file_format, column_mapping, unmapped_columns, has_callback,
    is_simulated, known_at, loaded_at, rows_read, rows_new, rows_revised, rows_unchanged, rows_repeated, rows_not_data,
    rows_quarantined)
values
    (1, 'a.csv', 'one', 'csv', '{}', '', true, true, '2026-04-01', '2026-04-01', 3, 1, 0, 0, 0, 1, 1),
    (2, 'b.csv', 'two', 'csv', '{}', '', true, true, '2026-04-02', '2026-04-02', 2, 0, 1, 0, 0, 1, 0);
insert into landed.order_versions (order_id, batch_id, row_number, known_at, row_hash, text_hash, has_callback, has_contact,
    has_resolution, has_satisfaction, created_at, unit_name, is_valid_callback, is_contacted, resolution, satisfaction,
    is_simulated)
values
    ('A1', 1, 2, '2026-04-01', 'old', md5(concat_ws(chr(31), '', '楼下噪声大', '')), true, true, true, true, '2026-03-01',
        '甲镇', true, true, '未解决', '不满意', true),
    ('A1', 2, 2, '2026-04-02', 'old too', md5(concat_ws(chr(31), '', '楼下噪声大', '')), true, true, true, true,
        '2026-03-01', '甲镇', true, true, '解决', '满意', true);
insert into landed.quarantine values (1, 3, 'created_at', '??', 'unknown_time', '无法识别该时间', '请改正');
