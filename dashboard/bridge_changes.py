"""What changed between two states of some units, order by order, with one cause each; and what each change is worth.

Pure: frames in, frames out. A change has order_id, cause, detail, `inside` (change of the denominator), `value` (change of
the numerator, 0–1) and `part` (what it adds to the difference of the rates, 0–1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from hotline12345.models.statistics.bridge import Floats, order_parts, parts_against, rate

RULE, BASE, NEW, LATE, VERDICT = "口径变更", "上期基数", "新增回访", "迟到回访", "改判"
EXCLUDED, SUSPENDED, MOVED, CLOSED, OTHER = "剔除", "挂账/销账", "改派", "新增办结", "其他更正"
CAUSES = (RULE, BASE, NEW, LATE, VERDICT, EXCLUDED, SUSPENDED, MOVED, CLOSED, OTHER)
FLAGS = {"excluded": EXCLUDED, "suspended": SUSPENDED}
_PUT_ON = {"excluded": "剔除", "suspended": "挂账"}
ON_TIME = "on_time"
CHANGES = pl.Schema(
    {
        **dict.fromkeys(("order_id", "cause", "detail"), pl.String()),
        **dict.fromkeys(("inside", "value", "part"), pl.Float64()),
    }
)
_UNHEARD = ("callback_awaited", "callback_not_valid", "no_callback_column", "unreached")


@dataclass(frozen=True)
class Orders:
    """The orders of one state as `Reader.bridge_orders` gives them, the end of their period, and the units looked at."""

    frame: pl.DataFrame
    end_at: datetime
    unit_ids: Sequence[str]

    def of(self, indicator: str) -> pl.DataFrame:
        """How each order counts in one rate; grain order_id.

        inside (0 or 1, for the units looked at), value (0–1), undone (1 where only 剔除 or 挂账 keeps it out), first (the
        value first known), heard (the cause under which its callback came in), is_moved_in (another unit was named first).
        """
        here = pl.col("unit_id").is_in(list(self.unit_ids))
        value = pl.col(f"{indicator}_value") / 1000
        is_flagged = pl.col("reason_code").is_in(list(FLAGS))
        full = pl.lit(False) if indicator == ON_TIME else pl.col(f"is_in_{indicator}_full")
        first = value if indicator == ON_TIME else pl.coalesce(pl.col(f"first_{indicator}_value") / 1000, value)
        # When an order first comes with its callback, the file does not tell when that was made: it is not called late.
        is_timely = ~pl.col("is_waited_for") | (pl.coalesce("callback_known_at", "known_at") <= self.end_at)
        heard = pl.lit(CLOSED) if indicator == ON_TIME else pl.when(is_timely).then(pl.lit(NEW)).otherwise(pl.lit(LATE))
        return self.frame.select(
            "order_id",
            "reason_code",
            here.alias("is_here"),
            (here & pl.col(f"is_in_{indicator}")).cast(pl.Float64).alias("inside"),
            value.alias("value"),
            (here & full & is_flagged & ~pl.col(f"is_in_{indicator}")).cast(pl.Float64).alias("undone"),
            first.alias("first"),
            heard.alias("heard"),
            (~pl.col("first_unit_id").is_in(list(self.unit_ids))).alias("is_moved_in"),
        )


def between(before: Orders, after: Orders, indicator: str, cause: str | None = None) -> pl.DataFrame:
    """What changed between two states of one period, the earlier first; each change has one cause, or all have `cause`.

    Parts are at midpoints and sum to the difference of the two rates; EmptyDenominatorError where a state has no rate.
    """
    joined = before.of(indicator).join(
        after.of(indicator), on="order_id", how="full", coalesce=True, suffix="_after", maintain_order="left_right"
    )
    joined = joined.with_columns(pl.col("inside", "inside_after", "value", "value_after").fill_null(0.0)).sort(
        "order_id"
    )
    inside, inside_after = _floats(joined, "inside"), _floats(joined, "inside_after")
    value, value_after = inside * _floats(joined, "value"), inside_after * _floats(joined, "value_after")
    told = joined.select(
        "order_id",
        cause=_cause(indicator),
        detail=_detail(),
        inside=pl.Series(inside_after - inside),
        value=pl.Series(value_after - value),
        part=pl.Series(order_parts(inside, value, inside_after, value_after)),
    )
    return _named(told, cause)


def undone(state: Orders, indicator: str, cause: str) -> pl.DataFrame:
    """What taking a state's 剔除 and 挂账 back changes, all under `cause`; parts at midpoints."""
    rows = state.of(indicator).sort("order_id")
    inside, value, out = (_floats(rows, name) for name in ("inside", "value", "undone"))
    told = rows.select(
        "order_id",
        cause=pl.lit(cause),
        detail=pl.lit("撤回") + pl.col("reason_code").replace_strict(_PUT_ON, default=""),
        inside=pl.col("undone"),
        value=pl.col("undone") * pl.col("value"),
        part=pl.Series(order_parts(inside, inside * value, inside + out, (inside + out) * value)),
    )
    return _named(told, cause)


