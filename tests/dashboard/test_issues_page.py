"""每月一题 by AppTest: candidates and their evidence, narrowing, comparing, deciding, plan, year list, edits, following."""

import shutil
from contextlib import closing
from datetime import date

import polars as pl
import pytest
from made_board import CUTOFF, ESTATE, FEES, HEATING, LAMPS, OLD, THEMES, publish_board
from made_recurrences import Recurrences, recurrences_of_board
from made_snapshot import storage_at
from page_words import words
from streamlit.testing.v1 import AppTest

from hotline12345.sql.issue_board_reads import BoardChoice
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import board_events, issue_events
from hotline12345.sql.records.board_events import Decision, PlanItem
from hotline12345.sql.records.store import open_records
from hotline12345.sql.row_access import RowAccess
from hotline12345.sql.storage import Storage

MAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Storage:
    storage = storage_at(tmp_path_factory.mktemp("board"))
    publish_board(storage)
    return storage


@pytest.fixture
def site(made, tmp_path) -> Storage:
    shutil.copytree(made.data, tmp_path / "data")
    return Storage(tmp_path / "data", tmp_path / "data" / "config")


@pytest.fixture
def reader(made) -> Reader:
    opened = Reader(made, current_snapshot(made))
    yield opened
    opened.close()


def noted(site: Storage, read) -> list:
    with closing(open_records(site)) as records:
        return read(records)


def listed(page: AppTest, column: str) -> list[object]:
    return page.dataframe[0].value[column].to_list()


def keyed(elements, start: str):
    """The one widget whose key begins so."""
    (found,) = [element for element in elements if str(element.key).startswith(start)]
    return found


# what the page reads
def test_candidates_count_inside_the_choice(reader):
    every = reader.board_candidates(BoardChoice(MAY)).filter(pl.col("issue_id") == HEATING).row(0, named=True)
    counted = reader.board_volumes(BoardChoice(MAY), [HEATING, FEES])
    assert counted["issue_id"].to_list() == sorted([HEATING, FEES])
    volumes = counted.filter(pl.col("issue_id") == HEATING).row(0, named=True)
    members = reader.issue_members(HEATING)
    year = members.filter(pl.col("created_month") > date(2025, 5, 1))
    assert every["board_order_count"] == year.height
    assert volumes["board_people_count"] == year["caller_key"].n_unique()
    assert len(volumes["monthly_counts"]) == 24
    assert sum(volumes["monthly_counts"][12:]) == year.height
    assert volumes["monthly_counts"][-1] == members.filter(pl.col("created_month") == MAY).height
    place = reader.board_candidates(BoardChoice(MAY, place_ids=("U1", "U2")))
    assert (
        place.filter(pl.col("issue_id") == HEATING)["board_order_count"].item()
        == year["place_id"].is_in(["U1", "U2"]).sum()
    )
    own = reader.limited(RowAccess(units=("U3",))).board_candidates(BoardChoice(MAY))
    assert own.filter(pl.col("issue_id") == HEATING)["board_order_count"].item() == (year["unit_id"] == "U3").sum()
    assert set(reader.board_candidates(BoardChoice(MAY, topic_code="T2"))["issue_id"]) == {FEES}
    assert set(reader.board_candidates(BoardChoice(MAY, seven_five="住有所居"))["issue_id"]) == {FEES}
    assert reader.board_candidates(BoardChoice(date(2030, 1, 1))).is_empty()


def test_what_two_issues_share_and_where_an_old_id_leads(reader):
    shared = reader.shared_orders([HEATING, ESTATE, LAMPS])
    assert shared.select("issue_id", "other_issue_id", "order_count").rows() == [(ESTATE, HEATING, 30)]
    events = reader.issue_history([FEES])
    assert events.select("issue_id", "event").rows() == [(FEES, "出现"), (OLD, "合并")]
    assert events["issue_name"].to_list() == ["物业收费不清", "物业乱收费"]


