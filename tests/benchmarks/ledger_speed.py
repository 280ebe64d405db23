"""The rate ledger of millions of orders against a bare group-by of the same facts, one touched period, and the pages' reads.

`python tests/benchmarks/ledger_speed.py [MILLIONS]` makes MILLIONS (24) of orders without text over twelve periods and 350
units inside DuckDB, builds everything from the ledger to the scores under the example rule, then one period again, then
publishes and times the reads of the pages. It prints seconds, ratios of this one run, and the largest memory.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from hotline12345.sql import build
from hotline12345.sql.graph import build_order, upstream
from hotline12345.sql.normal_quantiles import land_normal_quantiles
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.rule_landing import land_periods, land_rules
from hotline12345.sql.rules import EXAMPLES, load_rules
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse
from hotline12345.sql.what_if import Assumption

MILLIONS, UNITS = 24, 350
FIRST, LAST = datetime(2025, 1, 19), datetime(2026, 1, 18, 23)
RATES = frozenset({"marts.mart_unit_scores", "marts.mart_group_summary"})
SCORED = [file for file in build_order() if file.name in upstream(RATES) and file.schema != "staging"]
MEMORY = "3000MB"

ORDERS = """
    insert into staging.orders by name
    with drawn as (select i, hash(i) as h, hash(i + 1) as g, hash(i + 2) as k from range($orders) as numbers (i))
    select
        'GD' || lpad(i::varchar, 10, '0') as order_id,
        case when k % 10 = 0 then 'C' || (i // 3) end as case_id,
        timestamp '2025-01-19' + interval 1 second * (i * (365 * 86400 - 1) // $orders) as created_at,
        created_at + interval 1 hour as dispatched_at,
        created_at + interval 3 day as closed_at,
        timestamp '2026-03-01' as known_at,
        date_trunc('month', created_at)::date as created_month,
        'U' || (h % $units) as unit_id, 'U' || (h % $units) as place_id, 'none' as trade_id, '街镇' as place_town,
        '第' || (g % 20) || '社区' as community, 1 as batch_id, 1 as version_count, '未填' as channel_group,
        ['投诉', '求助', '咨询', '建议', '表扬'][1 + (g % 5)::integer] as order_type,
        true as has_callback, true as has_contact, true as has_resolution, true as has_satisfaction,
        case when h // 350 % 10 < 8 then true when h // 350 % 10 = 8 then false end as is_valid_callback,
        g % 50 <> 0 as is_contacted,
        ['解决', '基本解决', '未解决', '解决', '解决'][1 + (k % 5)::integer] as resolution,
        ['满意', '基本满意', '不满意', '满意', '满意'][1 + (k // 5 % 5)::integer] as satisfaction,
        g % 40 = 3 as is_excluded, g % 60 = 4 as is_suspended, g % 30 = 1 as is_volume_excluded,
        g % 25 = 2 as is_response_only, true as is_assessed, g % 9 <> 0 as is_on_time,
        false as is_need_to_know, false as is_confidential, true as is_simulated, false as is_derived_id
    from drawn
"""
# The same facts summed as finely as the ledger knows them: three rates of each unit, day and type of order.
BARE = """
    select
        unit_id, cast(created_at as date), order_type, count(*),
        count(*) filter (where is_valid_callback),
        count(*) filter (where is_valid_callback and is_contacted),
        count(*) filter (where is_valid_callback and resolution = '解决'),
        count(*) filter (where is_valid_callback and satisfaction = '满意')
    from staging.orders group by all
"""


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def warm(act: Callable[[], object]) -> float:
    """The median of five calls after a first one, in milliseconds."""
    act()
    return 1000 * sorted(seconds(act) for _ in range(5))[2]


def make_facts(connection: Connection, orders: int) -> None:
    """The orders and what else the SQL reads: units, the rule, its periods."""
    connection.execute(
        "insert into landed.units (unit_id, unit_name, unit_group) select 'U' || i, '单位' || i, '街镇' from range(?) as t (i)",
        [UNITS],
    )
    rules = load_rules(EXAMPLES)
    land_rules(connection, rules)
    land_periods(connection, ((rule, period) for rule in rules for period in rule.periods(FIRST, LAST)))
    land_normal_quantiles(connection)
    build.set_parameter(connection, "as_of", None, build.FOREVER)
    for file in build_order():
        if file.schema == "staging":
            build.run_files(connection, [file])
    connection.execute(ORDERS, {"orders": orders, "units": UNITS})


def touch(connection: Connection, where: str) -> None:
    """Name the periods to rebuild."""
    connection.execute("delete from run.touched_periods")
    connection.execute(f"insert into run.touched_periods select distinct period_id from landed.rule_periods {where}")


def publish_facts(connection: Connection, storage: Storage) -> Snapshot:
    """Build the rest, with every order of one topic, and publish."""
    others = [file for file in build_order() if file not in SCORED and file.schema != "staging"]
    for file in others:
        build.run_files(connection, [file])
        if file.name == "intermediate.classified_orders":
            connection.execute(
                "insert into intermediate.classified_orders by name "
                "select *, 'T1' as topic_code, '模型' as topic_source from staging.orders".replace(
                    "*",
                    "order_id, unit_id, place_id, place_town, created_at, created_month, is_volume_excluded",
                )
            )
    return publish(connection, storage, datetime(2026, 3, 2))


def page_reads(reader: Reader) -> dict[str, float]:
    """Milliseconds of each read that a page waits for."""
    rule, period, unit = "example-10-50-40", "2025-06", "U7"
    what_if = reader.what_if(rule, period, unit)
    asked = [
        Assumption(order_id, is_valid_callback=True, is_contacted=True, resolution="解决", satisfaction="满意")
        for order_id in what_if.open_orders(3)
    ]
    return {
        "三率": warm(lambda: reader.unit_scores(rule, period)),
        "汇总行": warm(lambda: reader.group_summary(rule, period)),
        "各期": warm(lambda: reader.periods(rule)),
        "单位历史": warm(lambda: reader.unit_history(rule, unit)),
        "明细（一个单位一期）": warm(lambda: reader.ledger(rule, period, unit)),
        "失分分布": warm(lambda: reader.lost_summary(rule, period, unit, "answer_cell")),
        "原因构成": warm(lambda: reader.reasons(rule, period)),
        "测算": warm(lambda: what_if.assume(asked)),
    }


def main() -> None:
    """Print the table."""
    orders = 1_000_000 * int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000 * MILLIONS
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage.at(Path(folder))
        connection = open_warehouse(storage)
        connection.execute(f"set memory_limit = '{MEMORY}'")
        made = seconds(lambda: make_facts(connection, orders))
        bare = sorted(
            seconds(lambda: connection.execute(f"create or replace temp table summed as {BARE}")) for _ in range(3)
        )[1]
        touch(connection, "")
        full = [(file.name, seconds(lambda file=file: build.run_files(connection, [file]))) for file in SCORED]
        touch(connection, "where period_id = '2025-06'")
        one = seconds(lambda: build.run_files(connection, SCORED))
        whole = sum(taken for _, taken in full)
        say = sys.stdout.write
        say(f"{orders:,} orders, 12 periods, {UNITS} units, made in {made:.1f} s\n")
        say(f"bare group-by\t{bare:.2f} s\n")
        for name, taken in full:
            say(f"  {name}\t{taken:.2f} s\n")
        say(f"ledger and scores\t{whole:.2f} s\t×{whole / bare:.1f} of the bare group-by\n")
        say(f"one period again\t{one:.2f} s\t{100 * one / whole:.0f} % of all twelve\n")
        snapshot = publish_facts(connection, storage)
        connection.close()
        say(f"largest memory\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB\n")
        reader = Reader(storage, snapshot)
        for name, taken in page_reads(reader).items():
            say(f"  {name}\t{taken:.0f} ms\n")
        reader.close()


if __name__ == "__main__":
    main()
