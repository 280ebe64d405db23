"""How long one 剔除测算 takes once a unit is prepared: 350 units, 24,000 orders in the period, the largest unit assumed on.

.venv/bin/python tests/benchmarks/what_if_speed.py
"""

import random
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import made_warehouse

from hotline12345.sql.what_if import Assumption, WhatIf

UNITS, ORDERS, CALLS = 350, 24_000, 40
RULE, PERIOD = "example-10-50-40", "2026-03"


def orders() -> list[dict[str, object]]:
    """Orders of one period; low numbers of units have many, a sixth await their callback."""
    draw = random.Random(1)
    return [
        {
            "order_id": f"A{number:05}",
            "order_type": "投诉",
            "created_at": datetime(2026, 2, 19) + timedelta(minutes=draw.randrange(40_000)),
            "unit_name": f"示例{int(UNITS * draw.random() ** 3)}镇",
            "is_valid_callback": draw.choice([True] * 5 + [None]),
            "is_contacted": True,
            "resolution": draw.choice(["解决"] * 9 + ["未解决"]),
            "satisfaction": draw.choice(["满意"] * 7 + ["基本满意", "不满意"]),
        }
        for number in range(ORDERS)
    ]


def main() -> None:
    """Print the time of preparing and of each call."""
    units = [f"U{number},示例{number}镇,街镇,,,,,," for number in range(UNITS)]
    with tempfile.TemporaryDirectory() as folder:
        connection = made_warehouse.make(Path(folder), orders(), units)
        start = time.perf_counter()
        prepared = WhatIf(connection, RULE, PERIOD, "U0")
        ready = time.perf_counter() - start
        ids, waiting = prepared.orders["order_id"].to_list(), prepared.open_orders()
        times = []
        for call in range(CALLS):
            assumptions = [Assumption(order_id, True) for order_id in ids[call : call + 20] if order_id not in waiting]
            assumptions += [Assumption(order_id, None, None, True, True, "解决", "满意") for order_id in waiting[:call]]
            start, used = time.perf_counter(), time.process_time()
            prepared.assume(assumptions)
            times.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)))
    wall, cpu = zip(*times, strict=True)
    sys.stdout.write(
        f"{len(ids):,} orders of the unit; prepared in {1000 * ready:.0f} ms; a call takes {statistics.median(wall):.0f} ms "
        f"(least {min(wall):.0f}, most {max(wall):.0f}; of the processor {statistics.median(cpu):.0f})\n"
    )


if __name__ == "__main__":
    main()
