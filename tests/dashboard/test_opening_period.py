"""From the 19th on, pages stay on the period just ended until the new one has its minimum of valid callbacks."""

from datetime import datetime, timedelta
from pathlib import Path

import made_warehouse
import pytest

from hotline12345.dashboard.comparisons import default_period
from hotline12345.sql.rules import EXAMPLES

RULE = (
    (EXAMPLES / "example-10-50-40.toml").read_text(encoding="utf-8").replace("minimum_valid = 100", "minimum_valid = 3")
)


@pytest.mark.parametrize(
    ("today", "called_back", "opened"),
    [
        (datetime(2026, 3, 18, 12), 0, "2026-03"),
        (datetime(2026, 3, 19, 12), 0, "2026-03"),
        (datetime(2026, 3, 25, 12), 2, "2026-03"),
        (datetime(2026, 3, 28, 12), 3, "2026-04"),
        (datetime(2026, 4, 19, 12), 5, "2026-04"),
    ],
)
def test_the_period_a_page_opens_on(tmp_path: Path, today: datetime, called_back: int, opened: str) -> None:
    starts = [datetime(2026, 3, 1)] * 4 + [datetime(2026, 3, 19, 1)] * 5 + [datetime(2026, 4, 19, 1)]
    rows = [
        {
            "order_id": f"A{number}",
            "unit_name": "甲镇",
            "created_at": start + timedelta(minutes=number),
            "is_valid_callback": True if number < 4 + called_back else None,
            "is_simulated": False,
        }
        for number, start in enumerate(starts)
        if start < today
    ]
    connection = made_warehouse.make(tmp_path, rows, rule=RULE, known_at=today)
    periods = connection.sql("select * from marts.mart_periods order by period_id desc").pl()
    assert default_period(periods) == opened
