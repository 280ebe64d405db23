"""民生诉求库: finds, counts, filters, keeps searches, and shows nobody what is not theirs."""

import io

import openpyxl
import pytest
from made_snapshot import storage_at
from page_words import words

from hotline12345.dashboard import exports, library_data, library_records
from hotline12345.dashboard.access import ANALYST, DEMO
from hotline12345.dashboard.library_records import SearchNotKeptError
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.search_reads import Narrowed

WORDS = "library_words"
STREET = ("承办单位", ("U2",))


def found(said: str) -> str:
    """The line that says how many were found."""
    return next(line for line in said.splitlines() if "写到“" in line)


def test_without_words_it_says_how_to_search(show, published):
    said = words(show("library", published))
    assert "请在上面写检索词" in said
    assert "本系统测算，以正式通报为准" in said
    assert "检索词里没有汉字、字母或数字" in words(show("library", published, {WORDS: "！？"}))


def test_it_finds_counts_and_marks(show, published):
    page = show("library", published, {WORDS: "暖气 第17号"})
    said = words(page)
    assert "工单 1 件，1 个承办单位" in found(said)
    assert "D0017" in said
    assert "<mark>暖气</mark>" in said
    assert "138****1234" in said


def test_nothing_found_says_what_to_do(show, published):
    assert "请少写一个词" in words(show("library", published, {WORDS: "游泳池"}))


def test_a_mistyped_word_is_found_as_the_nearest_one(show, published):
    page = show("library", published, {WORDS: "暖器"})
    said = words(page)
    assert "“暖器”换成“暖气”" in said
    assert "写到“暖气”的工单" in found(said)
    page.button(key="near_none").click().run()
    assert not page.exception


def test_filters_come_from_the_url_and_narrow(show, published):
    every = words(show("library", published, {WORDS: "暖气"}))
    one = words(show("library", published, {WORDS: "暖气"}, library_unit="区城管委"))
    assert "5 个承办单位" in found(every)
    assert "1 个承办单位" in found(one)
    known = words(show("library", published, {WORDS: "暖气"}, library_unit="没有的单位"))
    assert found(known) == found(every)


def test_the_words_never_reach_the_url(show, published):
    page = show("library", published, {WORDS: "暖气"}, library_unit="区城管委")
    page.text_input(key=WORDS).set_value("供暖").run()
    assert not page.exception
    assert "供暖" not in str(dict(page.query_params))
    assert "暖气" not in str(dict(page.query_params))


def test_pages_turn(show, published):
    page = show("library", published, {WORDS: "暖气"})
    first = words(page)
    next(button for button in page.button if button.label == "下一页").click().run()
    assert "第 2 页" in words(page)
    assert "第 1 页" in first


def test_an_order_opens_from_the_list(show, published):
    page = show("library", published, {WORDS: "暖气 第17号"})
    page.button(key="open_D0017").click().run()
    assert not page.exception
    assert "工单 D0017" in words(page)


def test_similar_orders_are_listed(show, published):
    page = show("library", published, {WORDS: "暖气 第17号"})
    page.button(key="like_D0017").click().run()
    assert not page.exception
    assert "用词最接近" in words(page) or "没有找到相似的工单" in words(page)


def test_a_street_finds_its_own_orders_whatever_the_url_says(show, published):
    own = words(show("library", published, {WORDS: "暖气"}, STREET))
    assert "1 个承办单位" in found(own)
    forced = words(show("library", published, {WORDS: "暖气"}, STREET, library_unit="东河街道"))
    assert found(forced) == found(own)
    snapshot = current_snapshot(published)
    viewer = DEMO.viewer("承办单位", "somebody", ("U2",))
    asked = library_data.parts("暖气")
    mine = library_data.counts(viewer, snapshot, asked, Narrowed())
    every = library_data.counts(ANALYST, snapshot, asked, Narrowed())
    assert mine["unit_id"].to_list() and {*mine["unit_id"]} == {"U2"}
    assert every["order_count"].sum() > mine["order_count"].sum()
    assert library_data.counts(viewer, snapshot, asked, Narrowed(unit_id="U1")).is_empty()


def test_need_to_know_orders_are_found_by_their_office_only(show, published):
    text = {WORDS: "暖气 “第37号”"}  # a confidential order
    assert "D0037" not in words(show("library", published, text))
    assert "D0037" in words(show("library", published, text, ("举报专办", ())))


@pytest.mark.parametrize("role", ["区领导", "专题会", "管理员"])
def test_roles_that_open_no_orders_find_none(published, monkeypatch, role):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(published.data))
    viewer, snapshot = DEMO.viewer(role, "somebody"), current_snapshot(published)
    asked = library_data.parts("暖气")
    assert library_data.counts(viewer, snapshot, asked, Narrowed()).is_empty()
    assert library_data.page(viewer, snapshot, asked, Narrowed(), 0).is_empty()
    assert library_data.near(viewer, snapshot, library_data.parts("暖器"), Narrowed()) == []
    assert library_data.similar(viewer, snapshot, "D0017").is_empty()
    assert library_data.choices(viewer, snapshot).is_empty()


def test_a_search_is_kept_opened_by_its_number_and_by_its_owner_only(show, own, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    viewer = DEMO.viewer("分析员", "分析员")
    number = library_records.keep(viewer, "冬天的事", "暖气", {"unit_id": "B1"})
    said = words(show("library", own, saved=str(number)))
    assert "写到“暖气”的工单" in found(said)
    assert "1 个承办单位" in found(said)
    other = library_records.keep(DEMO.viewer("分析员", "another"), "别人的", "供暖", {})
    said = words(show("library", own, saved=str(other)))
    assert "您没有这个编号的检索" in said
    assert "写到" not in said
    assert library_records.forget(viewer, number)
    assert not library_records.forget(viewer, other)


def test_keeping_a_search_by_the_page(show, own, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    page = show("library", own, {WORDS: "暖气", "library_saved_name": "冬天"})
    next(button for button in page.button if button.label == "保存这个检索").click().run()
    assert not page.exception
    (kept,) = library_records.mine(DEMO.viewer("分析员", "分析员"))
    assert (kept.search_name, kept.asked) == ("冬天", "暖气")
    assert page.query_params["saved"] in (str(kept.event_id), [str(kept.event_id)])


@pytest.mark.parametrize(
    ("name", "asked"), [("", "暖气"), ("长" * 41, "暖气"), ("王某", "13812345678"), ("13812345678", "暖气")]
)
def test_what_cannot_be_kept_is_said(tmp_path, monkeypatch, name, asked):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(storage_at(tmp_path).data))
    with pytest.raises(SearchNotKeptError):
        library_records.keep(ANALYST, name, asked, {})
    assert library_records.mine(ANALYST) == []


def test_the_download_holds_what_was_found_and_its_name_no_words(published, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(published.data))
    orders = library_data.listed(ANALYST, current_snapshot(published), library_data.parts("暖气"), Narrowed())
    assert (
        orders.height
        == library_data.counts(ANALYST, current_snapshot(published), library_data.parts("暖气"), Narrowed())[
            "order_count"
        ].sum()
    )
    book = openpyxl.load_workbook(
        io.BytesIO(exports.workbook(exports.Table(orders.select("order_id", "title"), ["x"])))
    )
    assert book.worksheets[0].max_row == orders.height + 1
