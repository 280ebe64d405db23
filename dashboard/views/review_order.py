"""One order to review: its masked text, what was said of its topic, and buttons with shortcut keys to answer."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import streamlit as st

from hotline12345.dashboard import components, labels, reviewing, tables, topic_data, topic_reviews
from hotline12345.dashboard.views import opened
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.store import RecordsError
from hotline12345.sql.records.topic_events import WITHDRAW

Order = Mapping[str, Any]
DONE, TURN = "review_done", "review_turn"
SKIP = 0  # stands for an event where an order was only skipped
WHERE = ("unit_name", "place_town", "community")
LIKELY = 0.01  # probability below which a runner-up is no answer worth a button
KEYS = "按钮右边是快捷键。Enter 总是确认模型判断，焦点在哪个按钮上都一样；在输入框中打字时快捷键不起作用。"


# A button's key names its order: a key pressed while the next order is being drawn can only answer the one that was seen.
def show(scope: Scope, order: Order, why: str, suggested: str | None = None) -> None:
    """The order and its buttons; `why` says what it is looked at for, `suggested` is a code to offer besides."""
    catalogue = topic_data.topic_catalogue(scope.viewer, scope.snapshot)
    told = (order["order_id"], labels.moment(order["created_at"]), *(order[name] for name in WHERE))
    st.html(f'<div class="lead">工单 {escape("　".join(filter(None, told)))}</div>')
    texts = [(labels.column(name), order[name]) for name in ("title", "body") if order[name]]
    components.text_block(texts or [(labels.column("body"), "没有导入文本")])
    components.table(tables.facts(_said(order, catalogue)))
    st.caption(why)
    _earlier(scope, order, catalogue)
    _buttons(scope, order, catalogue, suggested)


def skipped() -> set[str]:
    """The orders that this session put aside."""
    return {order_id for order_id, event_id in _done() if event_id == SKIP}


def turn() -> int:
    """How often this session answered, skipped or took back; a list carries it in its key to lose its selection."""
    return int(st.session_state.get(TURN, 0))


def undo_button(scope: Scope) -> None:
    """Takes back this session's last step, once there is one; the answer itself stays on record."""
    if _done():
        st.button("撤回上一步", key="review_undo", icon=":material/undo:", shortcut="Z", on_click=_undo, args=(scope,))


def _said(order: Order, catalogue: reviewing.Catalogue) -> list[tuple[str, str]]:
    pairs = [("人工分类", catalogue.name(order["clerk_leaf_code"]))]
    if order["model_leaf_code"]:
        sure = f"{catalogue.name(order['model_leaf_code'])}　{labels.chance(order['leaf_probability'])}"
        pairs.append(("模型判断", f"{sure}（把握不够，未采用）" if order["is_unsure"] else sure))
    if order["runner_up_code"]:
        second = f"{catalogue.name(order['runner_up_code'])}　{labels.chance(order['runner_up_probability'])}"
        pairs.append(("第二可能", second))
    return [*pairs, ("现在计为", f"{catalogue.name(order['topic_code'])}（{labels.SOURCES[order['topic_source']]}）")]


def _earlier(scope: Scope, order: Order, catalogue: reviewing.Catalogue) -> None:
    """What reviewers said of the order before, and a way to take the last of it back."""
    said = topic_reviews.history(scope.viewer, order["order_id"])
    components.listed([f"先前：{reviewing.told(event, catalogue)}" for event in said])
    withdrawn = {event.withdrawn_id for event in said}
    stands = [event for event in said if event.action != WITHDRAW and event.event_id not in withdrawn]
    if stands:
        st.button(
            "撤回先前的最后一次复核",
            key=f"review_withdraw_{stands[-1].event_id}",
            icon=":material/history:",
            on_click=_take_back,
            args=(scope, stands[-1].event_id),
        )