# 本月候选
def test_the_first_screen_lists_what_can_be_chosen_and_says_why(show, made):
    page = show("issues", made)
    text = words(page)
    assert listed(page, "marked_name") == ["供暖不热", "物业收费不清", "路灯不亮"], "themes only, as ranked"
    assert listed(page, "board_state") == ["未决定"] * 3
    assert len(listed(page, "trend")[0]) == 12
    for part in ("供暖不热（共性问题）", "高频", "共性", "难点", "紧迫", "近12个月", "权重随机变动时", "建议值"):
        assert part in text
    assert "另有 7 件举报或保密工单计数但不列出" in text
    assert "电话138****1234" in text
    assert "乱收费" not in text, "a merged issue is no candidate"
    assert f"按截至 {CUTOFF:%Y-%m-%d}" in text and "全部工单（数据覆盖" in text, "the scores say what they are of"
    assert not page.multiselect[0].proto.select_all, "the browser's own words for it are English"


def test_an_issue_that_went_quiet_is_shown_up_to_the_newest_month(show, made, reader):
    last = reader.issue_months(LAMPS)["created_month"].max()
    text = words(show("issues", made, issue=LAMPS))
    assert last < MAY, "the lamps were quiet in the last month of the data"
    assert '>26-05</th><th class="num">合计</th>' in text


def test_nothing_dismissed_is_said_in_its_own_words(show, made):
    assert "没有被定为“不作为问题”的问题" in words(show("issues", made, issue_kind="不作为问题"))


def test_the_share_stands_with_what_it_is_of(show, made, reader):
    total = reader.board_total(BoardChoice(MAY))
    count = reader.board_candidates(BoardChoice(MAY)).filter(pl.col("issue_id") == HEATING)["board_order_count"].item()
    said = f"12 个月的件数占同期同地全部诉求 {100 * count / total:.1f}%（{count}/{total}）"
    assert said in words(show("issues", made, issue=HEATING))


def test_narrowing_is_in_the_address_and_counts_anew(show, made):
    page = show("issues", made, issue_topic="住房")
    assert listed(page, "marked_name") == ["物业收费不清"]
    place = show("issues", made, issue_place="东河街道", issue_kind="全部", issue_month="2026年4月")
    assert "和平里小区：供暖不热" in listed(place, "marked_name")
    assert "截至2026年4月的 12 个月" in words(place)
    assert sum(listed(place, "board_order_count")) < sum(
        listed(show("issues", made, issue_kind="全部"), "board_order_count")
    )


@pytest.mark.parametrize(
    ("wanted", "shown"), [(ESTATE, "和平里小区：供暖不热（点位事件）"), (OLD, "物业收费不清（共性问题）")]
)
def test_a_link_opens_its_issue_and_that_of_a_merged_one_the_living(show, made, wanted, shown):
    page = show("issues", made, issue=wanted)
    assert shown in words(page)
    if wanted == OLD:
        assert page.query_params["issue"] == FEES


def test_a_link_opens_an_issue_that_the_list_leaves_out(show, made):
    page = show("issues", made, issue=ESTATE, issue_kind="共性问题")
    assert "和平里小区：供暖不热（点位事件）" in words(page)
    assert "和平里小区：供暖不热" not in listed(page, "marked_name")
    gone = show("issues", made, issue="T999999999999")
    assert "供暖不热（共性问题）" in words(gone), "an id that never was opens the first"


def test_another_kind_stays_chosen_when_an_issue_of_it_is_open(show, made):
    page = show("issues", made)
    page.segmented_control(key="issue_kind").set_value("全部").run()
    assert page.dataframe[0].value.shape[0] == 4
    page.run()
    assert page.dataframe[0].value.shape[0] == 4


def test_a_count_opens_its_orders(show, made, reader):
    page = show("issues", made, issue=HEATING)
    (pills,) = [each for each in page.button_group if str(each.key).startswith("issue_part_")]
    solved = reader.issue_members(HEATING)["is_resolved"]
    assert f"未解决 {(~solved.drop_nulls()).sum()} 件" in pills.options
    pills.set_value("unresolved").run()
    assert not page.exception
    assert "供暖不热　未解决" in words(page)
    assert page.dataframe[0].value.shape[0] == (~solved.drop_nulls()).sum()


