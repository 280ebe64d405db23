"""Each page by AppTest: it says what it must, hides what it must, and survives what can happen."""

import re

import pytest
import streamlit as st
from made_snapshot import EVENT, ISSUE, publish_again, storage_at
from page_words import words
from streamlit.testing.v1 import AppTest

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader

VIEWS = ("overview", "rates", "topics", "issues", "health")
FORBIDDEN = ("红黑榜", "末位", "黑名单", "假性解决", "反水", "排行榜")


def rows(markup: str) -> list[list[str]]:
    """The cells of the tables in a page's markup, tags taken away."""
    found = re.findall(r"<tr.*?</tr>", markup)
    return [[re.sub(r"<.*?>", " ", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row)] for row in found]


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_says_what_it_stands_on(show, published, view):
    said = words(show(view, published))
    for part in ("模拟数据", "示例规则，各单位算术平均汇总", "2026年2月19日至3月18日", "数据截至：2026-03-29 12:00"):
        assert part in said
    assert "待回访" in said
    assert "本系统测算，以正式通报为准" in said
    assert not [word for word in FORBIDDEN if word in said]


@pytest.mark.parametrize("view", VIEWS)
def test_pages_are_quiet_where_nothing_was_published(show, tmp_path, view):
    page = show(view, storage_at(tmp_path))
    assert "hotline run" in words(page)
    assert not page.metric


def test_real_data_carries_no_banner(show, own, monkeypatch):
    assert 'class="simulated"' in words(show("overview", own))
    original = Reader.overview
    monkeypatch.setattr(Reader, "overview", lambda self: {**original(self), "is_simulated": False})
    st.cache_data.clear()
    assert 'class="simulated"' not in words(show("overview", own))


def test_overview_opens_on_the_period_with_enough_callbacks(show, published):
    page = show("overview", published)
    assert page.selectbox(key="period").value == "2026-03"
    assert page.selectbox(key="period").options == ["2026年4月", "2026年3月", "2026年2月"]
    metrics = {metric.label: metric for metric in page.metric}
    assert metrics["受理量（全口径）"].value == "193 件"
    assert metrics["受理量（全口径）"].delta == "环比 -9.0%　同比 —"
    assert metrics["街镇解决率"].delta.startswith("有效回访"), "one period is not final: no change of a rate is printed"


def test_an_unfinished_period_is_compared_over_the_same_days(show, published):
    page = show("overview", published, period="2026年4月")
    assert page.selectbox(key="period").value == "2026-04"
    said = words(page)
    assert "期内（已回访" in said
    now, before = 69, 69  # one order every 3.48 hours: 10 whole days hold as many in each period
    change = next(metric.delta for metric in page.metric if metric.label.startswith("受理量"))
    assert change == f"环比 {100 * (now - before) / before:.1f}%　同比 —"


def test_ranking_keeps_groups_apart_and_prints_units_without_callbacks(show, published):
    page = show("rates", published)
    assert [tab.label for tab in page.tabs] == ["街镇", "区直部门", "国企", "未登记单位"]
    tables = [rows(tab.html[0].body) for tab in page.tabs]
    towns = tables[0]
    assert [row[1] for row in towns[1:]] == ["东河街道", "西岭镇", "石泉镇", "汇总（各单位算术平均）"]
    empty = towns[3]
    assert empty[0] == "—"
    assert "无有效回访" in empty[-1]
    assert not any(mark in cell for cell in empty for mark in ("0.0%", "100.0%")), "no callback is never a rate"
    assert towns[1][0] == "1"
    assert re.fullmatch(r"\d+\.\d% +\d+/\d+", towns[1][5]), "a rate stands with its fraction"
    assert tables[1][1][0] == "1", "each group has a first place of its own"


def test_a_unit_opens_with_its_history_and_its_lost_points_first(show, published):
    page = show("rates", published)
    page.selectbox(key="unit").set_value("U2").run()
    assert not page.exception
    said = words(page)
    assert "街镇第 2 位，共 2 个" in said
    assert "各考核周期三率" in said
    orders = page.dataframe[0].value
    assert orders["lost_score"].is_monotonic_decreasing
    assert (orders["lost_score"] > 0).all()
    assert set(orders["why"]) <= {"未解决、不满意", "基本满意", "未联系", "未联系、基本满意", "未联系、未解决、不满意"}
    page.segmented_control(key="ledger_filter").set_value("不计入").run()
    reasons = set(page.dataframe[0].value["why"])
    assert {"已剔除", "挂账，暂不计分", "回访无效（未取得有效答复）"} & reasons
    assert not {"等待回访", "未失分", "未解决、不满意"} & reasons


def test_units_that_are_not_ranked_say_so(show, published):
    table = rows(show("rates", published).tabs[3].html[0].body)
    assert [row[:2] for row in table[1:]] == [["—", "大河水务站"]], "no rank and no summary line"
    assert "未登记，不排位次" in words(show("rates", published, unit="大河水务站"))
    said = words(show("rates", published, unit="石泉镇"))
    assert "综合成绩 无有效回访 不排位次" in said


def test_unit_and_period_come_from_the_url(show, published):
    page = show("rates", published, unit="东河街道", period="2026年2月")
    assert page.selectbox(key="unit").value == "U1"
    assert page.selectbox(key="period").value == "2026-02"
    assert "终（回访截止" in words(page)


