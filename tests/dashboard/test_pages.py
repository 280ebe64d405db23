"""Each page by AppTest: it says what it must, hides what it must, and survives what can happen."""

import re
from urllib.parse import unquote

import pytest
import streamlit as st
from made_snapshot import EVENT, ISSUE, publish_again, storage_at
from page_words import words
from streamlit.testing.v1 import AppTest

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader

VIEWS = (
    *("overview", "mine", "rates", "unit", "orders", "targets", "reconcile", "rules"),
    *("topics", "communities", "review", "model", "issues", "health"),
)
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
    st.cache_resource.clear()
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
    assert [row[0] for row in towns[2:]] == [
        "东河街道", "西岭镇", "不排位次：没有有效回访、有效回访不足，或未登记", "石泉镇", "汇总（各单位算术平均）",
    ]  # fmt: skip
    empty = towns[5]
    assert empty[1] == "不排位次"
    assert "无有效回访" in empty[3:7]
    assert not any(mark in cell for cell in empty for mark in ("0.0%", "100.0%")), "no callback is never a rate"
    assert towns[2][1] == "第 1（1–2）"
    assert re.search(r"^\d+\.\d% +\d+/\d+", towns[2][4]), "a rate stands with its fraction"
    assert tables[1][2][1].startswith("第 1"), "each group has a first place of its own"


def test_ranking_opens_units_by_links_that_keep_rule_and_period(show, published):
    markup = show("rates", published).tabs[0].html[0].body
    links = [unquote(link) for link in re.findall(r'href="(.*?)"', markup)]
    assert links[0].startswith("unit?rule=示例规则")
    assert links[0].replace("&amp;", "&").endswith("&period=2026年3月&unit=东河街道")


def test_ranking_in_both_countings_and_compared(show, published):
    page = show("rates", published)
    page.segmented_control(key="rates_kind").set_value("全口径（含剔除、挂账）").run()
    heads = rows(page.tabs[0].html[0].body)[0]
    assert [head for head in heads if "率" in head] == ["响应率（全口径）", "解决率（全口径）", "满意率（全口径）"]
    assert "综合成绩（全口径）" in heads
    page.segmented_control(key="rates_kind").set_value("与上期、去年同期相比").run()
    assert not page.exception
    assert "环比没有可比的一期" in words(page)
    assert "—" in rows(page.tabs[0].html[0].body)[1]


def test_ranking_filters_units_and_says_so(show, published):
    page = show("rates", published)
    page.selectbox(key="rates_terrain").set_value("浅山").run()
    said = words(page)
    assert "已筛选：浅山，列出 1 个单位" in said
    assert [row[0] for row in rows(page.tabs[0].html[0].body)[2:]] == ["西岭镇"], "no summary line of a part"


def test_a_unit_opens_with_its_lost_points(show, published):
    page = show("unit", published, unit="西岭镇")
    said = words(page)
    assert "街镇第 2（1–2），共 2 个" in said
    assert all(cell in said for cell in ("双是", "双否", "解决不满意", "未解决满意"))
    orders = page.dataframe[0].value
    assert orders["lost_score"].is_monotonic_decreasing
    assert (orders["lost_score"] > 0).all()
    assert set(orders["why"]) <= {"未解决、不满意", "基本满意", "未联系", "未联系、基本满意", "未联系、未解决、不满意"}


@pytest.mark.parametrize(
    ("section", "part"),
    [
        ("为什么变了", "可以复制的一段话"),
        ("差距", "街镇的前一位"),
        ("测算", "待回访的工单"),
        ("走势", "各考核周期三率"),
        ("时限与诉求比", "万人诉求比"),
    ],
)
def test_every_section_of_a_unit(show, published, section, part):
    said = words(show("unit", published, unit="西岭镇", section=section))
    assert part in said
    assert not [word for word in FORBIDDEN if word in said]


def test_the_button_beside_a_rate_asks_why_it_changed(show, published):
    page = show("unit", published, unit="西岭镇")
    page.button(key="why_resolution").click().run()
    assert not page.exception
    assert page.selectbox(key="bridge_figure").value == "resolution"
    page.selectbox(key="bridge_against").set_value("other").run()
    paragraph = page.code[0].value
    assert paragraph.startswith("西岭镇解决率：2026年2月期")
    assert "一般波动" in paragraph
    next(button for button in page.button if button.label == "看工单").click().run()
    assert "西岭镇解决率为什么变了" in page.title[0].value
    assert page.dataframe[0].value["remark"].str.contains("个百分点").all()
    page.button[0].click().run()
    assert page.title[0].value == "单位"


def test_a_what_if_shows_the_share_set_aside_and_proposes_nothing(show, published):
    page = show("unit", published, unit="西岭镇", section="测算", period="2026年4月")
    page.number_input(key="open_U2_2").set_value(3).run()
    assert not page.exception
    table = {row[0]: row[1:] for row in rows(next(each.body for each in page.html if "假定 3 件之后" in each.body))}
    assert table["解决率"][0] != table["解决率"][1]
    assert "剔除+挂账占受理" in table
    assert "建议申请" not in words(page)


def test_units_that_are_not_ranked_say_so(show, published):
    table = rows(show("rates", published).tabs[3].html[0].body)
    assert [row[:2] for row in table[1:]] == [["大河水务站", "不排位次"]], "no rank and no summary line"
    assert "不排位次" in words(show("unit", published, unit="大河水务站"))
    said = words(show("unit", published, unit="石泉镇"))
    assert "综合成绩 无有效回访 不排位次" in said


