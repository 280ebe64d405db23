"""Charts: pure functions, frame in, Altair out. Chinese labels, a palette that colour-blind readers can tell apart."""

from datetime import date, datetime

import altair as alt
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.chart_style import (
    INK,
    MUTED,
    PAGE,
    PALE,
    PALETTE,
    Drawn,
    count_axis,
    finish,
    legend,
    ordinal,
    rate_axis,
    scale,
)
from hotline12345.sql.dictionary import label

RATES = ("response_rate", "resolution_rate", "satisfaction_rate")


def volume_trend(periods: pl.DataFrame, chosen: str, first_at: datetime, height: int = 230) -> Drawn:
    """Bars of received orders by period, the chosen one strong; a period the data covers only in part is a pale outline.

    `periods` has grain period_id with start_at, received and period_state; `first_at` is the time of the oldest order.
    """
    periods = periods.sort("period_id")
    frame = periods.select(
        labels.told(periods["period_id"], labels.period).alias("period"),
        pl.col("received"),
        labels.told(periods["received"], labels.count).alias("shown"),
        pl.col("period_state").replace_strict(labels.STATES, default="").alias("state"),
        (pl.col("period_id") == chosen).alias("chosen"),
        ((pl.col("period_state") == "期内") | (pl.col("start_at").dt.date() < first_at.date())).alias("partial"),
    )
    x = ordinal("period", frame["period"].to_list(), most=9)
    base = alt.Chart(frame).encode(
        x=x,
        y=alt.Y("received:Q", title=None, axis=count_axis()),
        tooltip=[
            alt.Tooltip("period:N", title=label("period_id")),
            alt.Tooltip("shown:N", title=label("received")),
            alt.Tooltip("state:N", title=label("period_state")),
        ],
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        color=alt.condition("datum.chosen", alt.value(PALETTE[0]), alt.value(PALE)),
        fillOpacity=alt.condition("datum.partial", alt.value(0.35), alt.value(1.0)),
        stroke=alt.condition("datum.partial", alt.value(PALETTE[0]), alt.value(None)),
    )
    text = base.transform_filter("datum.chosen").mark_text(dy=-8, color=INK, fontWeight="bold").encode(text="shown:N")
    return finish(alt.layer(bars, text), height)


def rate_history(history: pl.DataFrame, height: int = 250) -> Drawn:
    """Three rates of one unit over the periods; a hollow mark is a period that is not final yet.

    `history` has grain period_id with the three rates, their numerators and denominators, and period_state.
    """
    frame = pl.concat(
        history.select(
            labels.told(history["period_id"], labels.period).alias("period"),
            pl.lit(label(name)).alias("rate_name"),
            pl.col(name).alias("rate"),
            labels.told(history[name], labels.rate).alias("shown"),
            pl.format(
                "{} / {}",
                pl.col(name.replace("_rate", "_numerator")).round(1),
                pl.col(name.replace("_rate", "_denominator")),
            ).alias("fraction"),
            (pl.col("period_state") == "终").alias("final"),
            pl.col("period_state").alias("state"),
        )
        for name in RATES
    ).drop_nulls("rate")
    names = [label(name) for name in RATES]
    low = max(0.0, min(frame["rate"].to_list(), default=0.0) - 0.05)
    base = alt.Chart(frame).encode(
        x=ordinal("period", labels.told(history["period_id"], labels.period).to_list(), most=9),
        y=alt.Y("rate:Q", title=None, scale=alt.Scale(domain=[low, 1.0]), axis=rate_axis()),
        color=alt.Color("rate_name:N", title=None, scale=scale(names), legend=legend()),
        tooltip=[
            alt.Tooltip("period:N", title=label("period_id")),
            alt.Tooltip("rate_name:N", title="指标"),
            alt.Tooltip("shown:N", title="比率"),
            alt.Tooltip("fraction:N", title="分子 / 分母"),
            alt.Tooltip("state:N", title=label("period_state")),
        ],
    )
    line = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash(
            "rate_name:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2]]), title=None
        )
    )
    final = base.transform_filter("datum.final").mark_point(size=46, filled=True, opacity=1)
    open_yet = base.transform_filter("!datum.final").mark_point(size=46, fill=PAGE, opacity=1, strokeWidth=2)
    return finish(alt.layer(line, final, open_yet), height)


