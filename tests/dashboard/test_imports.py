"""The page 数据导入 by AppTest: it opens at first use, asks and never loads, and says what the server said."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_snapshot import storage_at
from page_words import words
from streamlit.testing.v1 import AppTest

from hotline12345.dashboard import requests
from hotline12345.dashboard.access import ANALYST
from hotline12345.dashboard.views import inspection
from hotline12345.sql.records import requests as store
from hotline12345.sql.records import servers, uploads
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage

PAGE = "from hotline12345.dashboard import app\nfrom hotline12345.dashboard.access import ANALYST\napp.show_imports(ANALYST)"
INSPECTION: dict[str, Any] = {
    "file_name": "四月129****8888.csv",
    "format": "csv",
    "encoding": "gb18030",
    "sheet": None,
    "header_row": 2,
    "notes": ["跳过了说明行。"],
    "columns": [
        {
            "header": "工单号",
            "column": "order_id",
            "label": "工单编号",
            "how": "列名",
            "confidence": 1.0,
            "example": "D1",
        },
        {"header": "处理时间", "column": "", "label": "", "how": "未导入", "confidence": 0.0, "content": "时间"},
        {"header": "平台", "column": "", "label": "", "how": "未导入", "confidence": 0.0, "content": "短文字"},
        {"header": "备注", "column": "", "label": "", "how": "未导入", "confidence": 0.0, "content": "短文字"},
    ],
    "suggestions": [
        {"header": "平台", "column": "channel", "label": "来源渠道", "confidence": 0.8, "reasons": ["内容像渠道"]}
    ],
    "questions": [
        {
            "code": "E08",
            "text": "列“处理时间”是办结时间还是派单时间？",
            "answers": [
                {"says": "作为“办结时间”", "columns": {"处理时间": "closed_at"}},
                {"says": "不导入这一列", "columns": {"处理时间": "ignore"}},
            ],
        }
    ],
    "limits": [{"columns": ["closed_at"], "labels": ["办结时间"], "says": "没有办理时长"}],
    "sample": [{"工单编号": "D1", "主要内容": "暖气<b>不热</b>"}],
    "dry_run": None,
    "refusal": None,
    "headers": ["工单号", "处理时间", "平台", "备注"],
    "targets": {"order_id": "工单编号", "closed_at": "办结时间", "channel": "来源渠道", "title": "标题"},
}
COUNTS = {
    "batch_id": 1,
    "already_loaded": False,
    **dict.fromkeys(("rows_revised", "rows_unchanged", "rows_repeated", "rows_late", "rows_conflicting"), 0),
    **{"rows_read": 483, "rows_new": 480, "rows_not_data": 1, "rows_quarantined": 2},
}
Open = Callable[[], AppTest]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A folder where nothing was ever published; the page looks at it."""
    storage = storage_at(tmp_path / "data")
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(storage.data))
    return storage


