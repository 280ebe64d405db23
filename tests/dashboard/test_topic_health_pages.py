"""紧急敏感 and 模型健康 on their pages: what is shown, what is hidden, and that orders open."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from made_snapshot import refresh
from page_words import words

from hotline12345.dashboard import topic_alarms
from hotline12345.flows.topic_flags import flag_texts
from hotline12345.flows.topic_proposing import propose_categories
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

AGAIN = datetime(2026, 3, 29, 15)


@pytest.fixture
def flagged(own: Storage) -> Storage:
    """The published folder with flags of every text, one in ten of them certain, and what fits no category proposed."""
    connection = open_warehouse(own)
    flag_texts(connection, own)
    connection.execute(
        """
        update landed.text_flags set certain_kinds = ''
        where text_hash not in (select text_hash from staging.orders where order_id like '%4')
        """
    )
    propose_categories(connection, own)
    refresh(connection, own, AGAIN)
    return own


def test_without_flags_the_section_says_so(show, published):
    assert "这段时间没有标记为紧急敏感的工单" in words(show("topics", published))


def test_urgent_orders_are_counted_and_listed(show, flagged):
    page = show("topics", flagged)
    reader = Reader(flagged, current_snapshot(flagged))
    totals = reader.urgent_totals(reader.overview()["last_at"] - timedelta(days=30))
    reader.close()
    certain, possible = totals["certain"], totals["possible"]
    assert certain > 15 and possible > 150
    assert f"标记明确 {certain} 件（未办结 0 件）、可能 {possible} 件（未办结 0 件）" in words(page)
    assert "会有漏标" in "".join(header.help or "" for header in page.subheader)
    listed = page.dataframe[0].value
    assert len(listed) == 200
    grades = ["明确：供暖停"] * certain + ["可能：供暖停"] * (200 - certain)
    assert listed["remark"].to_list() == grades, "the certain ones first"
    assert listed["created_at"][:certain].is_monotonic_decreasing, "none is open here, so the newest come first"
    titles = dict(zip(listed["order_id"], listed["title"], strict=True))
    assert titles["D0444"] == "保密，须知人员可查看", "a confidential order"
    assert titles["D0443"] == "反映第443号供暖问题"


def test_urgent_orders_by_grade_and_kind(show, flagged):
    page = show("topics", flagged)
    grade = [each for each in page.get("button_group") if each.proto.label == "程度"]
    assert [option.content.split()[0] for option in grade[0].proto.options] == ["全部", "明确", "可能"]
    listed = show("topics", flagged, state={"urgent_grade": "明确"}).dataframe[0].value
    assert set(listed["remark"]) == {"明确：供暖停"}
    assert all(order_id.endswith("4") for order_id in listed["order_id"])
    listed = show("topics", flagged, state={"urgent_grade": "可能", "urgent_kind": "供暖停"}).dataframe[0].value
    assert set(listed["remark"]) == {"可能：供暖停"}


def test_an_order_says_that_it_is_urgent(show, flagged):
    (note,) = show("topics", flagged, state={"order_id": "D0003"}).warning
    assert note.value.startswith("紧急敏感，可能：供暖停。")
    (note,) = show("topics", flagged, state={"order_id": "D0004"}).warning
    assert note.value.startswith("紧急敏感，明确：供暖停。")


def test_an_order_without_a_flag_says_nothing(show, published):
    assert not show("topics", published, state={"order_id": "D0003"}).warning


def test_health_shows_months_and_proposals(show, flagged):
    page = show("model", flagged)
    said = words(page)
    assert "平均把握" in said and "81.0%" in said
    assert [each.value for each in page.success if each.value.startswith("没有提醒")]
    assert page.selectbox(key="proposal").value.startswith("N")
    assert "关键词" in said
    page.button(key="proposal_hand_over").click().run()
    assert not page.exception
    assert "转每月一题候选" in words(page)


def test_an_alarm_stands_with_its_reason(show, flagged, monkeypatch):
    monkeypatch.setattr(topic_alarms, "Thresholds", partial(topic_alarms.Thresholds, min_orders=10))
    (alarm,) = show("model", flagged).warning
    assert alarm.value.startswith("**类别构成变化**　全部类别，2026年3月：")
    assert "→ 100.0%" in alarm.value


def test_health_without_answers_of_a_model(show, published, monkeypatch):
    original = Reader.topic_health
    monkeypatch.setattr(Reader, "topic_health", lambda self: original(self).clear())
    assert "还没有模型分类的结果" in words(show("model", published))
