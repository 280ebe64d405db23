"""The treemap of topics. Frame in, Altair out."""

import altair as alt
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.chart_style import INK, MUTED, PAGE, PALETTE, Drawn, finish
from hotline12345.dashboard.treemap import areas, fewer
from hotline12345.sql.dictionary import label

TILES = 80  # more are too small to read
LETTER, LINE = 12.5, 15  # of a label, in points


def treemap(topics: pl.DataFrame, height: int = 380) -> Drawn:
    """Topics by their orders, those of one holder side by side; grain parent_code, topic_code (`Reader.topic_areas`).

    Colours only tell neighbouring holders apart. A label stands where there is room for it.
    """
    total = int(topics["order_count"].sum())
    holders = topics["parent_name"].unique(maintain_order=True).to_list()
    named = [name for name in holders if name != labels.UNCLASSIFIED]
    colours = {name: PALETTE[place % len(PALETTE)] for place, name in enumerate(named)}
    placed = areas(fewer(topics, TILES, labels.OTHER))
    frame = placed.with_columns(
        labels.told(placed["order_count"], labels.count).alias("shown"),
        labels.told(placed["order_count"] / total, labels.rate).alias("share"),
        middle=(pl.col("left") + pl.col("right")) / 2,
        centre=(pl.col("top") + pl.col("bottom")) / 2,
    )
    across = alt.Scale(domain=[0, 1], nice=False)
    base = alt.Chart(frame).encode(
        tooltip=[
            alt.Tooltip("parent_name:N", title=label("parent_name")),
            alt.Tooltip("topic_name:N", title=label("topic_name")),
            alt.Tooltip("shown:N", title=label("order_count")),
            alt.Tooltip("share:N", title="占比"),
        ]
    )
    tiles = _tiles(base, across, alt.Scale(domain=holders, range=[colours.get(name, MUTED) for name in holders]))
    fits = f"(datum.right - datum.left) * width > {LETTER} * length(datum.topic_name) + 6"
    room = f"(datum.bottom - datum.top) * height > {LINE}"
    at = {"x": alt.X("middle:Q", scale=across, axis=None), "y": alt.Y("centre:Q", axis=None)}
    names = (
        base.transform_filter(f"{fits} && {room}")
        .mark_text(color=INK, fontSize=12, dy=-6)
        .encode(text="topic_name:N", **at)
    )
    counts = (
        base.transform_filter(f"{fits} && {room} * 2")
        .mark_text(color=INK, fontSize=11, dy=9)
        .encode(text="shown:N", **at)
    )
    return finish(alt.layer(tiles, names, counts), height)


def _tiles(base: alt.Chart, across: alt.Scale, colour: alt.Scale) -> alt.Chart:
    """The boxes, the first one top left."""
    tiles: alt.Chart = base.mark_rect(stroke=PAGE, strokeWidth=1.5, fillOpacity=0.42).encode(
        x=alt.X("left:Q", scale=across, axis=None),
        x2="right:Q",
        y=alt.Y("top:Q", scale=alt.Scale(domain=[1, 0], nice=False), axis=None),
        y2="bottom:Q",
        color=alt.Color("parent_name:N", scale=colour, legend=None),
    )
    return tiles
