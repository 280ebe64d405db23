"""数据导入: upload, see what the file is, answer, load, see what became of its rows. The page asks; the server does."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import streamlit as st

from hotline12345.dashboard import components, data, labels, requests, tables, topic_reviews
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.corrections import quarantine_workbook
from hotline12345.dashboard.exports import File
from hotline12345.dashboard.requests import Queue
from hotline12345.dashboard.views import inspection
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.records.requests import Request

SHOWN_RESULTS = 10
BUSY_SECONDS, IDLE_SECONDS = 1.0, 5.0
ACCOUNTING = (
    *("rows_read", "rows_new", "rows_revised", "rows_unchanged", "rows_repeated", "rows_not_data"),
    "rows_quarantined",
)


def render(viewer: Viewer, snapshot: Snapshot | None) -> None:
    """The page; `snapshot` is None before the first publish."""
    components.heading("数据导入", "上传工单文件，核对识别结果，确认后由导入服务逐个导入并发布。")
    found = requests.queue(viewer)
    facts = data.overview(viewer, snapshot) if snapshot else {}
    _cards(found, facts)
    if not found.is_served:
        _not_served(found)
    _upload(viewer)
    _progress(viewer, found)
    for request in found.to_answer:
        inspection.show(viewer, found, request)
    _results(viewer, snapshot, found)


def _cards(found: Queue, facts: Mapping[str, Any]) -> None:
    server = found.server
    heard = f"最近一次活动 {server.beat_at[:16]}" if server else "从未启动"
    failure = found.last_failure
    cards = (
        ("数据截至", labels.moment(facts.get("cutoff_at")), f"发布于 {labels.moment(facts.get('published_at'))}"),
        ("导入服务", "运行中" if found.is_served else "未运行", heard),
        ("排队", labels.count(len(found.waiting), "个请求"), f"待您确认 {len(found.to_answer)} 个文件"),
        (
            "最近一次失败",
            f"请求 {failure.request_id}" if failure else "没有",
            f"{failure.at[:16]}，原因见下方" if failure else "近期的请求都已完成",
        ),
    )
    for column, (title, value, below) in zip(st.columns(len(cards)), cards, strict=True):
        with column:
            st.metric(title, value, below, delta_color="off", delta_arrow="off", border=True)


def _not_served(found: Queue) -> None:
    kept = "已提交的请求会保留，服务启动后自动继续。" if found.waiting else "可以先上传，服务启动后自动处理。"
    st.warning(
        f"导入服务没有运行，上传的文件暂时不会处理。请信息技术人员在服务器上运行 `hotline serve`。{kept}",
        icon=":material/power_off:",
    )


def _upload(viewer: Viewer) -> None:
    components.section("上传文件", "上传后先识别，不会直接导入。文件只保存在本单位服务器上，导入或放弃后即删除。")
    with st.form("upload", clear_on_submit=True, border=False):
        limit = st.get_option("server.maxUploadSize")
        files = st.file_uploader(
            f"工单导出表，或改正后的隔离行。支持 {'、'.join(requests.SUFFIXES)}；可一次选几个，每个不超过 {limit} MB。",
            type=list(requests.SUFFIXES),
            accept_multiple_files=True,
            help="更大的文件请交信息技术人员在服务器上导入。",
        )
        if st.form_submit_button("上传并识别", type="primary", icon=":material/upload_file:"):
            for file in files:
                requests.file_upload(viewer, file.name, file.getbuffer())
            if files:
                st.rerun()
            st.caption("请先选择文件。")


def _progress(viewer: Viewer, found: Queue) -> None:
    """What is being done, followed while it is; the whole page is drawn again when a request ends."""
    known = {request.request_id: request.state for request in found.requests}

    @st.fragment(run_every=timedelta(seconds=BUSY_SECONDS if found.waiting else IDLE_SECONDS))
    def follow() -> None:
        served = requests.queue(viewer)
        if requests.marks(viewer) != known or served.is_served != found.is_served:
            st.rerun()
        for request in served.waiting:
            _waiting(viewer, served, request)

    if found.waiting:
        components.section("正在处理")
    follow()


def _waiting(viewer: Viewer, found: Queue, request: Request) -> None:
    title = f"请求 {request.request_id}　{labels.REQUESTS[request.kind]}　{_subject(found, request)}"
    if request.state == "running":
        done = requests.steps(viewer, request.request_id)
        st.info(f"{title}　**{done[-1] if done else '开始'}**", icon=":material/progress_activity:")
        return
    text, button = st.columns([5, 1], vertical_alignment="center")
    reason = "另一个任务正在写入数据，等它结束" if request.state == "busy" else "排队中"
    text.info(f"{title}　{reason}", icon=":material/hourglass_top:")
    if button.button("取消", key=f"cancel-{request.request_id}"):
        requests.give_up(viewer, request)
        st.rerun()


def _results(viewer: Viewer, snapshot: Snapshot | None, found: Queue) -> None:
    components.section("最近的结果", "读取的行数等于新增、修订、未变、文件内重复、非数据、隔离之和。")
    if not found.ended:
        components.empty("还没有导入过文件。")
    for number, request in enumerate(found.ended[:SHOWN_RESULTS]):
        state = "完成" if request.state == "done" else "失败"
        title = f"请求 {request.request_id}　{labels.REQUESTS[request.kind]}　{_subject(found, request)}　{state}　{request.at[:16]}"
        icon = ":material/check_circle:" if request.state == "done" else ":material/error:"
        with st.expander(title, expanded=number == 0, icon=icon):
            _result(viewer, snapshot, request)


def _subject(found: Queue, request: Request) -> str:
    if request.kind == "undo":
        return f"批次 {request.detail['batch_id']}"
    if request.kind in topic_reviews.KINDS:
        return "诉求分类"
    return found.file_name(request) or "新上传的文件"


def _result(viewer: Viewer, snapshot: Snapshot | None, request: Request) -> None:
    outcome = request.outcome
    if request.state == "failed":
        components.failure(outcome["message"])
        return
    if counts := outcome.get("accounting"):
        pairs = [(labels.column("batch_id"), str(counts["batch_id"]))]
        if not counts["already_loaded"]:
            pairs += [(labels.column(name), labels.count(counts[name])) for name in ACCOUNTING]
        components.table(tables.facts(pairs))
    components.listed(outcome.get("remarks", ()))
    if counts and snapshot:
        _after(viewer, snapshot, request.request_id, counts)


def _after(viewer: Viewer, snapshot: Snapshot, request_id: int, counts: Mapping[str, Any]) -> None:
    """What can still be done with a loaded file: correct its bad rows, take it back."""
    batch_id = counts["batch_id"]
    batches = data.batches(viewer, snapshot)
    batch = batches.filter(batches["batch_id"] == batch_id)
    if batch.height and batch["undone_at"].item():
        st.markdown(f"批次 {batch_id} 已于 {labels.moment(batch['undone_at'].item())} 撤销。")
        return
    if counts["rows_quarantined"]:
        _bad_rows(viewer, snapshot, request_id, batch_id)
    with st.popover("撤销这次导入", icon=":material/undo:"):
        st.markdown(
            f"批次 {batch_id} 的内容将不再计入，有关工单回到以前的样子。撤销有记录，不删除数据；文件可以重新上传。"
        )
        if st.button("确认撤销", key=f"undo-{request_id}", type="primary"):
            requests.file_undo(viewer, batch_id)
            st.rerun()


def _bad_rows(viewer: Viewer, snapshot: Snapshot, request_id: int, batch_id: int) -> None:
    waiting = data.quarantined_rows(viewer, snapshot, batch_id)
    if waiting.is_empty():
        st.markdown("隔离的行都已改正。")
        return
    st.markdown(f"{waiting.height:,} 行不合要求，没有进入统计。下载后在标黄的单元格里改正，再从上面上传即可。")

    def make() -> bytes:
        return quarantine_workbook(waiting, data.quarantine(viewer, snapshot, batch_id))

    file = File(f"隔离行_批次{batch_id}_请求{request_id}.xlsx", waiting.height, make)
    title = f"下载隔离的 {waiting.height:,} 行（Excel）"
    components.file_button(viewer, file, title, "已脱敏；要改的单元格标黄。")
