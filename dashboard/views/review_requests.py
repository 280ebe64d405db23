"""Requests about the model on the review page: train, classify anew, go back, look for doubted labels; with their state."""

from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, requests, topic_data, topic_reviews
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.requests import Request

FOLLOW_SECONDS = 2.0
SHOWN = 10
STATES = {
    "waiting": "排队中",
    "running": "进行中",
    "busy": "另一个任务正在写入数据，等它结束",
    "done": "完成",
    "failed": "没有完成",
    "dismissed": "已取消",
}
HELP = {
    "train_topics": "用人工标注和复核结果训练新模型，与现用模型在同一批留出的文本上比较，不差才启用，然后重新分类并发布。",
    "rescore_topics": "计入新的复核结果，用现用模型补齐没有分类的文本，然后重新发布。",
}


def render(scope: Scope) -> None:
    """Buttons and what became of the requests."""
    found = topic_reviews.model_requests(scope.viewer)
    if not requests.queue(scope.viewer).is_served:
        st.warning(
            "导入服务没有运行，请求会保留，服务启动后自动处理。请信息技术人员在服务器上运行 `hotline serve`。",
            icon=":material/power_off:",
        )
    for kind, meaning in HELP.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            _ask(scope, found, kind, {})
            st.caption(meaning, width="stretch")
    _back(scope, found)
    components.section("请求的状态", "由导入服务逐个执行；关闭本页不影响。")
    _follow(scope, found)


def search_button(scope: Scope) -> None:
    """Ask for a search for doubted labels; its state while it is open."""
    found = topic_reviews.model_requests(scope.viewer)
    _ask(scope, found, "doubt_topics", {})
    newest = [request for request in found if request.kind == "doubt_topics"][:1]
    if newest and newest[0].state != "done":
        _follow(scope, newest)


def _ask(scope: Scope, found: Any, kind: str, detail: dict[str, Any]) -> None:
    is_open = any(request.is_open for request in found if request.kind == kind)
    if st.button(topic_reviews.KINDS[kind], key=f"ask_{kind}", disabled=is_open):
        topic_reviews.file_model_request(scope.viewer, kind, detail)
        st.rerun()


def _back(scope: Scope, found: Any) -> None:
    models = topic_data.models(scope.viewer, scope.snapshot).filter(~pl.col("is_model_in_use"))
    if models.is_empty():
        return
    titles = {
        row["model_id"]: f"{row['model_id']}（{labels.moment(row['trained_at'])} 训练）"
        for row in models.iter_rows(named=True)
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "换回哪个模型", list(titles), format_func=titles.__getitem__, key="rollback_to", width=360
        )
        _ask(scope, found, "rollback_topics", {"model_id": chosen})
    st.caption("换回以后立即用那个模型的分类重新发布，不必重新分类；复核结果不受影响。")


def _follow(scope: Scope, found: Any) -> None:
    """The latest requests, followed while one is open; the whole page is drawn again when one changes its state."""
    known = {request.request_id: request.state for request in found}
    is_open = any(request.is_open for request in found)

    @st.fragment(run_every=timedelta(seconds=FOLLOW_SECONDS) if is_open else None)
    def follow() -> None:
        now = [request for request in topic_reviews.model_requests(scope.viewer) if request.request_id in known]
        if {request.request_id: request.state for request in now} != known:
            st.rerun()
        for request in now[:SHOWN]:
            _state(scope, request)

    if not found:
        components.empty("还没有提出过请求。")
    follow()


def _state(scope: Scope, request: Request) -> None:
    steps = requests.steps(scope.viewer, request.request_id) if request.state == "running" else []
    step = f"：{steps[-1]}" if steps else ""
    st.markdown(
        f"**请求 {request.request_id}　{topic_reviews.KINDS[request.kind]}**　{STATES[request.state]}{step}　{request.at[:16]}"
    )
    if request.state == "failed":
        components.failure(request.outcome["message"])
    components.listed(request.outcome.get("remarks", ()))
