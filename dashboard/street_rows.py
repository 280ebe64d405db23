"""Orders as the lists of 我的街镇 show them, and as files hand them on. Pure: frames in, rows and frames out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotline12345.dashboard import figures, labels
from hotline12345.dashboard.street_due import DAY, OVERDUE
from hotline12345.dashboard.street_words import place_of, title

HEADINGS = {"due_words": "还有多久"}
SHOWN = 100  # orders that one list shows; a file has them all


@dataclass(frozen=True)
class OrderRow:
    """One order as a list shows it.

    Attributes:
        order_id: its number.
        title: its masked title.
        facts: what else is said of it, short.
        mark: what stands in front; '' for nothing.
        is_urgent: whether that is printed in red.
    """

    order_id: str
    title: str
    facts: tuple[str, ...]
    mark: str = ""
    is_urgent: bool = False


def due_rows(orders: pl.DataFrame) -> list[OrderRow]:
    """Open orders of `street_due.OpenOrders`, the first due first."""
    return [
        OrderRow(
            row["order_id"],
            title(row),
            (place_of(row), row["topic_name"], *_contact(row)),
            row["due_words"],
            row["due_bucket"] in (OVERDUE, DAY),
        )
        for row in _head(orders)
    ]


def lost_rows(orders: pl.DataFrame, most: int = SHOWN) -> list[OrderRow]:
    """Orders of `Reader.ledger` that lose points, the costliest first: what they cost, and why."""
    return [
        OrderRow(
            row["order_id"],
            title(row),
            (figures.why(row), place_of(row), row["topic_name"]),
            f"失 {labels.round_half_up(row['lost_score'], 2)} 分",
        )
        for row in _head(orders, most)
    ]


def changed_rows(orders: pl.DataFrame) -> list[OrderRow]:
    """Orders of `Reader.changed_since`, the newest first."""
    return [
        OrderRow(row["order_id"], title(row), (place_of(row), row["topic_name"], _state(row)), _day(row["created_at"]))
        for row in _head(orders.reverse())
    ]


def listed_rows(orders: pl.DataFrame) -> list[OrderRow]:
    """Orders of `Reader.listed_orders`, the newest first: when they came in, and how they count under the rule."""
    return [
        OrderRow(
            row["order_id"],
            title(row),
            (figures.why(row), place_of(row), row["topic_name"]),
            labels.day(row["created_at"]),
        )
        for row in _head(orders.reverse())
    ]


def back_rows(orders: pl.DataFrame) -> list[OrderRow]:
    """Orders of `Reader.came_back`: the new report where it may be opened, else the one that was closed as resolved."""
    return [
        OrderRow(row["order_id"], title(row), _again(row), f"{_day(row['recurred_at'])} 再次反映")
        for row in _head(orders)
    ]


def _again(row: Mapping[str, Any]) -> tuple[str, ...]:
    before = f"上次 {_day(row['closed_at'])} 办结并答复解决"
    if not row["is_own"]:
        return row["issue_name"], before, "这次由其他单位承办，编号为上次的工单"
    state = f"{_day(row['reported_closed_at'])} 办结" if row["reported_closed_at"] else "办理中"
    return row["issue_name"], before, f"这次{state}"


def due_table(orders: pl.DataFrame) -> pl.DataFrame:
    """Open orders for a file; grain order_id."""
    told = orders.with_columns(
        pl.Series("title", [title(row) for row in orders.iter_rows(named=True)], dtype=pl.String)
    )
    return told.select(
        *(
            "order_id",
            "due_words",
            "effective_due_at",
            "contact_record",
            "title",
            "topic_name",
            "place_town",
            "community",
        ),
        *("undertaker_name", "created_at"),
    )


def _contact(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What the unit reported of contacting the caller, where the files have that column."""
    record = row["contact_record"]
    return () if record is None else (f"联系：{record}",)


def _state(row: Mapping[str, Any]) -> str:
    return f"{_day(row['closed_at'])} 办结" if row["closed_at"] else "办理中"


def _day(moment: Any) -> str:
    return f"{moment.month}月{moment.day}日"


def _head(orders: pl.DataFrame, most: int = SHOWN) -> Iterable[dict[str, Any]]:
    return orders.head(most).iter_rows(named=True)