@pytest.fixture
def used(own: Storage, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A published folder; the page looks at it."""
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    return own


def opened() -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=20).run()
    assert not page.exception, page.exception[0].message
    return page


def said(page: AppTest) -> str:
    kinds = (page.warning, page.error, page.expander)
    more = [getattr(element, "label", None) or element.value for kind in kinds for element in kind]
    return "\n".join([words(page), *more, *(box.label for box in page.selectbox)])


def answer(storage: Storage, request_id: int, state: str, **outcome: Any) -> None:
    """What the server would say."""
    with closing(open_records(storage)) as records:
        store.add_event(records, request_id, state, outcome)


def inspected(storage: Storage, **changed: Any) -> int:
    request_id = requests.file_upload(ANALYST, "四月12900008888.csv", b"content")
    answer(storage, request_id, "done", **{**INSPECTION, **changed})
    return request_id


def newest(storage: Storage) -> store.Request:
    return requests.queue(ANALYST).requests[0]


def test_the_page_opens_before_anything_is_published(empty):
    page = opened()
    text = said(page)
    assert page.title[0].value == "数据导入"
    assert "导入服务没有运行" in text
    assert "hotline serve" in text
    assert "还没有导入过文件" in text
    assert not empty.warehouse.exists()


def test_a_living_server_is_said_and_a_dead_one_too(empty):
    with closing(open_records(empty)) as records:
        server_id = servers.begin_server(records, 4711)
        assert "导入服务 运行中" in said(opened())
        records.execute("update servers set beat_at = '2026-01-01 00:00:00'")
        assert "导入服务 未运行" in said(opened()), "no beat for long"
        servers.beat(records, server_id)
        servers.end_server(records, server_id)
        assert "导入服务 未运行" in said(opened()), "ended by itself"


def test_uploading_files_a_request_and_keeps_the_file(empty):
    page = opened()
    page.file_uploader[0].set_value([("三月.csv", b"a,b\n1,2\n", "text/csv"), ("四月.csv", b"x", "text/csv")])
    page.button(key="FormSubmitter:upload-上传并识别").click().run()
    found = requests.queue(ANALYST).requests
    assert [(request.kind, request.who, request.state) for request in found] == [("inspect", "分析员", "waiting")] * 2
    path = uploads.uploaded_file(empty, found[1].upload)
    assert (path.name, path.read_bytes()) == ("三月.csv", b"a,b\n1,2\n")
    assert "三月" not in json.dumps([dict(request.detail) for request in found])
    assert "排队中" in said(opened())


def test_an_inspection_is_shown_and_answered(empty):
    inspected(empty)
    page = opened()
    text = said(page)
    for part in ("待确认：四月129****8888.csv", "gb18030", "第 2 行", "跳过了说明行", "没有办理时长", "工单号", "100%"):
        assert part in text
    assert "暖气&lt;b&gt;不热" in text, "a cell is never markup"
    assert "还有 1 个问题没有回答" in text
    key = newest(empty).request_id
    assert page.button(key=f"load-{key}").disabled
    assert page.selectbox(key=f"answer-{key}-0").value is None, "a question is never answered beforehand"
    assert page.selectbox(key=f"column-{key}-0").value == "channel", "a likely proposal stands there"
    assert page.selectbox(key=f"column-{key}-1").value == "ignore"
    page.selectbox(key=f"answer-{key}-0").select_index(0).run()
    page.button(key=f"load-{key}").click().run()
    load = newest(empty)
    assert (load.kind, load.state) == ("load", "waiting")
    assert load.detail == {"columns": {"处理时间": "closed_at", "平台": "channel"}}
    assert not requests.queue(ANALYST).to_answer


def test_a_day_of_export_is_its_end_but_never_ahead_of_the_clock(empty, monkeypatch):
    monkeypatch.setattr(inspection, "moment", lambda: "2026-03-05 15:20:00")
    for day, known in ((4, "2026-03-04 23:59:59"), (5, "2026-03-05 15:20:00")):
        inspection_id = inspected(empty, questions=[])
        page = opened()
        page.date_input(key=f"exported-{inspection_id}").set_value(date(2026, 3, day)).run()
        page.button(key=f"load-{inspection_id}").click().run()
        assert newest(empty).detail["exported_at"] == known


def test_two_columns_for_one_are_stopped(empty):
    key = inspected(empty, questions=[])
    page = opened()
    page.selectbox(key=f"column-{key}-1").select("channel").run()
    page.selectbox(key=f"column-{key}-2").select("channel").run()
    assert "有两列都指定为“来源渠道”" in said(page)
    assert page.button(key=f"load-{key}").disabled


def test_a_header_that_was_not_found_can_be_named(empty):
    key = requests.file_upload(ANALYST, "x.csv", b"x")
    answer(empty, key, "failed", message="E06 没有找到表头。", code="E06", is_answerable=True, file_name="x.csv")
    page = opened()
    assert "E06 没有找到表头" in said(page)
    assert page.button(key=f"load-{key}").disabled
    page.number_input(key=f"row-{key}").set_value(3).run()
    page.text_input(key=f"sheet-{key}").set_value("工单").run()
    page.button(key=f"look-{key}").click().run()
    assert (newest(empty).kind, newest(empty).detail) == ("inspect", {"header_row": 3, "sheet": "工单"})


def test_a_file_given_up_is_deleted(empty):
    key = inspected(empty)
    upload = newest(empty).upload
    opened().button(key=f"drop-{key}").click().run()
    assert uploads.uploaded_file(empty, upload) is None
    assert newest(empty).state == "dismissed"
    assert "待确认：" not in said(opened())


def test_a_load_taken_back_can_be_answered_again(empty):
    inspected(empty, questions=[])
    upload = newest(empty).upload
    load = requests.file_load(ANALYST, upload, {})
    opened().button(key=f"cancel-{load}").click().run()
    assert uploads.uploaded_file(empty, upload)
    assert "待确认：" in said(opened())


def test_progress_is_the_newest_step(empty):
    inspected(empty, questions=[])
    load = requests.file_load(ANALYST, newest(empty).upload, {})
    answer(empty, load, "running", step="计算三率台账")
    text = said(opened())
    assert "正在处理" in text
    assert "计算三率台账" in text
    answer(empty, load, "busy")
    assert "另一个任务正在写入数据，等它结束" in said(opened())


def test_too_many_bad_rows_can_be_accepted_after_the_refusal(empty):
    key = inspected(empty, questions=[])
    load = requests.file_load(ANALYST, newest(empty).upload, {})
    answer(empty, load, "failed", message="E12 坏行太多。\n第二行", code="E12")
    page = opened()
    assert "上一次没有导入：E12 坏行太多" in said(page)
    page.checkbox(key=f"bad-{key}").check().run()
    page.button(key=f"load-{key}").click().run()
    assert newest(empty).detail["max_bad_share"] == 1.0


def test_a_result_shows_its_accounting_bad_rows_and_the_way_back(used):
    loads = [requests.file_load(ANALYST, uploads.keep_upload(used, "x.csv", b"x"), {}) for _ in range(2)]
    for load, repeated in zip(loads, (False, True), strict=True):
        counts = {**COUNTS, "already_loaded": repeated}
        answer(used, load, "done", file_name="三月导出.csv", accounting=counts, remarks=["没有导入的列：备注。"])
    page = opened()
    text = said(page)
    for part in (
        "三月导出.csv",
        "<dd>483</dd>",
        "<dd>480</dd>",
        "没有导入的列：备注",
        "模拟数据",
    ):
        assert part in text
    assert text.count("<dd>483</dd>") == 1, "a file loaded before has no counts of its own"
    page.button(key=f"undo-{load}").click().run()
    assert (newest(used).kind, newest(used).detail) == ("undo", {"batch_id": 1})


def test_a_failure_is_said_in_full(empty):
    key = requests.file_upload(ANALYST, "x.png", b"x")
    answer(
        empty, key, "failed", message="E03 文件“x.png”不是表格。", code="E03", is_answerable=False, file_name="x.png"
    )
    text = said(opened())
    assert "E03 文件“x.png”不是表格" in text
    assert f"最近一次失败 请求 {key}" in text


def test_a_store_that_cannot_be_opened_is_said(empty):
    empty.records.write_text("这不是数据库" * 50)
    page = opened()
    assert "无法打开记录库" in said(page)
