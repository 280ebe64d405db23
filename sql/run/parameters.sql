-- 运行参数 Parameters
-- grain: parameter_name
-- filled by: flows
-- why: parameters are rows, never session variables, so that every file runs unchanged in a plain shell.
create table if not exists run.parameters (
    parameter_name text,
    time_value timestamp,
    text_value text
);