def test_examples_and_splits_never_show_a_confidential_order(show, made, reader):
    secret = set(reader.issue_members(HEATING).filter("is_need_to_know")["order_id"])
    assert len(secret) == 7
    page = show("issues", made, issue=HEATING)
    keyed(page.segmented_control, f"edit_{HEATING}").set_value("split").run()
    offered = page.dataframe[-1].value
    assert offered.shape[0] == THEMES[HEATING][1] - 7
    assert not secret & set(offered["order_id"])
    assert "第0次" not in words(page), "order 0 is confidential"


def test_practice_names_units_of_similar_volume(show, made):
    text = words(show("issues", made, issue=HEATING))
    assert "诉求量相近的 3 个单位中" in text
    assert "本系统测算，以正式通报为准" in text


# 调整
def test_a_new_name_shows_at_once_and_can_be_taken_back(show, site):
    page = show("issues", site, issue=HEATING)
    keyed(page.text_input, f"edit_name_{HEATING}").set_value("冬季室温不达标")
    keyed(page.button, f"edit_save_{HEATING}").click().run()
    assert "理由没有填写" in page.error[0].value
    keyed(page.text_input, f"edit_reason_{HEATING}").set_value("更准确")
    keyed(page.button, f"edit_save_{HEATING}").click().run()
    assert not page.exception
    assert "冬季室温不达标" in listed(page, "marked_name")
    (edit,) = noted(site, issue_events.edits_in_force)
    assert (edit.action, edit.edited_name, edit.reason, edit.who) == ("rename", "冬季室温不达标", "更准确", "分析员")
    keyed(page.button, "edit_undo_").click().run()
    assert "供暖不热" in listed(page, "marked_name")
    assert noted(site, issue_events.edits_in_force) == []


def test_a_merge_is_noted_and_waits_for_a_refresh(show, site):
    page = show("issues", site, issue=LAMPS)
    keyed(page.segmented_control, f"edit_{LAMPS}").set_value("merge").run()
    into = keyed(page.selectbox, f"edit_into_{LAMPS}")
    assert set(into.options) == {"供暖不热", "物业收费不清"}, "of the same kind, and neither merged nor itself"
    into.set_value(FEES)
    blocks = len(page.main.children)
    keyed(page.text_input, f"edit_reason_{LAMPS}").set_value("同一件事")
    keyed(page.button, f"edit_save_{LAMPS}").click().run()
    assert "有 1 项合并或拆分已记录，数字在下次刷新" in words(page)
    assert len(page.main.children) == blocks, "what stands below keeps its place, or the open tab closes"
    assert [(e.action, e.issue_id, e.other_issue_id) for e in noted(site, issue_events.edits_in_force)] == [
        ("merge", LAMPS, FEES)
    ]


def test_a_split_moves_the_orders_that_were_marked(show, site):
    page = show("issues", site, issue=LAMPS)
    keyed(page.segmented_control, f"edit_{LAMPS}").set_value("split").run()
    key = page.dataframe[-1].key
    chosen = page.dataframe[-1].value["order_id"].to_list()[:2]
    page.session_state[key] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    keyed(page.text_input, f"edit_part_{LAMPS}").set_value("灯杆倾斜")
    keyed(page.text_input, f"edit_reason_{LAMPS}").set_value("不是一件事")
    keyed(page.button, f"edit_save_{LAMPS}").click().run()
    (edit,) = noted(site, issue_events.edits_in_force)
    assert (edit.action, edit.edited_name, edit.moved_ids) == ("split", "灯杆倾斜", tuple(sorted(chosen)))
    assert len(edit.kept_ids) == THEMES[LAMPS][1] - 2, "confidential orders stay in the issue"


