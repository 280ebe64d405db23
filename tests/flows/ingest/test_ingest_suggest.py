"""Suggestions: how many renamed headers get the right one, what content adds, and that none is ever applied."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from header_variants import TUNED, UNSEEN, cells, files
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.flows.ingest.content import content_of, earliest
from hotline12345.flows.ingest.headers import account, suggestions
from hotline12345.flows.ingest.mapping import TARGETS, FileMapping
from hotline12345.flows.ingest.suggest import MOST, SHOWN, likeness, suggest

ROWS = 200
FLOORS = {"tuned": 0.95, "unseen": 0.92}  # measured 110 of 113 and 76 of 80
NOISE = {
    "备注": ("无", "", "已阅", "见附件"),
    "坐席工号": ("8001", "8002", "8013"),
    "录音编号": ("12", "13", "14"),
    "月次": ("3", "4", "5"),
    "附件": ("有", "无"),
    "操作员": ("系统", "值班长"),
    "区县": ("示例区", "邻近区"),
    "审核意见": ("同意", "退回修改"),
}


def right(variants: dict[str, str]) -> dict[str, bool]:
    """Header → whether every file that has it gets the right column suggested for it."""
    found: dict[str, bool] = {}
    for file in files(variants):
        sample = sampled(cells([*file.values()], ROWS))
        resolved = account([*file], FileMapping(), lambda a, b: False, sample)
        assert not resolved.columns  # no variant is an alias, and nothing is mapped by a suggestion
        named = {[*file][s.index]: s.column for s in suggestions([*file], resolved, sample)}
        for header, column in file.items():
            found[header] = found.get(header, True) and named.get(header) == column
    return found


def sampled(columns: list[list[str]]) -> pl.DataFrame:
    return pl.DataFrame({str(number): column for number, column in enumerate(columns)})


@pytest.mark.parametrize(("variants", "floor"), [(TUNED, FLOORS["tuned"]), (UNSEEN, FLOORS["unseen"])])
def test_renamed_headers_get_the_right_first_suggestion(variants, floor):
    found = right(variants)
    wrong = [header for header, is_right in found.items() if not is_right]
    assert 1 - len(wrong) / len(found) >= floor, wrong


def test_a_second_header_of_a_filled_column_gets_no_other_meaning():
    headers = ["工单编号", "创建时间", "创建时间", "主要内容", "承办单位", "主办单位"]
    times, units = ["2026-03-05"] * ROWS, ["柳溪镇"] * ROWS
    sample = sampled([[f"GD{i}" for i in range(ROWS)], times, times, ["路灯不亮"] * ROWS, units, units])
    for adds_nothing in (True, False):
        resolved = account(headers, FileMapping(), lambda a, b, same=adds_nothing: same, sample)
        assert {match.header for match in resolved.matches if match.column is None} == {"创建时间（2）", "主办单位"}
        assert suggestions(headers, resolved, sample) == []


def test_columns_of_no_use_get_no_confident_suggestion():
    headers = [*NOISE]
    sample = sampled([[words[i % len(words)] for i in range(ROWS)] for words in NOISE.values()])
    assert [
        (headers[s.index], s.column) for s in suggest(dict(enumerate(headers)), sample, TARGETS) if s.confidence > 0.6
    ] == []


def test_a_suggestion_gives_both_reasons():
    sample = sampled(cells(["created_at"], ROWS))
    (found,) = suggest({0: "来电日期"}, sample, ["created_at", "closed_at"])
    assert (found.column, found.reasons) == ("created_at", ("表头相近“来电时间”", "100 % 的值是时间"))
    assert SHOWN <= found.confidence <= MOST


@pytest.mark.parametrize(
    ("header", "column", "wrong_cells"),
    [("来电日期", "created_at", "title"), ("来电手机", "caller_key", "channel"), ("满意与否", "satisfaction", "body")],
)
def test_content_that_does_not_fit_speaks_against_a_near_header(header, column, wrong_cells):
    fitting, other = (suggest({0: header}, sampled(cells([name], ROWS)), [column]) for name in (column, wrong_cells))
    assert fitting[0].confidence > 0.6
    assert not other


def test_content_alone_finds_what_no_header_says():
    columns = ["caller_key", "order_id", "satisfaction", "resolution", "place_town", "topic_path", "order_type"]
    found = suggest({i: f"字段{i}" for i in range(len(columns))}, sampled(cells(columns, ROWS)), TARGETS)
    assert [s.column for s in found] == columns


def test_of_unnamed_times_the_earliest_is_the_creation():
    columns = ["closed_at", "created_at", "due_at"]
    sample = sampled(cells(columns, ROWS))
    assert earliest([sample[name] for name in sample.columns]) == 1
    found = suggest({0: "T1", 1: "T2", 2: "T3"}, sample, ["created_at", "closed_at"])
    assert {s.index: s.column for s in found}[1] == "created_at"


def test_equal_times_have_no_earliest():
    same = pl.Series([f"{datetime(2026, 5, 1) + timedelta(days=i):%Y-%m-%d}" for i in range(20)])
    assert earliest([same, same]) is None
    assert earliest([same]) is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["13912345678", "139 1234 5678", "010-81234567"], "phone"),
        (["2026-05-01", "2026/5/1 10:00", "20260501", "2026年5月1日 下午3点"], "time"),
        (["是", "否", "是"], "answer"),
        (["满意", "基本满意", "无法回访"], "satisfaction"),
        (["已解决", "未解决", "部分解决"], "resolution"),
        (["甲山街道", "乙水镇"], "town"),
        (["住房->物业->电梯", "住房->物业->电梯", "交通->停车"], "path"),
        (["投诉", "求助", "咨询类"], "order_type"),
        (["电话", "网上12345", "app"], "channel"),
        (["王某某", "李女士"], "person"),
        (["24小时", "3个工作日"], "limit"),
        (["GD2026000001", "GD2026000002"], "id"),
    ],
)
def test_kinds_of_content(words, kind):
    assert content_of(pl.Series(words)).shares[kind] == 1


def test_numbers_alone_are_no_times_and_phones_no_ids():
    assert content_of(pl.Series(["45413", "45414"])).shares["time"] == 0
    phones = content_of(pl.Series(["12912345678", "12912345679"])).shares
    assert (phones["phone"], phones["id"]) == (1, 0)


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_share_and_symmetric(one, other):
    assert 0 <= likeness(one, other) <= 1 + 1e-9
    assert likeness(one, other) == pytest.approx(likeness(other, one))


@given(
    st.lists(st.lists(st.text(max_size=8), min_size=6, max_size=6), max_size=4),
    st.lists(st.text(max_size=6), min_size=4, max_size=4),
)
def test_any_content_is_looked_at_without_error(columns, headers):
    found = suggest(dict(enumerate(headers[: len(columns)])), sampled(columns), TARGETS)
    assert len({s.column for s in found}) == len(found) == len({s.index for s in found})
