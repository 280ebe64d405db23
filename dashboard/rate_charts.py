"""Charts of the three rates: why a figure changed, and volume against quality. Pure: frames in, Altair out."""

from typing import Any

import altair as alt
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.bridge_words import figure_name, unit_of
from hotline12345.dashboard.bridges import Bridge, shown_parts
from hotline12345.dashboard.chart_style import GRID, INK, MUTED, PALETTE, QUIET, Drawn, finish
from hotline12345.dashboard.quadrants import LEVEL, QUADRANTS, UNKNOWN

RAISES, LOWERS = "使数字上升", "使数字下降"
QUADRANT_COLOURS = dict(zip(QUADRANTS.values(), (PALETTE[2], PALETTE[0], PALETTE[1], PALETTE[5]), strict=True))
QUADRANT_SHAPES = dict(zip(QUADRANTS.values(), ("circle", "square", "diamond", "triangle-up"), strict=True))


def waterfall(bridge: Bridge, ends: tuple[str, str], height_each: int = 30) -> Drawn:
    """From the earlier figure over each cause to the later one, one bar a step; the ends are named `ends`."""
    frame = _steps(bridge, ends)
    low, high = min(frame["low"].to_list()), max(frame["high"].to_list())
    room = 0.12 * max(high - low, 0.5)
    names = frame["step"].to_list()
    y = alt.Y("step:N", title=None, sort=names, axis=alt.Axis(labelLimit=190, domain=False, ticks=False))
    domain = [low - room / 4, high + 2.6 * room]
    axis = alt.Axis(tickCount=5, domain=False, ticks=False, gridColor=GRID)
    base = alt.Chart(frame).encode(
        y=y,
        tooltip=[
            alt.Tooltip("step:N", title="原因"),
            alt.Tooltip("shown:N", title=f"{figure_name(bridge.indicator)}的变化"),
            alt.Tooltip("orders:N", title=labels.column("order_count")),
        ],
    )
    bars = base.mark_bar(size=16, cornerRadius=2).encode(
        x=alt.X("low:Q", title=None, scale=alt.Scale(domain=domain, zero=False), axis=axis),
        x2="high:Q",
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=["起止", RAISES, LOWERS], range=[MUTED, PALETTE[0], PALETTE[5]]),
            legend=None,
        ),
    )
    text = base.mark_text(align="left", dx=6, color=INK).encode(x=alt.X("right:Q"), text="shown:N")
    return finish(alt.layer(bars, text), max(110, height_each * len(names)))


def changes(bridge: Bridge) -> list[str]:
    """Each cause's part as it is shown, `+1.20 分`; rounded so that the parts add up to the rounded difference."""
    parts = shown_parts(bridge.causes["contribution"].to_list())
    unit = unit_of(bridge.indicator)
    return [f"{part / 100:+.2f} {unit}" if part else f"0.00 {unit}" for part in parts]


def _steps(bridge: Bridge, ends: tuple[str, str]) -> pl.DataFrame:
    scale = bridge.scale
    at = (bridge.start or 0.0) * scale
    unit = "分" if scale == 1 else "%"
    rows = [_step(ends[0], (at, at), "起止", f"{labels.round_half_up(at, 2)}{unit}")]
    for (cause, count, part), change in zip(bridge.causes.iter_rows(), changes(bridge), strict=True):
        kind = RAISES if part >= 0 else LOWERS
        orders = labels.count(count, "件") if count else labels.MISSING
        rows.append(_step(cause, (at, at + part), kind, change, orders))
        at += part
    end = (bridge.end or 0.0) * scale
    rows.append(_step(ends[1], (end, end), "起止", f"{labels.round_half_up(end, 2)}{unit}"))
    values = [value for row in rows for value in (row["low"], row["high"])]
    floor = min(values) - 0.1 * max(max(values) - min(values), 0.5)
    for row in (rows[0], rows[-1]):
        row["low"] = floor
    return pl.DataFrame(rows)


def _step(step: str, ends: tuple[float, float], kind: str, shown: str, orders: str = "") -> dict[str, Any]:
    low, high = min(ends), max(ends)
    return {"step": step, "low": low, "high": high, "right": high, "kind": kind, "shown": shown, "orders": orders}


def quadrant(units: pl.DataFrame, height: int = 380) -> Drawn:
    """Each unit by the change of its volume (across) and of its solved rate (up); grain unit_id (`quadrants.quadrants`)."""
    known = units.filter(pl.col("volume_change").is_not_null() & pl.col("resolution_rate_change").is_not_null())
    frame = known.select(
        "unit_name",
        "quadrant",
        (pl.col("volume_change") * 100).alias("across"),
        (pl.col("resolution_rate_change") * 100).alias("up"),
        labels.told(known.to_struct("volumes"), _volumes),
        labels.told(known.to_struct("rates"), _rates),
    )
    names = [name for name in (*QUADRANTS.values(), LEVEL, UNKNOWN) if name in frame["quadrant"]]
    colours = [QUADRANT_COLOURS.get(name, MUTED) for name in names]
    shapes = [QUADRANT_SHAPES.get(name, "cross") for name in names]
    axis = alt.Axis(format="+.0f", tickCount=6, domain=False, ticks=False, gridColor=GRID)
    base = alt.Chart(frame).encode(
        x=alt.X("across:Q", title="诉求量变化（%）", axis=axis, scale=_around_zero(frame["across"], 100)),
        y=alt.Y("up:Q", title="解决率变化（百分点）", axis=axis, scale=_around_zero(frame["up"], 40)),
        tooltip=[
            alt.Tooltip("unit_name:N", title=labels.column("unit_name")),
            alt.Tooltip("quadrant:N", title=labels.column("quadrant")),
            alt.Tooltip("volumes:N", title="诉求量"),
            alt.Tooltip("rates:N", title="解决率"),
        ],
    )
    points = base.mark_point(size=90, filled=True, opacity=0.9).encode(
        color=alt.Color(
            "quadrant:N", title=None, scale=alt.Scale(domain=names, range=colours), legend=alt.Legend(orient="top")
        ),
        shape=alt.Shape("quadrant:N", title=None, scale=alt.Scale(domain=names, range=shapes)),
    )
    text = base.mark_text(align="left", dx=8, color=INK, fontSize=11).encode(text="unit_name:N")
    zero = pl.DataFrame({"zero": [0.0]})
    lines = [
        alt.Chart(zero).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(x="zero:Q"),
        alt.Chart(zero).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(y="zero:Q"),
    ]
    return finish(alt.layer(*lines, points, text), height)


def _around_zero(changes: pl.Series, most: float) -> alt.Scale:
    """An axis with room for names; changes beyond `most` stand at its end, their tooltip says the number."""
    low, high = max(-most, min(changes.to_list(), default=0.0)), min(most, max(changes.to_list(), default=0.0))
    room = 0.15 * max(high - low, 10.0)
    return alt.Scale(domain=[min(low, 0.0) - room, max(high, 0.0) + 2 * room], clamp=True)


def _volumes(row: dict[str, int]) -> str:
    return f"{labels.count(row['volume_count_before'])} → {labels.count(row['volume_count'])} 件"


def _rates(row: dict[str, float]) -> str:
    return f"{labels.rate(row['resolution_rate_before'])} → {labels.rate(row['resolution_rate'])}"