def test_nonsense_in_the_url_changes_nothing(show, published):
    page = show("rates", published, unit="' or 1=1 --", period="1999年1月")
    assert page.selectbox(key="unit").value is None
    assert page.selectbox(key="period").value == "2026-03"


def test_the_order_list_can_be_searched(show, published):
    page = show("rates", published, unit="东河街道")
    page.segmented_control(key="ledger_filter").set_value("全部").run()
    every = page.dataframe[0].value
    page.text_input(key="ledger_words").set_value("D0232").run()
    assert page.dataframe[0].value["order_id"].tolist() == ["D0232"]
    page.text_input(key="ledger_words").set_value("没有这样的词").run()
    assert not page.dataframe
    assert "没有符合筛选的工单" in words(page)
    assert len(every) > 10


def test_an_order_tells_its_story(show, published):
    page = show("rates", published, {"order_id": "D0242"})
    said = words(page)
    assert "工单 D0242" in said
    assert "138****1234" in said
    assert "怎样计入三率" in said
    assert "首次出现" in said
    page.button[0].click().run()
    assert "工单 D0242" not in words(page)


def test_an_order_outside_the_rates_says_why(show, published):
    assert "不进三率的分母：已剔除" in words(show("rates", published, {"order_id": "D0210"}))


@pytest.mark.parametrize("order_id", ["D0032", "D0037"])
def test_texts_of_restricted_orders_are_not_shown(show, published, order_id):
    said = words(show("rates", published, {"order_id": order_id}))
    assert "保密，须知人员可查看" in said
    assert "暖气不热" not in said


def test_lists_hide_titles_of_restricted_orders(show, published):
    page = show("rates", published, unit="东河街道", period="2026年2月")
    page.segmented_control(key="ledger_filter").set_value("全部").run()
    orders = page.dataframe[0].value.set_index("order_id")
    assert orders.loc["D0032", "title"] == "保密，须知人员可查看"
    assert orders.loc["D0034", "title"] == "反映第34号供暖问题"


def test_an_order_that_does_not_exist(show, published):
    assert "没有这张工单" in words(show("rates", published, {"order_id": "D77777"}))


def test_topics_say_whose_label_counts(show, published):
    page = show("topics", published)
    everything = words(page)
    assert "480 件" in everything
    assert "人工标注 75.0%" in everything
    page.segmented_control(key="topic_source").set_value("模型").run()
    assert "480 件" not in words(page)
    assert "模型判断 100.0%" in words(page)
    page.segmented_control(key="topic_source").set_value("未归类").run()
    assert not page.exception


def test_topics_of_one_unit_and_one_month(show, published):
    page = show("topics", published, unit="示例热力公司")
    page.segmented_control(key="topic_span").set_value("最近 1 个月").run()
    assert not page.exception
    assert "2026年3月至" in words(page)


def test_issues_show_their_evidence(show, published):
    said = words(show("issues", published))
    for part in (
        "供暖不热",
        "诉求人数",
        "解决后再次反映",
        "未解决占比",
        "25.0%",
        "建议牵头单位（待会议确定）",
        "典型工单",
    ):
        assert part in said
    assert "人数分 70.0" in said
    assert "其中的点位事件" not in said, "expander labels are no part of the text"
    assert "和平里小区：供暖不热" in said, "a theme lists its events"


def test_issues_of_one_place(show, published):
    page = show("issues", published)
    page.segmented_control(key="issue_kind").set_value("点位事件").run()
    said = words(page)
    assert not page.exception
    assert "属于共性问题：1. 供暖不热" in said
    assert page.dataframe[0].value["issue_name"].tolist() == ["和平里小区：供暖不热"]


def test_examples_leave_restricted_orders_out(published):
    reader = Reader(published, current_snapshot(published))
    for issue in (ISSUE, EVENT):
        orders = reader.issue_orders(issue, 1000)
        assert orders.height
        assert not set(orders["order_id"]) & {f"D{n:04d}" for n in range(480) if n % 37 == 0 or n % 31 == 1}


def test_health_accounts_for_every_row(show, published):
    page = show("health", published)
    said = words(page)
    for part in ("隔离的行", "无法识别该时间", "创建时间", "大河水务站", "网格编号、备注"):
        assert part in said
    assert next(metric.value for metric in page.metric if metric.label == "隔离") == "2 行"


def test_without_callbacks_there_are_volumes_and_the_reason(show, without_callback):
    page = show("rates", without_callback)
    said = words(page)
    assert "没有“是否有效回访”列" in said
    assert "各街乡镇诉求量" in said
    assert "综合成绩" not in said
    assert "不能计算三率" in words(show("overview", without_callback))
    assert "不计算三率" in words(show("health", without_callback))


def test_a_new_snapshot_shows_without_restart(show, own):
    page = show("health", own)
    assert page.metric[0].value == "480 件"
    publish_again(own)
    page.run()
    assert not page.exception
    assert page.metric[0].value == "481 件"


def test_a_vanished_snapshot_is_said_plainly(show, own):
    page = show("health", own)
    for path in own.published.glob("*.duckdb"):
        path.unlink()
    page.run()
    assert not page.exception
    assert "hotline run" in words(page)


def test_the_app_opens_on_the_overview(root, published, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(published.data))
    page = AppTest.from_file(str(root / "dashboard" / "app.py"), default_timeout=20).run()
    assert not page.exception
    assert page.title[0].value == "总览"