def test_rule_unit_and_period_come_from_the_url(show, published):
    page = show("unit", published, unit="东河街道", period="2026年2月")
    assert page.selectbox(key="unit").value == "U1"
    assert page.selectbox(key="period").value == "2026-02"
    assert page.selectbox(key="rule").value == "example-10-50-40"
    assert "终（回访截止" in words(page)


def test_nonsense_in_the_url_changes_nothing(show, published):
    page = show("unit", published, unit="' or 1=1 --", period="1999年1月", rule="<script>")
    assert page.selectbox(key="unit").value is None
    assert page.selectbox(key="period").value == "2026-03"
    assert "请在上面选一个单位" in words(page)


def test_the_orders_behind_a_figure_carry_its_definition(show, published):
    page = show("orders", published, unit="东河街道", figure="剔除")
    assert set(page.dataframe[0].value["why"]) == {"已剔除"}
    said = words(page)
    assert f"剔除：{len(page.dataframe[0].value)} 件" in said
    assert "第八条 剔除：" in said
    page.selectbox(key="figure").set_value("received").run()
    every = page.dataframe[0].value
    page.text_input(key="orders_words").set_value("D0232").run()
    assert page.dataframe[0].value["order_id"].tolist() == ["D0232"]
    page.text_input(key="orders_words").set_value("没有这样的词").run()
    assert not page.dataframe
    assert "没有符合条件的工单" in words(page)
    assert len(every) > 10


def test_the_orders_of_all_units_add_up_to_the_period(show, published):
    page = show("orders", published)
    assert len(page.dataframe[0].value) == 193
    page.selectbox(key="orders_reason").set_value("r:excluded").run()
    assert set(page.dataframe[0].value["why"]) == {"已剔除"}


def test_an_order_tells_its_story(show, published):
    page = show("orders", published, {"order_id": "D0242"})
    said = words(page)
    assert "工单 D0242" in said
    assert "138****1234" in said
    assert "怎样计入三率" in said
    assert "首次出现" in said
    page.button[0].click().run()
    assert "工单 D0242" not in words(page)


def test_an_order_outside_the_rates_says_why(show, published):
    assert "不进三率的分母：已剔除" in words(show("orders", published, {"order_id": "D0210"}))


@pytest.mark.parametrize("order_id", ["D0032", "D0037"])
def test_texts_of_restricted_orders_are_not_shown(show, published, order_id):
    said = words(show("orders", published, {"order_id": order_id}))
    assert "保密，须知人员可查看" in said
    assert "暖气不热" not in said


def test_lists_hide_titles_of_restricted_orders(show, published):
    page = show("orders", published, unit="东河街道", period="2026年2月")
    orders = page.dataframe[0].value.set_index("order_id")
    assert orders.loc["D0032", "title"] == "保密，须知人员可查看"
    assert orders.loc["D0034", "title"] == "反映第34号供暖问题"


def test_an_order_that_does_not_exist(show, published):
    assert "没有这张工单" in words(show("orders", published, {"order_id": "D77777"}))


def test_a_target_is_entered_seen_and_withdrawn(show, own):
    page = show("targets", own)
    assert "已到期" in words(page)
    assert "未达到" not in words(page), "an expired target is no failure"
    page.number_input[0].set_value(95.0)
    page.button[-1].click().run()
    assert not page.exception
    page.selectbox(key="target").set_value(page.selectbox(key="target").options[1]).run()
    said = words(page)
    assert "录入目标" in said
    assert "分析员" in said
    page.selectbox(key="withdraw_target").select_index(0).run()
    page.button[0].click().run()
    assert "分析员" not in words(page)


def test_rules_in_sentences_compared_and_not_in_force(show, published):
    page = show("rules", published)
    said = words(page)
    assert "第十七条 地位与出处" in said
    assert "条不同" in said
    assert "分母是有效回访，不是受理量" in said, "the definitions can be read offline"
    assert [each.label for each in page.expander if "（未启用）" in each.label]


def test_reconcile_says_how_where_nothing_is_loaded(show, published):
    said = words(show("reconcile", published))
    assert "hotline reconcile" in said
    assert "还没有导入过通报" in said


def test_topics_say_whose_label_counts(show, published):
    page = show("topics", published)
    everything = words(page)
    assert "480 件" in everything
    assert "人工标注 75.0%" in everything
    assert "其余按导入文件自带的人工标注，没有标注的按模型判断" in everything
    page.segmented_control(key="topic_basis").set_value("模型").run()
    assert "480 件" in words(page), "each basis counts every order once"
    assert "人工标注" not in words(page).partition("按什么计：")[0]
    assert "全部按模型判断，不看人工标注和复核" in words(page)
    page.segmented_control(key="topic_basis").set_value("人工").run()
    assert not page.exception
    assert "人工标注 75.0%，未归类 25.0%" in words(page)


def test_topics_go_down_to_the_lower_levels(show, published):
    page = show("topics", published)
    page.selectbox(key="topic_within").set_value("T1").run()
    assert "120 件" in words(page), "the orders of 公共服务 alone"
    assert page.segmented_control(key="topic_level_in").value == "二级"
    page.segmented_control(key="topic_level_in").set_value("三级").run()
    assert not page.exception
    assert "120 件" in words(page)


def test_topics_of_one_unit_and_one_month(show, published):
    page = show("topics", published, unit="示例热力公司")
    page.segmented_control(key="topic_span").set_value("最近 1 个月").run()
    assert not page.exception
    assert "2026年3月至" in words(page)


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