def _buttons(scope: Scope, order: Order, catalogue: reviewing.Catalogue, suggested: str | None) -> None:
    for key, words, code, shortcut, icon in _offered(order, catalogue, suggested):
        st.button(
            f"{words}：{catalogue.name(code)}",
            key=f"review_{key}_{order['order_id']}",
            icon=icon,
            shortcut=shortcut,
            type="primary" if key == "confirm" else "secondary",
            width="stretch",
            wrap=True,
            on_click=_answer,
            args=(scope, order, code),
        )
    key = f"review_choice_{order['order_id']}_{turn()}"
    st.selectbox(
        "从目录选择",
        catalogue.current,
        index=None,
        format_func=lambda code: f"{catalogue.name(code)}　{code}",
        placeholder="输入名称或编码查找，选中即记录",
        key=key,
        on_change=_choose,
        args=(scope, order, key),
    )
    with st.container(horizontal=True):
        st.button(
            "说不清",
            key=f"review_unclear_{order['order_id']}",
            icon=":material/help:",
            shortcut="U",
            on_click=_answer,
            args=(scope, order, None),
        )
        st.button(
            "跳过",
            key=f"review_skip_{order['order_id']}",
            icon=":material/skip_next:",
            shortcut="S",
            on_click=_note,
            args=(order["order_id"], SKIP),
        )
        if st.button("打开工单", key=f"review_open_{order['order_id']}", icon=":material/open_in_new:"):
            opened.open_order(order["order_id"])
        undo_button(scope)
    st.caption(KEYS)


def _offered(
    order: Order, catalogue: reviewing.Catalogue, suggested: str | None
) -> Iterator[tuple[str, str, str, str, str]]:
    """Key, words, code, shortcut and icon of each answer that takes one key; every code once, and only known ones."""
    second = order["runner_up_code"] if (order["runner_up_probability"] or 0) >= LIKELY else None
    ways = (
        ("confirm", "确认模型判断", order["model_leaf_code"], "Enter", ":material/check:"),
        ("clerk", "以人工为准", order["clerk_leaf_code"], "1", ":material/person:"),
        ("runner_up", "取第二可能", second, "2", ":material/looks_two:"),
        ("suggested", "采用建议", suggested, "3", ":material/lightbulb:"),
    )
    seen: set[str] = set()
    for key, words, code, shortcut, icon in ways:
        if code and code in catalogue.paths and code not in seen:
            seen.add(code)
            yield key, words, code, shortcut, icon


def _choose(scope: Scope, order: Order, key: str) -> None:
    if code := st.session_state.get(key):
        _answer(scope, order, code)


def _answer(scope: Scope, order: Order, code: str | None) -> None:
    given = reviewing.answer(order, code)
    try:
        event_id = topic_reviews.give(scope.viewer, given)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:", duration="long")
        return
    if event_id is not None:
        _note(order["order_id"], event_id)
        st.toast(f"已记录：工单 {order['order_id']} {reviewing.ACTIONS[given.action]}")


def _note(order_id: str, event_id: int) -> None:
    st.session_state[DONE] = [*_done(), (order_id, event_id)]
    st.session_state[TURN] = turn() + 1


def _take_back(scope: Scope, event_id: int) -> None:
    _withdraw(scope, event_id)


def _undo(scope: Scope) -> None:
    *rest, (order_id, event_id) = _done()
    if event_id == SKIP or _withdraw(scope, event_id):
        st.session_state[DONE] = rest
        st.session_state[TURN] = turn() + 1
        st.toast(f"已撤回：工单 {order_id}")


def _withdraw(scope: Scope, event_id: int) -> bool:
    """Whether the records store could be written; an answer that was taken back meanwhile is nothing to tell."""
    try:
        topic_reviews.withdraw(scope.viewer, event_id)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:", duration="long")
        return False
    st.session_state[TURN] = turn() + 1
    return True


def _done() -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = st.session_state.get(DONE, [])
    return found
