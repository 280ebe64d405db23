"""分类复核: one order at a time beside the queue, labels that are doubted, what was reviewed, and requests about the model."""

from collections.abc import Callable
from datetime import datetime

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, reviewing, topic_data, topic_reviews
from hotline12345.dashboard.views import review_order, review_requests
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.store import RecordsError

QUEUE, PROBLEMS, DONE, MODEL = "待复核", "标注疑点", "已复核", "重新训练与分类"
BY_NUMBER = "按编号打开。清空编号回到队列。"
BLOCK, SHOWN = 50, 20
HEIGHT = 38 + 35 * 14
LEAD = (
    "先看最可能分错、改一件最有用的工单。改正立即记录，重新发布后计入，重新训练后模型会学到。举报和保密工单不在这里。"
)


def render(scope: Scope) -> None:
    """The page."""
    components.heading("分类复核", LEAD)
    parts: dict[str, Callable[[Scope], None]] = {
        QUEUE: _queue,
        PROBLEMS: _problems,
        DONE: _reviewed,
        MODEL: review_requests.render,
    }
    part = st.segmented_control(
        "看什么",
        list(parts),
        default=QUEUE,
        required=True,
        key="review_part",
        bind="query-params",
        label_visibility="collapsed",
    )
    try:
        parts[str(part)](scope)
    except RecordsError as error:
        components.failure(str(error))


def _queue(scope: Scope) -> None:
    answered = {event.order_id for event in topic_reviews.answers(scope.viewer)}
    queue = topic_data.review_queue(scope.viewer, scope.snapshot)
    aside = review_order.skipped()
    waiting = queue.filter(~pl.col("order_id").is_in([*answered, *aside]))
    st.caption(
        f"共排出 {queue.height:,} 件，已复核 {queue['order_id'].is_in(list(answered)).sum():,} 件，本次跳过 {len(aside):,} 件。"
        "越可能有误、同类越多的排得越前；相同文本只列一件。"
    )
    if waiting.is_empty():
        components.empty("没有要复核的工单：还没有模型判断，或者这一批都已复核。重新分类并发布后会排出新的一批。")
        review_order.undo_button(scope)
        if wanted := _wanted():
            _one(scope, wanted, BY_NUMBER)
        return
    offered = _offered(scope, queue, waiting)
    catalogue = topic_data.topic_catalogue(scope.viewer, scope.snapshot)
    causes = [reviewing.cause(row, catalogue) for row in offered.iter_rows(named=True)]
    order, beside = st.columns([1.1, 1], gap="large")
    with beside:
        place = _pick(offered.select("title", pl.Series("review_reason", causes, pl.String)), "queue") or 0
        wanted = _wanted()
    with order:
        if wanted:
            _one(scope, wanted, BY_NUMBER)
            return
        row = offered.row(place, named=True)
        doubt = f"现在计数的分类有误的可能约 {labels.chance(row['wrong_probability'])}"
        review_order.show(scope, row, f"为什么先看：{reviewing.reason(row, catalogue)}；{doubt}。")


def _wanted() -> str:
    """The number of an order that somebody wants to review although it is not in the queue; empty after each answer."""
    text = st.text_input(
        "按工单编号找一件", key=f"review_wanted_{review_order.turn()}", placeholder="输入工单编号后按回车", width=320
    )
    return text.strip()


def _offered(scope: Scope, queue: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """The first waiting orders with what stands of them; read in blocks of the whole queue, so that few reads do."""
    first = queue.with_row_index("place").join(waiting, on="order_id", how="semi")["place"].to_list()[:SHOWN]
    blocks = sorted({place // BLOCK for place in first})
    found = pl.concat(
        topic_data.review_orders(scope.viewer, scope.snapshot, tuple(queue["order_id"].slice(block * BLOCK, BLOCK)))
        for block in blocks
    )
    return waiting.head(SHOWN).drop("text_hash").join(found, on="order_id", how="inner", maintain_order="left")


def _problems(scope: Scope) -> None:
    found = topic_data.label_problems(scope.viewer, scope.snapshot)
    answered = {event.order_id for event in topic_reviews.answers(scope.viewer)}
    found = found.filter(~pl.col("order_id").is_in([*answered, *review_order.skipped()]))
    sought: list[datetime] = found["sought_at"].unique().to_list()
    review_requests.search_button(scope)
    st.caption(
        "推断：没有学过这件工单的模型有把握地判为别的类。重复：文本相同或近似，人工标注却不同。只是提醒，由人判断。"
        + (f"查找于 {labels.moment(sought[0])}。" if sought else "")
    )
    if found.is_empty():
        components.empty(
            "没有要看的标注疑点：还没有查找过，或者都已复核。按“查找标注疑点”，由导入服务查找并发布，约需一分钟。"
        )
        review_order.undo_button(scope)
        return
    catalogue = topic_data.topic_catalogue(scope.viewer, scope.snapshot)
    listed = found.select(
        "title",
        pl.Series("review_reason", [reviewing.doubt(row, catalogue) for row in found.iter_rows(named=True)], pl.String),
    )
    order, beside = st.columns([1.1, 1], gap="large")
    with beside:
        place = _pick(listed, "problems") or 0
    with order:
        _one(scope, found["order_id"][place], listed["review_reason"][place], found["suggested_code"][place])


def _reviewed(scope: Scope) -> None:
    events = topic_reviews.answers(scope.viewer)[: 10 * BLOCK]
    if not events:
        components.empty("还没有人复核过。")
        return
    catalogue = topic_data.topic_catalogue(scope.viewer, scope.snapshot)
    landed = topic_data.landed_corrections(scope.viewer, scope.snapshot)
    listed = pl.DataFrame(
        [(reviewing.said(event, catalogue), reviewing.state(event, landed), event.order_id) for event in events],
        schema={"review_said": pl.String, "review_state": pl.String, "order_id": pl.String},
        orient="row",
    )
    waiting = listed.filter(pl.col("review_state") == reviewing.NOT_YET).height
    st.caption(f"最近 {listed.height:,} 件，其中 {waiting:,} 件等重新发布后计入。点一行可以再看一遍，作第二次复核。")
    order, beside = st.columns([1.1, 1], gap="large")
    with beside:
        place = _pick(listed, "reviewed")
    with order:
        if place is not None:
            _one(scope, listed["order_id"][place], "第二次复核：以最后一次为准，先前的记录都保留。")
        else:
            components.empty("还没有选中工单：点列表中的一行，看它的文本和先前的复核。")
            review_order.undo_button(scope)


def _one(scope: Scope, order_id: str, why: str, suggested: str | None = None) -> None:
    found = topic_data.review_orders(scope.viewer, scope.snapshot, (order_id,))
    if found.is_empty() or found["is_need_to_know"].item():
        components.empty("这张工单现在不能在这里复核：不在已发布的数据中，或者是举报、保密工单。")
        return
    review_order.show(scope, found.row(0, named=True), why, suggested)


def _pick(listed: pl.DataFrame, name: str) -> int | None:
    text = st.column_config.TextColumn
    columns = {
        "title": text("标题", width=185),
        "review_reason": text(labels.column("review_reason"), width=310),
        "review_said": text(labels.column("review_said"), width=200),
        "review_state": text("是否计入", width=150),
        "order_id": text(labels.column("order_id"), width=140),
    }
    used = {column: columns[column] for column in listed.columns}
    height = min(HEIGHT, 38 + 35 * listed.height)
    return components.pick_row(listed, f"review_{name}_{review_order.turn()}", used, height, first=False)
