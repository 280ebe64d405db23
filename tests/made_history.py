"""Random histories of a small warehouse: late callbacks, other answers, flags, other units, each export on its day."""

import random
from datetime import datetime, timedelta
from typing import Any

import made_warehouse
from made_warehouse import UNIT_HEADER

from hotline12345.sql import build
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

UNITS = "\n".join([UNIT_HEADER, "U1,甲街道,街镇,甲镇,,,,,", "U2,乙镇,街镇,,,,,,", "U3,丙镇,街镇,,,,,,"])
PERIODS = ("2026-03", "2026-04", "2026-05")
OTHER_VOICES = {
    **{f"is_valid_callback_{who}": [True, True, False, None] for who in ("district", "city")},
    **{f"is_contacted_{who}": [True, True, False] for who in ("district", "city", "unit")},
    **{f"resolution_{what}": ["解决", "未解决", None] for what in ("district", "city", "unit", "first", "final")},
    **{
        f"satisfaction_{what}": ["满意", "基本满意", "不满意", None]
        for what in ("district", "city", "unit", "first", "final")
    },
}
DAYS = [datetime(2026, 3, 10, 9) + timedelta(days=11 * step) for step in range(6)]


def random_versions(seed: int) -> list[list[dict[str, Any]]]:
    """What each of six exports says: new orders, and old ones with late callbacks, other answers, units, days."""
    draw = random.Random(seed)
    orders: dict[str, dict[str, Any]] = {}
    exports = []
    for number, day in enumerate(DAYS):
        for _ in range(45):
            created = day - timedelta(hours=draw.randrange(1, 300))
            orders[f"A{len(orders):03d}"] = {
                "order_id": f"A{len(orders):03d}",
                "unit_name": draw.choice(["甲街道", "甲镇", "乙镇", "新设办", None]),
                "created_at": created,
                "dispatched_at": created + timedelta(hours=draw.randrange(1, 400)),
                "closed_at": created + timedelta(hours=draw.randrange(24, 500)),
                "order_type": draw.choice(["投诉", "求助", "咨询"]),
                "place_town": draw.choice(["甲镇", "乙镇"]),
                "case_id": draw.choice([None, f"C{len(orders) // 2}"]),
                "is_simulated": False,
            }
        told = draw.sample(sorted(orders), k=min(len(orders), 75)) if number else sorted(orders)
        for order_id in told:
            orders[order_id] |= {
                "is_valid_callback": draw.choice([True, True, True, False, None]),
                "is_contacted": draw.random() < 0.9,
                "resolution": draw.choice(["解决", "解决", "未解决"]),
                "satisfaction": draw.choice(["满意", "基本满意", "不满意"]),
                "exclusion_tag": draw.choice([None] * 8 + ["剔除", "挂账"]),
                **{name: draw.choice(answers) for name, answers in OTHER_VOICES.items()},
            }
            if draw.random() < 0.1:
                orders[order_id]["unit_name"] = draw.choice(["甲镇", "丙镇"])
            if draw.random() < 0.05:
                orders[order_id]["created_at"] += timedelta(days=20)
        exports.append([dict(orders[order_id]) for order_id in told])
    return exports


def publish_at(connection: Connection, storage: Storage, at: datetime) -> Snapshot:
    """Build everything and publish, as the flow does."""
    made_warehouse.rebuild(connection, storage)
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    keep_reference(connection, storage, reference_hash, at)
    return publish(connection, storage, at)


def make_history(storage: Storage, seed: int) -> tuple[Connection, Snapshot]:
    """Six exports, the last two of them published on their day; a unit gets another name before the last."""
    storage.make()
    (storage.config / "units.csv").write_text(UNITS, encoding="utf-8")
    connection = made_warehouse.open_warehouse(storage)
    for number, rows in enumerate(random_versions(seed)):
        loaded_at = DAYS[number] + timedelta(hours=2) if number >= 4 else DAYS[4]
        made_warehouse.land(connection, storage, rows, DAYS[number], loaded_at=loaded_at)
        if number == 5:
            (storage.config / "units.csv").write_text(UNITS.replace("甲街道,", "甲地区,"), encoding="utf-8")
        if number >= 4:
            snapshot = publish_at(connection, storage, loaded_at + timedelta(hours=1))
    return connection, snapshot
