"""What a page says when the data under it changed: newer ones are offered, unreadable ones are explained, never a traceback."""

import duckdb
import pytest
import streamlit as st
from made_snapshot import publish_again

from hotline12345.dashboard import snapshots
from hotline12345.sql.publish import Snapshot, current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.warehouse import WarehouseError


def buttons(page) -> list[str]:
    """The labels of the buttons of a page."""
    return [button.label for button in page.button]


def told(page) -> str:
    """Everything a page says in titles, messages and lists."""
    return "\n".join(element.value for element in (*page.title, *page.error, *page.info, *page.markdown))


def test_a_page_that_shows_the_newest_offers_nothing(show, published):
    assert "点此刷新" not in buttons(show("rates", published))


def test_a_newer_snapshot_is_offered_and_shown_when_asked(show, own, monkeypatch):
    shown = current_snapshot(own)
    monkeypatch.setattr(snapshots, "current", lambda: shown)  # the page as it was made before the publication
    page = show("rates", own)
    newer = publish_again(own)
    page.run()
    assert "点此刷新" in buttons(page)
    monkeypatch.setattr(snapshots, "current", lambda: newer)
    next(button for button in page.button if button.label == "点此刷新").click().run()
    assert not page.exception
    assert "点此刷新" not in buttons(page)


def test_only_another_pointer_counts_as_newer(own, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    shown = current_snapshot(own)
    assert snapshots.is_in_force(shown)
    assert not snapshots.is_in_force(Snapshot("20200101T000000-01", shown.path))
    (own.published / "current").unlink()
    assert snapshots.is_in_force(shown), "nothing better can be offered"


@pytest.mark.parametrize("view", ["rates", "overview", "orders"])
def test_a_broken_snapshot_is_explained(show, own, view):
    path = current_snapshot(own).path
    path.write_bytes(path.read_bytes()[:9000])
    page = show(view, own)
    assert page.title[0].value == "暂时无法显示数据"
    assert "hotline run" in told(page)
    assert "重新检查" in buttons(page)


def test_a_snapshot_of_another_version_is_explained(show, own):
    with duckdb.connect(str(current_snapshot(own).path)) as connection:
        connection.execute("update run.parameters set text_value = '999' where parameter_name = 'version'")
    page = show("rates", own)
    assert "版本 999" in told(page)
    assert "hotline publish" in told(page)


def test_a_repaired_snapshot_shows_again_without_restart(show, own):
    path = current_snapshot(own).path
    whole = path.read_bytes()
    path.write_bytes(whole[:9000])
    page = show("rates", own)
    path.write_bytes(whole)
    next(button for button in page.button if button.label == "重新检查").click().run()
    assert not page.exception
    assert page.title[0].value == "三率"


def test_damage_found_while_reading_is_told_and_a_mistake_of_ours_is_not(own):
    snapshot = current_snapshot(own)
    with duckdb.connect(str(snapshot.path)) as connection:
        connection.execute("checkpoint")
    content = bytearray(snapshot.path.read_bytes())
    for place in range(len(content) // 4, len(content), 4096):
        content[place + 2000 : place + 2032] = bytes(32)
    snapshot.path.write_bytes(content)
    with pytest.raises(WarehouseError, match="损坏"):
        Reader(own, snapshot)._query("select * from staging.orders")


def test_a_query_that_is_wrong_stays_a_fault_of_the_program(published):
    reader = Reader(published, current_snapshot(published))
    with pytest.raises(duckdb.BinderException):
        reader._query("select no_such_column from staging.orders")
    reader.close()


def test_the_import_page_opens_where_the_data_cannot_be_read(own, monkeypatch):
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415

    path = current_snapshot(own).path
    path.write_bytes(path.read_bytes()[:9000])
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    st.cache_resource.clear()
    script = """
from hotline12345.dashboard import app
from hotline12345.dashboard.access import ANALYST
app.show_imports(ANALYST)
"""
    page = AppTest.from_string(script, default_timeout=20).run()
    assert not page.exception
    titles = [title.value for title in page.title]
    assert "暂时无法显示数据" in titles
    assert "数据导入" in titles
