"""总览 and the new parts of 诉求分类 by AppTest: what leaders see first, and what is not said where nothing is fair to compare."""

import pytest
from made_snapshot import FREEZES, publish_orders, storage_at
from page_words import words

from hotline12345.sql.records.store import opened_records
from hotline12345.sql.records.targets import StatedTarget, set_target
from hotline12345.sql.storage import Storage

LEADER = ("区领导", ())
FROZEN = "example-10-50-40,2026-03,2026-03-28 18:00:00,回访截止,测试\n"


@pytest.fixture(scope="module")
def settled(tmp_path_factory) -> Storage:
    """The orders with two final periods, so that rates may be compared, and a target for each town."""
    storage = storage_at(tmp_path_factory.mktemp("settled"))
    (storage.config / "freezes.csv").write_text(FREEZES + FROZEN, encoding="utf-8")
    publish_orders(storage)
    with opened_records(storage) as records:
        set_target(records, "分析员", StatedTarget("resolution_rate", 0.99, "", "", ""))
    return storage


def metrics(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_a_leader_sees_volume_rates_targets_quality_moves_and_age(show, settled):
    page = show("overview", settled, whose=LEADER)
    said = words(page)
    assert metrics(page)["受理量（全口径）"] == "193 件"
    assert "数据截至 2026-03-29 12:00（" in said
    assert "2 行待更正未计入" in said
    assert "目标 99.0%，相差 -" in said
    assert "2 个单位中 0 个达到" in said
    assert "合计：" in said
    assert "重复反映 " in said
    assert "成绩变化最大的单位（环比）" in said
    assert "本系统测算，以正式通报为准" in said


def test_the_moves_carry_their_reason_with_fractions(show, settled):
    page = show("overview", settled, whose=LEADER)
    table = next(each.body for each in page.html if "主要原因" in each.body)
    assert "→" in table
    assert "/" in table
    assert "波动内" in table or "明显" in table


def test_the_whole_reason_is_told_on_demand(show, settled):
    page = show("overview", settled, whose=LEADER)
    assert not page.code, "nothing is counted again before somebody asks"
    page.selectbox(key="overview_why").select_index(0).run()
    assert not page.exception
    assert "一般波动" in page.code[0].value
    assert "看工单" not in words(page), "a leader opens no orders"


def test_where_rates_cannot_be_compared_only_volumes_are(show, published):
    page = show("overview", published, whose=LEADER)
    said = words(page)
    assert "解决率还不可比，只比诉求量" in said
    assert "诉求量变化最大的街乡镇" in said
    assert "成绩变化最大的单位" not in said
    assert "十四五”期末目标（已到期） 85.0%，仅供参照" in said


def test_the_first_period_has_nothing_to_be_compared_with(show, published):
    said = words(show("overview", published, whose=LEADER, period="2026年2月"))
    assert "没有可比的一期" in said
    assert "最多的分类" in said


def test_topics_have_a_treemap_and_a_calendar_that_needs_a_year(show, published):
    said = words(show("topics", published, whose=LEADER))
    assert "各类占多大" in said
    assert "完整的月份只有 1 个，不足一年，看不出季节" in said
