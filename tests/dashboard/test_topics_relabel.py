"""诉求分类 after the catalogue changed: the orders to relabel are listed, open, and hide what must be hidden."""

from datetime import datetime

import pytest
from made_catalogue import BOTH, NEW, OLD, WALK, built, order, write
from page_words import words

from hotline12345.dashboard import components
from hotline12345.sql.publish import publish

ORDERS = [
    order("A-1", "2025-01-01", "公共服务", "停车"),
    {**order("A-2", "2025-01-02", "公共服务", "停车"), "is_confidential": True},
    order("A-3", "2025-01-03", "公共服务", "快递"),
    order("A-4", "2026-02-01", "供暖", "室温不达标"),
]


@pytest.fixture
def changed(tmp_path):
    storage = write(tmp_path, [*OLD, *NEW], BOTH, WALK)
    connection = built(tmp_path, ORDERS)
    publish(connection, storage, datetime(2026, 3, 1))
    connection.close()
    return storage


def test_split_and_merged_codes_are_listed_with_their_orders(show, changed):
    page = show("topics", changed)
    assert not page.exception
    assert "旧目录（示例）、新目录（示例）" in words(page)
    listed = page.dataframe[-1].value
    assert listed["topic_name"].to_list() == ["停车", "快递"]
    assert listed["crosswalk_relation"].to_list() == ["拆分", "合并"]
    assert listed["order_count"].to_list() == [2, 1]
    assert "目录调整后需要重新归类的工单" in words(page)


def test_a_click_on_a_code_lists_its_orders(show, changed, monkeypatch):
    original = components.pick_row

    def pick(frame, key, *rest, **more):
        return 0 if key.startswith("relabel_") else original(frame, key, *rest, **more)

    monkeypatch.setattr(components, "pick_row", pick)
    page = show("topics", changed)
    said = words(page)
    assert "所标的“停车”已拆分，现在可归入：机动车停车、非机动车停放" in said
    listed = page.dataframe[-1].value
    assert set(listed["order_id"]) == {"A-1", "A-2"}
    assert set(listed["remark"]) == {"可归入 M1 机动车停车、M2 非机动车停放"}
    assert "反映A-1" in listed["title"].to_list() and "反映A-2" not in listed["title"].to_list()


def test_level_two_shows_the_new_names_and_what_is_known_no_finer(show, changed):
    page = show("topics", changed)
    page.segmented_control(key="topic_level_all").set_value("二级").run()
    assert not page.exception
    page.selectbox(key="topic_within").set_value("N").run()
    assert "1 件" in words(page)


def test_without_split_or_merge_there_is_no_such_section(show, published):
    assert "目录调整后" not in words(show("topics", published))
