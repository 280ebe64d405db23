"""What is opened in place of a page: the orders behind a figure, and on top of them one order.

In the session only: no order id stands in a URL. What was opened on one page is closed when another page is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

ORDER, ORDERS, PAGE, TIMES = "order_id", "orders_behind", "page", "times_opened"


@dataclass(frozen=True)
class OrdersBehind:
    """Orders that a page lists: a title, what they stand for, their ids, and a remark on some of them."""

    title: str
    definition: Sequence[str]
    order_ids: Sequence[str]
    remarks: Mapping[str, str] = field(default_factory=dict)


def stay_on(page: str) -> None:
    """Note which page is shown; what was opened on another one is closed."""
    if st.session_state.setdefault(PAGE, page) != page:
        st.session_state[PAGE] = page
        close_all()


def order() -> str | None:
    """The order that is open."""
    found: str | None = st.session_state.get(ORDER)
    return found


def open_order(order_id: str) -> None:
    """Show an order in place of the page it was chosen on."""
    st.session_state[ORDER] = order_id
    st.session_state[TIMES] = times_opened() + 1
    st.rerun()


def times_opened() -> int:
    """How many orders this session has opened.

    A list carries it in its key: else a click on 返回 before the order's page is complete would bring back the list with
    the row still chosen, and open the order again.
    """
    return int(st.session_state.get(TIMES, 0))


def close_order() -> None:
    """Back to the page the order was chosen on."""
    st.session_state.pop(ORDER, None)


def orders() -> OrdersBehind | None:
    """The orders that are listed in place of the page."""
    found: OrdersBehind | None = st.session_state.get(ORDERS)
    return found


def open_orders(behind: OrdersBehind) -> None:
    """List these orders in place of the page."""
    st.session_state[ORDERS] = behind
    st.rerun()


def close_orders() -> None:
    """Back to the page whose figure was opened."""
    st.session_state.pop(ORDERS, None)


def close_all() -> None:
    """Back to the page itself, whatever was opened on it."""
    close_order()
    close_orders()
