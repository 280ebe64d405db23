"""Simulated units with known true rates: rows of intermediate.outcomes in memory, scored by the project's SQL files."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotline12345.sql.graph import build_order
from hotline12345.sql.normal_quantiles import land_normal_quantiles
from hotline12345.sql.warehouse import Connection, open_memory

SCORED = (
    *(
        "unit_counts",
        "group_members",
        "group_counts",
        "rule_parts",
        "scores",
        "unit_rates",
        "score_errors",
        "unit_ranks",
    ),
    *("mart_unit_scores", "mart_group_summary"),
)
CELLS = [
    (contacted, solved, satisfied) for contacted in (0, 1000) for solved in (0, 1000) for satisfied in (0, 900, 1000)
]
RULE: dict[str, Any] = {
    "rule_id": "r",
    "minimum_for_rank": 1,
    "response_weight": 100,
    "resolution_weight": 500,
    "satisfaction_weight": 400,
    "on_time_weight": 0,
    "renormalise": True,
    "score_method": "weighted",
    "score_decimals": 1,
    "tie_break": "received",
    "summary_method": "mean_of_units",
}
FLAGS = {
    **{"rule_id": "r", "reason_code": "counted", "resolution": "", "satisfaction": "", "on_time_value": 0},
    **dict.fromkeys(("is_excluded", "is_suspended", "is_volume_excluded", "is_response_only", "is_in_on_time"), False),
    **dict.fromkeys(("is_in_response", "is_in_resolution", "is_in_satisfaction"), True),
    **dict.fromkeys(("is_in_response_full", "is_in_resolution_full", "is_in_satisfaction_full"), True),
}


def chances(
    contacted: float, solved: float, if_solved: tuple[float, float], if_not: tuple[float, float]
) -> NDArray[Any]:
    """The chance of each of CELLS; `if_solved` and `if_not` are the chances of 满意 and 基本满意."""
    found = []
    for contact, solution, satisfaction in CELLS:
        full, basic = if_solved if solution else if_not
        of_answer = {1000: full, 900: basic, 0: 1 - full - basic}[satisfaction]
        found.append((contacted if contact else 1 - contacted) * (solved if solution else 1 - solved) * of_answer)
    return np.array(found)


def true_score(chance: NDArray[Any], weights: Sequence[int] = (100, 500, 400)) -> float:
    """The expected score of a unit, 0-100."""
    return float((chance @ np.array(CELLS)) @ np.array(weights) / 1e4)


def drawn(units: Sequence[tuple[str, str, int, NDArray[Any]]], seed: int) -> pl.DataFrame:
    """Outcomes of units (period_id, unit_id, callbacks, chances) drawn at random; grain period_id, unit_id, cell."""
    random = np.random.default_rng(seed)
    counts = random.multinomial([unit[2] for unit in units], np.array([unit[3] for unit in units]))
    rows, cells = np.nonzero(counts)
    return pl.DataFrame(
        {
            "period_id": [units[row][0] for row in rows],
            "unit_id": [units[row][1] for row in rows],
            "order_count": counts[rows, cells],
            **{
                name: np.array(CELLS)[cells, column]
                for column, name in enumerate(("response_value", "resolution_value", "satisfaction_value"))
            },
        }
    )


def score(
    outcomes: pl.DataFrame, rule: Mapping[str, Any] = RULE, deductions: Sequence[tuple[str, int, int]] = ()
) -> Connection:
    """A warehouse in memory whose scores are made of these outcomes; columns that a frame does not name are FLAGS."""
    connection = open_memory()
    land_normal_quantiles(connection)
    missing = [pl.lit(value).alias(name) for name, value in FLAGS.items() if name not in outcomes.columns]
    units = (
        outcomes.select("unit_id")
        .unique()
        .with_columns(
            unit_name="unit_id",
            unit_group=pl.lit("街镇"),
            terrain=pl.lit("深山"),
            population=pl.lit(None, pl.Int32),
            is_listed=True,
        )
    )
    fill(connection, "intermediate.outcomes", outcomes.with_columns(missing))
    fill(connection, "intermediate.units", units)
    connection.register("rules", pl.DataFrame([dict(rule)]))
    connection.execute("insert into landed.rules by name from rules")
    connection.executemany(
        "insert into landed.rule_deductions values ('r', ?, ?, ?)", [*deductions] or [("none", 0, 0)]
    )
    connection.execute("insert into run.touched_periods select distinct period_id from intermediate.outcomes")
    for file in build_order():
        if file.name.split(".")[1] in SCORED:
            connection.execute(f"create table {file.name} as {file.text}")
    return connection


def fill(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """A table of a frame."""
    connection.register("frame", frame)
    connection.execute(f"create table {table} as from frame")
    connection.unregister("frame")


def marts(connection: Connection) -> pl.DataFrame:
    """marts.mart_unit_scores, sorted by period and unit."""
    frame: pl.DataFrame = connection.sql("from marts.mart_unit_scores order by period_id, unit_id").pl()
    return frame