def test_what_is_no_issue_leaves_the_list_and_comes_back(show, site):
    with closing(open_records(site)) as records:
        edit = issue_events.IssueEdit("dismiss", LAMPS, "属日常养护")
        issue_events.note_edit(records, "分析员", edit)
    assert "路灯不亮" not in listed(show("issues", site), "marked_name")
    page = show("issues", site, issue_kind="不作为问题")
    assert listed(page, "marked_name") == ["路灯不亮"]
    keyed(page.segmented_control, f"edit_{LAMPS}").set_value("restore").run()
    keyed(page.text_input, f"edit_reason_{LAMPS}").set_value("再看")
    keyed(page.button, f"edit_save_{LAMPS}").click().run()
    assert "路灯不亮" in listed(show("issues", site), "marked_name")


# 比较
def test_two_issues_side_by_side(show, made):
    page = show("issues", made, board="比较", beside=f"{HEATING},{OLD}")
    text = words(page)
    assert page.multiselect[0].value == [HEATING, FEES], "the merged one stands for the living"
    for part in (
        "名次",
        "总分",
        "入围稳定度",
        "本系统测算",
        "未解决占比",
        "解决后再次反映率",
        "“供暖不热”排在“物业收费不清”前",
        "去决定：供暖不热",
    ):
        assert part in text
    assert "选两到三个问题" in words(show("issues", made, board="比较", beside=HEATING))


# 决定与跟踪
def decide(page: AppTest, issue_id: str, reason: str, month: str | None = None) -> AppTest:
    if month:
        keyed(page.selectbox, f"decision_month_{issue_id}").set_value(month)
    keyed(page.text_area, f"decision_reason_{issue_id}").set_value(reason)
    keyed(page.button, f"decision_save_{issue_id}").click().run()
    assert not page.exception
    return page


def test_a_decision_needs_its_reason_and_month_and_is_kept(show, site):
    page = show("issues", site, board="决定与跟踪", issue=HEATING)
    assert "建议牵头单位（待会议确定）" in [box.label for box in page.selectbox]
    assert "理由没有填写" in decide(page, HEATING, " ").error[0].value
    assert "请填写主题月" in decide(page, HEATING, "人多").error[0].value
    keyed(page.selectbox, f"decision_lead_{HEATING}").set_value("B1")
    decide(page, HEATING, "人多面广", "2025-12")
    (found,) = noted(site, board_events.decisions)
    assert (found.issue_id, found.decision, found.theme_month, found.lead_unit_id) == (HEATING, "选定", "2025-12", "B1")
    assert listed(page, "board_state") == ["选定 2025年12月"]
    chooser = keyed(page.selectbox, "issue_decided_")
    assert chooser.options[0] == "供暖不热（共性问题，选定 2025年12月）"
    assert chooser.key == f"issue_decided_{HEATING}_1", "a new one: the browser keeps showing an old one's words"
    assert listed(show("issues", site), "board_state")[0] == "选定 2025年12月"
    page.button(key="decision_withdraw").click().run()
    assert noted(site, board_events.decisions) == []
    assert "撤回了先前的决定" in words(page), "the record stays"


def test_an_event_cannot_be_chosen_by_the_shipped_settings(show, site):
    page = decide(show("issues", site, board="决定与跟踪", issue=ESTATE), ESTATE, "人多", "2025-12")
    assert "本区只从共性问题中选定，这是点位事件" in page.error[0].value
    assert noted(site, board_events.decisions) == []


def test_a_plan_is_written_and_changed_line_by_line(show, site):
    page = show("issues", site, board="决定与跟踪", issue=HEATING)
    assert "还没有列出措施" in words(page)
    keyed(page.text_input, f"plan_text_{HEATING}").set_value("完成入户排查")
    keyed(page.date_input, f"plan_due_{HEATING}").set_value(date(2026, 4, 30))
    (save,) = [button for button in page.button if button.label == "新增"]
    save.click().run()
    assert "已完成 0/1 项，逾期 1 项" in words(page), "the data end in May"
    keyed(page.selectbox, f"plan_item_{HEATING}").set_value(1).run()
    keyed(page.selectbox, f"plan_state_{HEATING}").set_value("已完成")
    (save,) = [button for button in page.button if button.label == "保存修改"]
    save.click().run()
    assert "已完成 1/1 项" in words(page)
    (item,) = noted(site, board_events.plan_items)
    assert item.state == "已完成"
    assert (item.item_text, item.kind, item.due_date) == ("完成入户排查", "任务", "2026-04-30")


