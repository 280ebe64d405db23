"""我的街镇 by AppTest: one screen first, sections, whose orders stand in it, and noting applications."""

import json
import shutil
from contextlib import closing

import pytest
from made_street import CALLER, OWN, TRADE, publish_street
from page_words import words

from hotline12345.dashboard.views import mine, mine_parts
from hotline12345.sql.records import appeals
from hotline12345.sql.records.appeals import DRAFTED, EXCLUSION, FILED, GRANTED, SUSPENSION, Appeal
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage

STREET, BUREAU = ("承办单位", (OWN,)), ("行业部门", (TRADE,))
FORBIDDEN = ("红黑榜", "末位", "黑名单", "假性解决", "反水", "建议申报", "建议剔除")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return publish_street(tmp_path_factory.mktemp("street"))[0]


@pytest.fixture
def site(made, tmp_path):
    shutil.copytree(made.data, tmp_path / "data")
    return Storage(tmp_path / "data", tmp_path / "data" / "config")


@pytest.fixture
def mine_of(show):
    """The page of somebody, on a section."""

    def run(storage, whose=STREET, section=mine_parts.DUE, **query):
        return show("mine", storage, {mine_parts.SECTION: section}, whose=whose, period="2026年3月", **query)

    return run


def rows(page):
    """The orders that the lists of a page show."""
    lists = [element for element in page.main if element.type == "bidi_component"]
    return [row for element in lists for row in json.loads(element.proto.json)]


def ids(page):
    return [row["order_id"] for row in rows(page)]


def everything(page):
    """All that is sent to the browser."""
    return "".join(str(getattr(element, "proto", "")) for element in page.main) + words(page) + str(rows(page))


def note(storage, *steps):
    with closing(open_records(storage)) as records:
        number = None
        for step in steps:
            number = appeals.save_appeal(records, "登记人", step, number)
    return number


def noted(storage):
    with closing(open_records(storage)) as records:
        return appeals.appeals(records)


# the first screen
def test_the_first_screen_says_how_the_unit_stands_and_what_is_next(made, mine_of):
    page = mine_of(made)
    said = words(page)
    assert page.title[0].value == "我的街镇"
    metrics = {metric.label: metric for metric in page.metric}
    # valid: S20 S21 S22 S25; S23 is 剔除, S24 挂账; S22 was not contacted; solved S21 S22; satisfied 0.9 + 1
    assert (metrics["响应率"].value, metrics["响应率"].delta) == ("75.0%", "3 / 4")
    assert (metrics["解决率"].value, metrics["满意率"].delta) == ("50.0%", "1.9 / 4")
    assert "95% 区间" in said
    assert "距街镇汇总" in said
    for part in (
        "已超期 1 件",
        "24 小时内 1 件",
        "24–48 小时 1 件",
        "办理中没有联系记录 4 件",
        "本期回访答未联系 1 件",
    ):
        assert part in said
    for part in ("新到工单 1 件", "新办结 1 件", "新失分 1 件", "2026年3月19日发布"):
        assert part in said
    assert "挂账销账" in said or "个期限已过" in said
    assert "按数据截至时间 2026-03-20 12:00 计算，不是此刻" in said
    assert not [word for word in FORBIDDEN if word in said]


def test_open_orders_stand_in_the_list_the_first_due_first(made, mine_of):
    page = mine_of(made)
    assert ids(page) == ["S01", "S02", "S03", "S04", "S05"]
    assert [row["mark"] for row in rows(page)][:2] == ["已超 1 小时", "还有 20 小时"]
    assert rows(page)[3]["title"] == "保密，须知人员可查看"
    assert "反映S04" not in everything(page)


@pytest.mark.parametrize(("whose", "query"), [(STREET, {}), (("分析员", ()), {"unit": "东河街道"}), (BUREAU, {})])
def test_every_section_opens_and_names_no_caller(made, mine_of, whose, query):
    page = mine_of(made, whose, **query)
    found = {}
    for section in mine.SECTIONS:
        page.session_state[mine_parts.SECTION] = section
        page.run()
        assert not page.exception, page.exception[0].message
        said = everything(page)
        assert "本系统测算，以正式通报为准" in said
        assert CALLER not in said
        assert not [word for word in FORBIDDEN if word in said]
        found[section] = set(ids(page))
    if whose != BUREAU:
        assert found[mine_parts.LOST] == {"S20", "S21", "S22", "S25"}
        assert found[mine_parts.AGAIN] == ({"S11", "S12"} if whose == STREET else {"S11", "T02"})
        assert found[mine_parts.CHANGED] == {"S05"}
        assert found[mine_parts.APPEALS] == {"S23", "S24"}


def test_a_tile_opens_its_part(made, mine_of):
    page = mine_of(made, section=mine_parts.LOST)
    (button,) = [button for button in page.button if button.label.startswith("24 小时内")]
    button.click().run()
    assert ids(page) == ["S02"]
    (button,) = [button for button in page.button if button.label.startswith("新失分")]
    button.click().run()
    assert ids(page) == ["S25"]


