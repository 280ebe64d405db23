"""What all charts share: fonts, colours, axes. Charts are drawn for a white page; `in_dark` turns one for a dark page."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from hotline12345.dashboard.labels import OTHER

FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
# Okabe and Ito's palette (2008), without its black and yellow.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
MUTED, INK, GRID = "#b9c4cf", "#1d2733", "#e6ebf0"
PALE, QUIET, SOFT, PAGE = "#9cc3de", "#7a8794", "#4a5866", "white"
# Neutral colours on a dark page; the palette is seen on both.
IN_DARK = {
    **{MUTED: "#6f7d8b", INK: "#e6ebf0", GRID: "#2a3541"},
    **{PALE: "#2f6288", QUIET: "#8b99a7", SOFT: "#b6c2ce", PAGE: "#12181f"},
}
Drawn = alt.Chart | alt.LayerChart


def ordinal(field: str, values: Sequence[str], most: int) -> alt.X:
    """An axis of months already written in Chinese; at most `most` of them are printed, evenly, away from the edges."""
    step = -(-len(values) // most)
    printed = [value for index, value in enumerate(values) if index % step == step // 2]
    axis = alt.Axis(values=printed, labelAngle=0, labelOverlap=True, domainColor=MUTED, ticks=False, labelPadding=6)
    return alt.X(f"{field}:O", title=None, sort=list(values), scale=alt.Scale(domain=list(values)), axis=axis)


def count_axis() -> alt.Axis:
    """An axis of counts; ticks between two whole numbers, which small counts get, stay without a number."""
    whole = "datum.value % 1 ? '' : datum.label"
    return alt.Axis(format=",.0f", labelExpr=whole, tickCount=4, domain=False, ticks=False, gridColor=GRID)


def rate_axis() -> alt.Axis:
    """An axis of rates 0–1."""
    return alt.Axis(format=".0%", tickCount=5, domain=False, ticks=False, gridColor=GRID)


def scale(names: Sequence[str]) -> alt.Scale:
    """A colour for each name, in order; what is not named stays grey."""
    colours = [MUTED if name == OTHER else PALETTE[index % len(PALETTE)] for index, name in enumerate(names)]
    return alt.Scale(domain=list(names), range=colours)


def legend() -> alt.Legend:
    """The legend above the chart; three names a row where the chart is narrow, as on a telephone."""
    columns = alt.ExprRef("width < 420 ? 3 : 0")
    return alt.Legend(orient="top", columns=columns, labelLimit=180, symbolSize=90, padding=0, offset=4)


def in_dark(spec: Any) -> Any:
    """A finished chart, as Altair writes it, for a dark page: each neutral colour replaced, its data as they are."""
    if isinstance(spec, dict):
        return {key: value if key == "datasets" else in_dark(value) for key, value in spec.items()}
    if isinstance(spec, list):
        return [in_dark(value) for value in spec]
    return IN_DARK.get(spec, spec) if isinstance(spec, str) else spec


def finish(chart: Any, height: int) -> Drawn:
    """Size, fonts and a clean frame; charts are drawn with theme=None so that these stand."""
    finished: Drawn = (
        chart.properties(height=height, width="container")
        .configure(font=FONT, background="transparent")
        .configure_axis(labelFontSize=12, labelColor=SOFT, titleFontSize=12, titleColor=SOFT)
        .configure_legend(labelFontSize=12, labelColor=INK)
        .configure_text(fontSize=12)
        .configure_view(stroke=None)
    )
    return finished