def topic_bars(topics: pl.DataFrame, height_each: int = 24) -> Drawn:
    """Bars of orders by topic, stacked by who classified; grain topic_name, topic_source with order_count."""
    totals = topics.group_by("topic_name").agg(pl.col("order_count").sum().alias("total"))
    order = totals.sort("total", "topic_name", descending=[True, False])["topic_name"].to_list()
    sources = [labels.SOURCES[name] for name in labels.SOURCES if name in topics["topic_source"]]
    stacked = topics.with_columns(
        pl.col("topic_source").replace_strict(labels.SOURCES, default=labels.UNCLASSIFIED).alias("source"),
        pl.col("topic_source")
        .replace_strict({name: i for i, name in enumerate(labels.SOURCES)}, default=9)
        .alias("place"),
        labels.told(topics["order_count"], labels.count).alias("shown"),
    )
    ends = totals.with_columns(labels.told(totals["total"], labels.count).alias("shown"))
    y = alt.Y("topic_name:N", title=None, sort=order, axis=alt.Axis(labelLimit=160, domain=False, ticks=False))
    bars = (
        alt.Chart(stacked)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=y,
            x=alt.X("order_count:Q", title=None, axis=count_axis()),
            color=alt.Color(
                "source:N",
                title=None,
                sort=sources,
                legend=legend(),
                scale=alt.Scale(domain=sources, range=[_source_colour(name) for name in sources]),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("topic_name:N", title=label("topic_name")),
                alt.Tooltip("source:N", title=label("topic_source")),
                alt.Tooltip("shown:N", title=label("order_count")),
            ],
        )
    )
    text = alt.Chart(ends).mark_text(align="left", dx=4, color=INK).encode(y=y, x="total:Q", text="shown:N")
    return finish(alt.layer(bars, text), max(120, height_each * len(order)))


def monthly_lines(months: pl.DataFrame, series: str, height: int = 300, limit: int = 5) -> Drawn:
    """Orders by month for the largest series of a frame; grain created_month, <series> with order_count."""
    names = largest(months, series, limit)
    every = months["created_month"].unique().sort()
    grid = pl.DataFrame({"created_month": every}).join(pl.DataFrame({series: names}), how="cross")
    frame = _monthly(
        grid.join(
            months.group_by("created_month", series).agg(pl.col("order_count").sum()),
            on=["created_month", series],
            how="left",
        ).with_columns(pl.col("order_count").fill_null(0))
    )
    chart = (
        alt.Chart(frame)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=26, filled=True))
        .encode(
            x=ordinal("month", [labels.month(value) for value in every], most=5),
            y=alt.Y("order_count:Q", title=None, axis=count_axis()),
            color=alt.Color(f"{series}:N", title=None, sort=names, scale=scale(names), legend=legend()),
            tooltip=_monthly_tooltip(series),
        )
    )
    return finish(chart, height)


def monthly_bars(
    months: pl.DataFrame, series: str, height: int = 200, limit: int = 5, until: date | None = None
) -> Drawn:
    """Stacked bars of orders by month; series beyond the largest are 其他. Every month has a place, up to `until` or the newest."""
    names = largest(months, series, limit)
    times: list[date] = months["created_month"].to_list()
    every = pl.date_range(min(times), max(*times, until or times[0]), "1mo", eager=True).to_list()
    named = months.with_columns(
        pl.when(pl.col(series).is_in(names)).then(pl.col(series)).otherwise(pl.lit(labels.OTHER)).alias(series)
    )
    summed = named.group_by("created_month", series).agg(pl.col("order_count").sum())
    frame = _monthly(summed.sort("created_month", series))
    domain = [*names, *([labels.OTHER] if labels.OTHER in frame[series] else [])]
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=ordinal("month", [labels.month(value) for value in every], most=6),
            y=alt.Y("order_count:Q", title=None, axis=count_axis()),
            color=alt.Color(f"{series}:N", title=None, sort=domain, scale=scale(domain), legend=legend()),
            tooltip=_monthly_tooltip(series),
        )
    )
    return finish(chart, height)


def ranked_bars(frame: pl.DataFrame, name: str, height_each: int = 24) -> Drawn:
    """Plain bars with their numbers, in the order of the frame; grain <name> with order_count."""
    shown = frame.with_columns(labels.told(frame["order_count"], labels.count).alias("shown"))
    base = alt.Chart(shown).encode(
        y=alt.Y(
            f"{name}:N",
            title=None,
            sort=frame[name].to_list(),
            axis=alt.Axis(labelLimit=160, domain=False, ticks=False),
        ),
        x=alt.X("order_count:Q", title=None, axis=count_axis()),
        tooltip=[alt.Tooltip(f"{name}:N", title=label(name)), alt.Tooltip("shown:N", title=label("order_count"))],
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        color=alt.condition(f"datum.{name} === '{labels.UNCLASSIFIED}'", alt.value(MUTED), alt.value(PALETTE[0]))
    )
    text = base.mark_text(align="left", dx=4, color=INK).encode(text="shown:N")
    return finish(alt.layer(bars, text), max(120, height_each * frame.height))


def largest(frame: pl.DataFrame, series: str, limit: int) -> list[str]:
    """The series with most orders, the largest first; ties by name."""
    totals = frame.group_by(series).agg(pl.col("order_count").sum())
    return totals.sort("order_count", series, descending=[True, False])[series].head(limit).to_list()


def _monthly(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        labels.told(frame["created_month"], labels.month).alias("month"),
        labels.told(frame["order_count"], labels.count).alias("shown"),
    ).drop("created_month")


def _monthly_tooltip(series: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("month:N", title=label("created_month")),
        alt.Tooltip(f"{series}:N", title=label(series)),
        alt.Tooltip("shown:N", title=label("order_count")),
    ]


def _source_colour(name: str) -> str:
    colours = {"复核": PALETTE[2], "人工": PALETTE[0], "模型": PALETTE[4]}
    return {labels.SOURCES[source]: colour for source, colour in colours.items()}.get(name, MUTED)
