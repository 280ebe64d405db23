"""系统状态: what is wrong is said with what to do, what is well is quiet, and nothing tells of orders or people."""

import json
import shutil
from collections import namedtuple
from datetime import datetime, timedelta

import pytest
from made_snapshot import storage_at

from hotline12345.dashboard import system_status
from hotline12345.dashboard.access import DEMO, NoAccessError
from hotline12345.dashboard.system_status import BROKEN, FINE, LOOK, Line, size, status, worst
from hotline12345.dashboard.views import admin
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.records import requests, servers
from hotline12345.sql.records.store import moment, opened_records

AT = datetime(2026, 3, 29, 15)
Usage = namedtuple("Usage", "total used free")


def lines(storage, now=AT) -> dict[str, Line]:
    """The lines by name; the last one of a name counts."""
    return {line.name: line for line in status(storage, now)}


@pytest.fixture
def asked(own):
    """A folder with one failed and one waiting request; returns it with the time now."""
    with opened_records(own) as records:
        failed = requests.file_request(records, "load", "某人")
        requests.add_event(records, failed, requests.FAILED, {"message": "导入失败（E11）：缺少列。"})
        requests.file_request(records, "inspect", "某人")
    return own, datetime.fromisoformat(moment())


def test_a_published_folder_says_what_pages_show(published):
    found = lines(published)
    assert found["snapshot"].value == current_snapshot(published).run_id
    assert found["orders"].value == 480
    assert found["published_at"].shown == "2026-03-29 13:00（2 小时前）"
    assert found["last_load_at"].value == "2026-03-29 13:00:00"
    assert found["topic_model"].value == "m1"
    assert found["quarantined"].state == LOOK


def test_old_data_are_pointed_at(published):
    assert lines(published)["published_at"].state == FINE
    late = lines(published, AT + timedelta(days=4))["published_at"]
    assert (late.state, late.shown) == (LOOK, "2026-03-29 13:00（4 天前）")
    assert late.advice


def test_an_empty_folder_says_what_to_run(tmp_path):
    found = lines(storage_at(tmp_path / "data"))
    assert found["snapshot"].state == BROKEN
    assert "hotline run" in found["snapshot"].advice
    assert found["server"].state == LOOK
    assert not (tmp_path / "data" / "records.sqlite").exists(), "looking creates nothing"


def test_a_broken_snapshot_is_a_line_not_an_error(own):
    path = current_snapshot(own).path
    path.write_bytes(path.read_bytes()[:9000])
    found = lines(own)
    assert found["snapshot"].state == BROKEN
    assert found["version"].value
    assert worst(list(found.values())) == BROKEN


def test_a_full_disk_is_told_before_a_publication_fails(published, monkeypatch):
    newest = current_snapshot(published).path.stat().st_size
    for free, state in ((3 * newest, LOOK), (newest, BROKEN), (90 * newest, FINE)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(100 * newest, 0, free))
        assert lines(published)["disk_free"].state == state, free


def test_failures_of_the_last_days_are_listed_with_their_message(asked):
    storage, now = asked
    found = lines(storage, now)
    assert found["failures"].value == 1
    assert found["failure"].title == "请求 1　导入"
    assert found["failure"].advice == "导入失败（E11）：缺少列。"
    assert lines(storage, now + timedelta(days=8))["failures"].value == 0


def test_requests_without_a_server_are_alarming_and_with_one_are_not(asked):
    storage, now = asked
    assert lines(storage, now)["queue"].value == 1
    assert lines(storage, now)["server"].state == BROKEN
    with opened_records(storage) as records:
        server_id = servers.begin_server(records, 1)
    alive = lines(storage, now)["server"]
    assert (alive.value, alive.state, alive.advice) == ("running", FINE, "")
    with opened_records(storage) as records:
        servers.end_server(records, server_id)
    assert lines(storage, now)["server"].value == "stopped"


def test_nothing_is_said_of_orders_or_people(asked):
    storage, now = asked
    text = json.dumps([line.__dict__ for line in status(storage, now)], ensure_ascii=False)
    assert not [word for word in ("供暖", "某人", "D0001", "东河街道", "三月导出") if word in text]


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 字节"), (1023, "1023 字节"), (1536, "1.5 KB"), (5 * 1024**3, "5.0 GB")]
)
def test_sizes_read_as_people_write_them(count, shown):
    assert size(count) == shown


def page(storage, monkeypatch, role="管理员"):
    """The page for a role."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415

    monkeypatch.setenv("HOTLINE_DATA_DIR", str(storage.data))
    script = f"""
from hotline12345.dashboard import app
from hotline12345.dashboard.access import DEMO
app.show_admin(DEMO.viewer({role!r}, "somebody"))
"""
    shown = AppTest.from_string(script, default_timeout=20).run()
    assert not shown.exception
    return shown


def test_the_page_shows_every_area_and_what_to_do(asked, monkeypatch):
    shown = page(asked[0], monkeypatch)
    assert [section.value for section in shown.subheader] == list(dict.fromkeys(line.area for line in status(*asked)))
    assert any("hotline serve" in error.value for error in shown.error)
    assert {metric.label for metric in shown.metric} >= {"发布时间", "磁盘剩余 / 总共", "排队的请求"}


def test_the_page_opens_where_nothing_is_published(tmp_path, monkeypatch):
    shown = page(storage_at(tmp_path / "data"), monkeypatch)
    assert any("还没有发布过数据" in error.value for error in shown.error)


def test_the_page_is_for_its_keeper_only(published, monkeypatch):
    with pytest.raises(NoAccessError):
        admin.render(DEMO.viewer("分析员", "somebody"))
    shown = page(published, monkeypatch, role="分析员")
    assert not shown.metric
    assert "权限" in shown.info[0].value


def test_all_well_is_said_in_one_line(monkeypatch):
    well = [Line("数据", "orders", "工单", 1, "1 件")]
    monkeypatch.setattr(system_status, "status", lambda *_: well)
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415

    shown = AppTest.from_string("from hotline12345.dashboard.views import admin; admin._state()").run()
    assert [message.value for message in shown.success] == ["一切正常。"]