def test_callers_have_letters_and_places_their_people(made, mine_of):
    page = mine_of(made, section=mine_parts.CALLS)
    callers = page.dataframe[0].value
    assert callers["caller_alias"].to_list() == ["诉求人 A"]
    assert callers["order_count"].to_list() == [3]
    assert page.dataframe[1].value["place"].to_list()[0] in ("一社区", "和平里小区")


# whose page it is
def test_another_unit_cannot_be_asked_for(made, show):
    for state, query in (({}, {"unit": "西岭镇"}), ({"unit": "U2"}, {}), ({"mine_unit": "U2"}, {"unit": "U2"})):
        page = show("mine", made, state, whose=STREET, **query)
        assert "东河街道" in words(page)
        assert not {"T01", "T02"} & set(ids(page))


def test_an_analyst_chooses_a_unit(made, show):
    page = show("mine", made)
    assert "请在上面选一个单位" in words(page)
    page.selectbox(key="unit").set_value("U2").run()
    assert ids(page) == ["T01"]


def test_a_trade_sees_its_orders_and_no_rates_of_another_role(made, mine_of):
    page = mine_of(made, BUREAU)
    assert page.title[0].value == "我的行业"
    assert "不按行业部门计分" in words(page)
    assert not page.metric
    assert ids(page) == ["T01"]


def test_a_bureau_without_orders_has_a_page_that_says_so(made, mine_of):
    page = mine_of(made, ("承办单位", ("B3",)))
    assert page.title[0].value == "我的单位"
    assert "没有办理中的工单" in words(page)


# 剔挂申诉
def form(page, order_id, pieces=""):
    page.text_input(key="appeal_order").set_value(order_id)
    page.text_area(key="appeal_pieces").set_value(pieces)
    (button,) = [button for button in page.button if button.label == "登记"]
    button.click().run()
    assert not page.exception
    return page


def test_an_application_is_noted_and_stands_in_the_list(site, mine_of):
    page = form(mine_of(site, section=mine_parts.APPEALS), "S20", "现场照片\n缺 鉴定报告")
    (found,) = noted(site)
    assert (found.order_id, found.kind, found.state, found.who) == ("S20", EXCLUSION, DRAFTED, "承办单位")
    assert found.missing == ("鉴定报告",)
    (row,) = [row for row in rows(page) if row["order_id"] == "S20"]
    assert row["mark"] == "剔除　拟报"
    assert "缺 鉴定报告" in row["facts"]


@pytest.mark.parametrize("order_id", ["T02", "没有的编号", ""])
def test_an_order_that_is_not_the_units_cannot_be_applied_for(site, mine_of, order_id):
    page = form(mine_of(site, section=mine_parts.APPEALS), order_id)
    assert "不是本单位的工单" in page.error[0].value
    assert not noted(site)


def test_a_number_of_a_telephone_is_refused(site, mine_of):
    page = form(mine_of(site, section=mine_parts.APPEALS), "S20", "张某 13812345678")
    assert "电话或证件号码" in page.error[0].value
    assert not noted(site)


def test_the_next_step_is_noted_and_can_be_taken_back(site, mine_of):
    note(site, Appeal("S20", EXCLUSION, FILED, "2026-03-19"))
    page = mine_of(site, section=mine_parts.APPEALS)
    (state,) = [box for box in page.selectbox if str(box.key).startswith("appeal_state")]
    assert state.options == ["已报", "受理", "通过", "不通过", "撤回"]
    state.set_value("不通过")
    (button,) = [button for button in page.button if button.label == "记录"]
    button.click().run()
    assert noted(site)[0].state == "不通过"
    assert noted(site)[0].dates[FILED] == "2026-03-19", "an earlier date stays"
    page.button(key="appeal_undo").click().run()
    assert noted(site)[0].state == FILED


def test_the_effect_is_shown_once_granted_and_equals_the_data(site, mine_of):
    note(site, Appeal("S20", EXCLUSION, FILED, "2026-03-19"))
    assert "通过后的影响" not in words(mine_of(site, section=mine_parts.APPEALS)), "nothing is weighed before"
    note(site, Appeal("S24", SUSPENSION, GRANTED, "2026-03-19"))
    said = words(mine_of(site, section=mine_parts.APPEALS))
    # S24 is out in the data: without it 2 of 5 are solved, with it 2 of 4
    assert "40.0%（2/5）" in said
    assert "50.0%（2/4）" in said


def test_another_units_application_does_not_show(site, mine_of):
    note(site, Appeal("T02", EXCLUSION, FILED, "2026-03-19"))
    assert "T02" not in everything(mine_of(site, section=mine_parts.APPEALS))
    assert "T02" in ids(mine_of(site, ("分析员", ()), mine_parts.APPEALS, unit="西岭镇"))


def test_a_role_without_the_right_reads_only(site, mine_of):
    page = mine_of(site, BUREAU, mine_parts.APPEALS)
    assert "只能查看台账" in words(page)
    assert not [button for button in page.button if button.label == "登记"]