def full_rate(state: Orders, indicator: str) -> float:
    """The rate with 剔除 and 挂账 taken back; EmptyDenominatorError without any order."""
    rows = state.of(indicator)
    inside = _floats(rows, "inside") + _floats(rows, "undone")
    return rate(inside, inside * _floats(rows, "value"))


def entering(after: Orders, indicator: str, reference: float) -> pl.DataFrame:
    """A period's orders as they came in, changed and went out again, each step held against the rate `reference`.

    Parts sum to the state's rate − `reference`. An order comes in with the answer first known (新增回访, 迟到回访) and gets its
    present one (改判); one that is 剔除 or 挂账 comes in with its answer and goes out with it; one that another unit had first
    comes in at once (改派).
    """
    rows = after.of(indicator)
    moved = rows.filter((pl.col("inside") > 0) & pl.col("is_moved_in"))
    stayed = rows.filter((pl.col("inside") > 0) & ~pl.col("is_moved_in"))
    out = rows.filter((pl.col("undone") > 0) & ~pl.col("is_moved_in"))
    judged = stayed.filter(pl.col("first") != pl.col("value"))
    flag = pl.col("reason_code").replace_strict(FLAGS, default=OTHER)
    detail = pl.col("reason_code").replace_strict(_PUT_ON, default="")
    steps = pl.concat(
        [
            _step(moved, pl.lit(MOVED), pl.lit("转入"), 1.0, pl.col("value")),
            _step(stayed, pl.col("heard"), pl.lit(""), 1.0, pl.col("first")),
            _step(judged, pl.lit(VERDICT), pl.lit(""), 0.0, pl.col("value") - pl.col("first")),
            _step(out, pl.col("heard"), pl.lit(""), 1.0, pl.col("value")),
            _step(out, flag, detail, -1.0, -pl.col("value")),
        ]
    ).sort("order_id", maintain_order=True)
    count = float(rows["inside"].sum())
    return steps.with_columns(
        part=pl.Series(parts_against(reference, _floats(steps, "inside"), _floats(steps, "value"), count))
    ).cast(CHANGES)


def _step(rows: pl.DataFrame, cause: pl.Expr, detail: pl.Expr, inside: float, value: pl.Expr) -> pl.DataFrame:
    return rows.select("order_id", cause=cause, detail=detail, inside=pl.lit(inside), value=value)


def _cause(indicator: str) -> pl.Expr:
    """One cause for an order that is in both or in one of two states of a period, the earlier without suffix."""
    entered = (pl.col("inside") == 0) & (pl.col("inside_after") == 1)
    unheard = pl.col("reason_code").is_null() | pl.col("reason_code").is_in(_UNHEARD)
    was_reached = (pl.col("reason_code") == "unreached") & (pl.col("reason_code_after") == "counted")
    is_new = entered if indicator == ON_TIME else (entered & unheard) | was_reached
    return (
        pl.when(pl.col("is_here") != pl.col("is_here_after"))
        .then(pl.lit(MOVED))
        .when(_flag("excluded"))
        .then(pl.lit(EXCLUDED))
        .when(_flag("suspended"))
        .then(pl.lit(SUSPENDED))
        .when(is_new)
        .then(pl.col("heard_after"))
        .when((pl.col("inside") == 1) & (pl.col("inside_after") == 1))
        .then(pl.lit(VERDICT))
        .otherwise(pl.lit(OTHER))
    )


def _flag(reason: str) -> pl.Expr:
    """Whether a flag keeps the order out in exactly one of the two states."""
    return (pl.col("reason_code") == reason).fill_null(False) != (pl.col("reason_code_after") == reason).fill_null(
        False
    )


def _detail() -> pl.Expr:
    """What happened within the cause: into or out of the unit, flagged or the flag taken back."""
    return (
        pl.when(pl.col("is_here") & ~pl.col("is_here_after"))
        .then(pl.lit("转出"))
        .when(~pl.col("is_here") & pl.col("is_here_after"))
        .then(pl.lit("转入"))
        .when(_flag("excluded"))
        .then(pl.when(pl.col("reason_code_after") == "excluded").then(pl.lit("剔除")).otherwise(pl.lit("撤销剔除")))
        .when(_flag("suspended"))
        .then(pl.when(pl.col("reason_code_after") == "suspended").then(pl.lit("挂账")).otherwise(pl.lit("销账")))
        .otherwise(pl.lit(""))
    )


def _named(told: pl.DataFrame, cause: str | None) -> pl.DataFrame:
    """Only real changes; where all have one cause, what would have been the cause goes into the detail."""
    changed = told.filter((pl.col("inside") != 0) | (pl.col("value") != 0))
    if cause:
        inner = (
            pl.when(pl.col("detail") != "")
            .then("detail")
            .when(pl.col("cause") != cause)
            .then("cause")
            .otherwise(pl.lit(""))
        )
        changed = changed.with_columns(detail=inner, cause=pl.lit(cause))
    return changed.cast(CHANGES)


def _floats(frame: pl.DataFrame, name: str) -> Floats:
    return np.asarray(frame[name].to_numpy(), dtype=np.float64)
