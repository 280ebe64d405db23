"""Charts of 每月一题: an issue's months before and after it was chosen, last year beside them. Frame in, Altair out."""

from datetime import date

import altair as alt
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.chart_style import INK, MUTED, PALETTE, Drawn, count_axis, finish, ordinal
from hotline12345.dashboard.months import Coverage, between, moved
from hotline12345.sql.dictionary import label

HEIGHT = 230


def followed(months: pl.DataFrame, chosen_for: date, covered: Coverage) -> Drawn:
    """Bars of orders by whole month, points for the same month of the year before, a rule at `chosen_for`.

    `months` has grain created_month with order_count; a month without a row had no order.
    """
    counts = dict(months.select("created_month", "order_count").iter_rows())
    every = [moved(covered.first, step) for step in range(between(covered.first, covered.last) + 1)]
    frame = pl.DataFrame(
        {
            "month": [labels.month(month) for month in every],
            "order_count": [counts.get(month, 0) for month in every],
            "year_ago": [
                counts.get(moved(month, -12), 0) if covered.has(moved(month, -12)) else None for month in every
            ],
            "is_chosen": [month == chosen_for for month in every],
        },
        schema_overrides={"year_ago": pl.Int64},
    )
    base = alt.Chart(frame).encode(
        x=ordinal("month", frame["month"].to_list(), most=9),
        tooltip=[
            alt.Tooltip("month:N", title=label("created_month")),
            alt.Tooltip("order_count:Q", title=label("order_count")),
            alt.Tooltip("year_ago:Q", title="上一年同月"),
        ],
    )
    bars = base.mark_bar(color=PALETTE[0], opacity=0.75).encode(y=alt.Y("order_count:Q", title=None, axis=count_axis()))
    points = base.mark_point(color=MUTED, filled=True, size=60, opacity=1).encode(y="year_ago:Q")
    rule = base.transform_filter("datum.is_chosen").mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=2)
    return finish(alt.layer(bars, points, rule), HEIGHT)
