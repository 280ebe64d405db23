"""Six orders of one street whose rates are worked out by hand, published: what rules and stories are tested on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from made_warehouse import UNIT_HEADER, land, rebuild

from hotline12345.sql import build
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.versions import ANSWERS
from hotline12345.sql.warehouse import open_warehouse

UNITS = "\n".join([UNIT_HEADER, "U1,甲街道,街镇,甲街,,,,,", "U2,乙镇,街镇,,,,,,", "E1,供热公司,国企,,,,,,"])
PERIOD = "2026-03"
AT, LATE = datetime(2026, 3, 9), datetime(2026, 3, 10)  # an order of before is closed in time, or a day late
PUBLISHED_AT = datetime(2026, 4, 1, 9)


def order(order_id: str, resolution: str | None, satisfaction: str | None, **more: Any) -> dict[str, Any]:
    """One called-back complaint about 甲街道 in the period."""
    return {
        "order_id": order_id,
        "order_type": "投诉",
        "created_at": datetime(2026, 3, 5, 8 + int(order_id[-1])),
        "place_town": "甲街道",
        "unit_name": "甲街道",
        "is_valid_callback": True,
        "is_contacted": True,
        "resolution": resolution,
        "satisfaction": satisfaction,
        "title": f"反映第{order_id}件",
        "body": f"诉求人反映第{order_id}件。",
        **more,
    }


ORDERS = (
    order("A1", "解决", "满意"),
    order("A2", "解决", "基本满意"),
    order("A3", "未解决", "不满意", retention="剔除", exclusion_kind="不属于本区"),
    order("A4", None, None, is_valid_callback=False, is_contacted=False),
    order("A5", "解决", "满意", case_id="C1"),
    order("A6", "未解决", "不满意", case_id="C1", place_town="乙镇"),
    order("E7", "解决", "满意", unit_name="供热公司"),
)


def published(folder: Path, rows: Iterable[Mapping[str, Any]] = ORDERS) -> tuple[Storage, Snapshot]:
    """The orders landed, built under the default rule and published with the config of then."""
    storage = Storage.at(folder, folder / "config")
    storage.make()
    (storage.config / "units.csv").write_text(UNITS + "\n", encoding="utf-8")
    connection = open_warehouse(storage)
    rows = list(rows)
    absent = tuple(name for name in ANSWERS.values() if not any(name in row for row in rows))
    land(connection, storage, rows, absent=absent)
    rebuild(connection, storage)
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    keep_reference(connection, storage, reference_hash, PUBLISHED_AT)
    snapshot = publish(connection, storage, PUBLISHED_AT)
    connection.close()
    return storage, snapshot