def test_what_became_of_a_chosen_issue_is_shown_without_a_cause(show, site, reader):
    with closing(open_records(site)) as records:
        board_events.decide(records, "会议", Decision(OLD, "选定", "人多面广", "2026-02", "U1"))
    text = words(show("issues", site, board="决定与跟踪", issue=FEES))
    months = dict(reader.issue_members(FEES).group_by("created_month").len().iter_rows())
    after = sum(months[date(2026, month, 1)] for month in (3, 4, 5))
    before = sum(months[date(*month, 1)] for month in ((2025, 11), (2025, 12), (2026, 1)))
    assert CUTOFF.month == 5
    assert f"2026年3月至2026年5月共 {after} 件，之前同样长的 3 个月（2025年11月至2026年1月）{before} 件" in text
    assert "去年同样两段时间为" in text
    assert "不说明变化由这项决定引起" in text
    assert "选定并定了主题月的问题才能跟踪" in words(show("issues", site, board="决定与跟踪", issue=HEATING))


# 年度清单
def test_a_year_list_is_kept_by_month_with_progress(show, site):
    with closing(open_records(site)) as records:
        board_events.save_item(records, "分析员", PlanItem(FEES, "政策", "出台指引", state="已完成"))
    page = show("issues", site, board="年度清单")
    assert "2026年还没有列出主题" in words(page)
    keyed(page.text_input, "year_theme_").set_value("住得暖和明白")
    keyed(page.selectbox, "year_month_").set_value("2026-11")
    keyed(page.multiselect, "year_issues_").set_value([HEATING])
    keyed(page.button, "year_save_").click().run()
    assert "要有 2—3 个具体问题，现在选了 1 个" in page.error[0].value
    keyed(page.multiselect, "year_issues_").set_value([HEATING, FEES])
    keyed(page.button, "year_save_").click().run()
    assert not page.exception
    text = words(page)
    for part in ("2026年11月", "住得暖和明白", "供暖不热；物业收费不清", "新增", "已完成 1/1 项"):
        assert part in text
    (entry,) = noted(site, board_events.year_entries)
    assert entry.issue_ids == (HEATING, FEES)
    assert listed(show("issues", site), "board_state")[:2] == ["年度清单 2026年11月"] * 2
    assert "年度清单“住得暖和明白”" in words(show("issues", site, issue=FEES)), (
        "that it is a topic is told with its history"
    )


def test_a_district_without_a_year_list_has_none(show, site, monkeypatch):
    original = Reader.issue_settings

    def monthly(self):
        found = original(self)
        return type(found)(found.scoring, type(found.choice)(**{**vars(found.choice), "method": "month"}))

    monkeypatch.setattr(Reader, "issue_settings", monthly)
    page = show("issues", site)
    assert "年度清单" not in page.segmented_control(key="board").options


# 解决后再次反映
def test_what_was_reported_again_is_told_by_unit_and_by_topic(show, made):
    text = words(show("issues", made, board="解决后再次反映"))
    by_unit, by_topic, total = recurrences_of_board(made)
    assert f"已解决 {total.resolved} 次，其中 {total.again} 次之后又有人反映" in text
    for name, counts in by_unit.items():
        assert f">{name}</td>{cells(counts)}" in text
    assert "再次反映数到 2026-05-" in text and "本系统测算，以正式通报为准" in text and "怎样算的" in text
    page = show("issues", made, board="解决后再次反映", recurrence_by="按诉求分类")
    for name, counts in by_topic.items():
        assert f"<td>{name}</td>{cells(counts)}" in words(page)
    page.segmented_control(key="recurrence_by").set_value("按单位").run()
    assert "东河街道" in words(page) and not page.exception


def cells(counts: Recurrences) -> str:
    return f'<td class="num">{counts.resolved}</td><td class="num">{counts.again}</td>'
