"""村/社区 as tables: volume, solved and satisfied with intervals, topics; with what readers of aggregates must not see left out. Pure."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from hotline12345.dashboard import charts, labels, rank_tables, tables
from hotline12345.dashboard.disclosure import hidden_cells, hidden_counts
from hotline12345.dashboard.rate_intervals import with_rate
from hotline12345.dashboard.tables import Cell, Row

RATES = ("resolution", "satisfaction")
TOPICS = 10


def rated(counts: pl.DataFrame) -> pl.DataFrame:
    """Communities (`Reader.communities`) with both rates and their 95 % intervals; the same grain and order."""
    for name in RATES:
        counts = with_rate(counts, f"{name}_numerator", f"{name}_denominator", f"{name}_rate")
    return counts


def without_few_people(counts: pl.DataFrame) -> pl.DataFrame:
    """The same with small numbers of callers null, and where it is one of a place alone, the next as well."""
    parts = []
    for part in counts.partition_by("place_id", maintain_order=True):
        hidden = pl.Series(hidden_counts(part["people_count"].to_list()), dtype=pl.Boolean)
        parts.append(part.with_columns(people_count=pl.when(~hidden).then("people_count")))
    order = ("order_count", "place_id", "community")
    return pl.concat(parts).sort(order, descending=[True, False, False]) if parts else counts


def by_topic(counts: pl.DataFrame) -> pl.DataFrame:
    """Each community by the largest topics, the rest together, what has no topic; every cell there is, also empty ones.

    `counts` has grain community, topic_code (`Reader.community_topics`), the result community, topic_name. Communities and
    topics come with the largest first.
    """
    named = counts.filter(pl.col("topic_name") != labels.UNCLASSIFIED)
    kept = [*charts.largest(named, "topic_name", TOPICS), labels.UNCLASSIFIED]
    name = pl.when(pl.col("topic_name").is_in(kept)).then("topic_name").otherwise(pl.lit(labels.OTHER))
    cells = counts.group_by("community", name.alias("topic_name")).agg(pl.col("order_count").sum())
    communities = charts.largest(cells, "community", cells.height)
    topics = [topic for topic in (*kept[:-1], labels.OTHER, labels.UNCLASSIFIED) if topic in cells["topic_name"]]
    rows, columns = pl.Series("community", communities, pl.String), pl.Series("topic_name", topics, pl.String)
    grid = rows.to_frame().join(columns.to_frame(), how="cross")
    keys = ["community", "topic_name"]
    return grid.join(cells, on=keys, how="left", maintain_order="left").with_columns(pl.col("order_count").fill_null(0))


def withheld(cells: pl.DataFrame) -> pl.DataFrame | None:
    """The cells of `by_topic` with those null that must be hidden; None where hiding does not help."""
    topics = cells["topic_name"].n_unique()
    hidden = hidden_cells(cells["order_count"].to_numpy().reshape(-1, topics))
    if hidden is None:
        return None
    return cells.with_columns(order_count=pl.when(~pl.Series(hidden.ravel())).then("order_count"))


def community_table(shown: pl.DataFrame, every: pl.DataFrame) -> str:
    """The table of some communities (rows of `rated`); dotted lines stand at the rates of all of them together."""
    names = ("community", "place_town", "order_count", "people_count", *(f"{name}_rate" for name in RATES))
    if shown["place_id"].n_unique() == 1:
        names = tuple(name for name in names if name != "place_town")
    cells: dict[str, Cell] = {
        "people_count": _people,
        **{f"{name}_rate": _rate_cell(name, shown, _pooled(every, name)) for name in RATES},
    }
    return tables.html_table(shown, names, cells)


def _people(row: Row) -> str:
    if row["people_count"] is None:
        return f'<span class="none" title="{labels.WITHHELD_BECAUSE}">{labels.WITHHELD}</span>'
    return labels.count(row["people_count"])


def _sums(every: pl.DataFrame, name: str) -> tuple[float, int]:
    """Numerator and denominator of all communities together."""
    return float(every[f"{name}_numerator"].sum()), int(every[f"{name}_denominator"].sum())


def _pooled(every: pl.DataFrame, name: str) -> float | None:
    numerator, denominator = _sums(every, name)
    return numerator / denominator if denominator else None


def _rate_cell(name: str, shown: pl.DataFrame, pooled: float | None) -> Cell:
    lowest = min(shown[f"{name}_rate_low"].drop_nulls().to_list(), default=0.0)
    axis = (min(0.9, 0.1 * (lowest // 0.1)), 1.0)

    def cell(row: Row) -> str:
        value = row[f"{name}_rate"]
        if value is None:
            return f'<span class="none">{labels.NO_VALID}</span>'
        low, high = row[f"{name}_rate_low"], row[f"{name}_rate_high"]
        told = rank_tables.fraction(row[f"{name}_numerator"], row[f"{name}_denominator"])
        said = f"95% 区间 {labels.rate(low)}–{labels.rate(high)}，虚线为所选范围合计 {labels.rate(pooled)}"
        return (
            f"{labels.rate(value)}<small>{told}</small>{rank_tables.interval((low, value, high), axis, said, pooled)}"
        )

    return cell


def topic_table(cells: pl.DataFrame, totals: dict[str, int], limit: int) -> str:
    """Community × topic of the largest communities; `totals` says how many orders each has."""
    communities = cells["community"].unique(maintain_order=True).head(limit).to_list()
    topics = cells["topic_name"].unique(maintain_order=True).to_list()
    return tables.heat_table(cells, communities, topics, "community", totals)


def words(every: pl.DataFrame) -> str:
    """The lead of the page: communities, orders, both rates of all of them together with their fractions."""
    count = every["community"].len()
    parts = [f"{count:,} 个村社区，{labels.count(int(every['order_count'].sum()), '件')}"]
    for name in RATES:
        pooled = _pooled(every, name)
        if pooled is not None:
            fraction = rank_tables.fraction(*_sums(every, name))
            parts.append(f"{labels.column(f'{name}_rate')} {labels.rate(pooled)}（{fraction}）")
    return "，".join(parts)


def weakest_first(frame: pl.DataFrame) -> pl.DataFrame:
    """Communities that solve least first: by the upper end of the interval, so that three orders do not lead the list."""
    keys: Sequence[Any] = ("resolution_rate_high", "order_count", "place_id", "community")
    return frame.sort(keys, descending=[False, True, False, False], nulls_last=True)
