"""Areas for a treemap: boxes as near to squares as they come, one level inside the other. Pure: numbers in, boxes out."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

ASPECT = 2.6  # width to height of the picture that the boxes are made for


@dataclass(frozen=True)
class Box:
    """A rectangle, sides along the axes."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Its area."""
        return self.width * self.height


def squarified(values: Sequence[float], box: Box) -> list[Box]:
    """A box for each value with its share of the whole area; `values` above 0, the largest first.

    Bruls, Huizing and van Wijk, "Squarified treemaps", Data Visualization 2000: a row along the shorter side takes boxes
    as long as that makes the worst of them squarer.
    """
    found: list[Box] = []
    total = sum(values)
    areas = [value / total * box.area for value in values]
    while areas:
        side = min(box.width, box.height)
        taken = 1
        while taken < len(areas) and _worst(areas[: taken + 1], side) <= _worst(areas[:taken], side):
            taken += 1
        row, areas = areas[:taken], areas[taken:]
        boxes, box = _laid(row, box)
        found += boxes
    return found


def _worst(row: Sequence[float], side: float) -> float:
    """The largest ratio of the sides in a row of areas along `side`."""
    total = sum(row)
    return max(max(side**2 * area / total**2, total**2 / (side**2 * area)) for area in row)


def _laid(row: Sequence[float], box: Box) -> tuple[list[Box], Box]:
    """The boxes of one row along the shorter side, and what is left of the box."""
    depth = sum(row) / min(box.width, box.height)
    found, at = [], 0.0
    for area in row:
        length = area / depth
        if box.width >= box.height:
            found.append(Box(box.x, box.y + at, depth, length))
        else:
            found.append(Box(box.x + at, box.y, length, depth))
        at += length
    if box.width >= box.height:
        return found, Box(box.x + depth, box.y, max(box.width - depth, 0.0), box.height)
    return found, Box(box.x, box.y + depth, box.width, max(box.height - depth, 0.0))


def areas(topics: pl.DataFrame) -> pl.DataFrame:
    """A box for each topic inside the box of the one that holds it, in shares (0–1) of width and height from the top left.

    `topics` has grain parent_code, topic_code with order_count above 0 (`Reader.topic_areas`). Adds left, right, top,
    bottom; holders with the most orders first, topics likewise inside them.
    """
    inside = pl.col("order_count").sum().over("parent_code")
    order = topics.sort(inside, "parent_code", "order_count", "topic_code", descending=[True, False, True, False])
    parents = order.group_by("parent_code", maintain_order=True).agg(pl.col("order_count").sum())
    blocks = squarified(parents["order_count"].to_list(), Box(0.0, 0.0, ASPECT, 1.0)) if parents.height else []
    boxes = [
        box
        for block, part in zip(blocks, order.partition_by("parent_code", maintain_order=True), strict=True)
        for box in squarified(part["order_count"].to_list(), block)
    ]
    return order.with_columns(
        left=pl.Series([box.x / ASPECT for box in boxes], dtype=pl.Float64),
        right=pl.Series([(box.x + box.width) / ASPECT for box in boxes], dtype=pl.Float64),
        top=pl.Series([box.y for box in boxes], dtype=pl.Float64),
        bottom=pl.Series([box.y + box.height for box in boxes], dtype=pl.Float64),
    )


def fewer(topics: pl.DataFrame, limit: int, other: str) -> pl.DataFrame:
    """The largest `limit` topics, and the rest of each holder together as `other`; the grain stays parent_code, topic_code."""
    largest = topics.sort("order_count", "parent_code", "topic_code", descending=[True, False, False]).head(limit)
    kept = pl.struct("parent_code", "topic_code").is_in(
        largest.select(pl.struct("parent_code", "topic_code")).to_series().implode()
    )
    rest = topics.filter(~kept).group_by("parent_code", "parent_name").agg(pl.col("order_count").sum())
    rest = rest.with_columns(topic_code=pl.lit(other), topic_name=pl.lit(other))
    return pl.concat([topics.filter(kept), rest.select(topics.columns)])
