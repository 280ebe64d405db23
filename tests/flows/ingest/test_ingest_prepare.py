"""From rows to orders and quarantine: every row accounted for, every refusal explained, nobody exposed."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from order_files import HEADERS, ORDER, csv_bytes, order, write_xlsx

from hotline12345.flows.ingest.prepare import prepare


def accounting(prepared):
    return (
        prepared.rows.rows_read,
        prepared.rows.orders.height,
        prepared.rows.rows_quarantined,
        prepared.rows.rows_not_data,
    )


@pytest.mark.parametrize(
    "row",
    [
        [],
        [""] * len(HEADERS),
        [" ", "-"],
        ["合计", "12"],
        ["合 计：", "", "", "3"],
        ["", "总计", "5"],
        ["小计"],
        ["注：以上为模拟"],
        ["制表人：某", "审核：某"],
        ["合计（件）", "", "12"],
        ["总计 1,326件", "5", "", "7", "", "", "8", "9", "10", "11"],
        HEADERS,
        ["以上是五月的工单"],
    ],
)
def test_what_is_no_order_is_counted_and_left_out(load, row):
    assert accounting(load([ORDER, row])) == (3, 1, 0, 2)


@pytest.mark.parametrize("title", ["累计三次反映停水", "汇总了小区的问题", "合计"])
def test_an_order_without_id_is_no_totals_row(load, title):
    prepared = load([["标题", *HEADERS], ["停水", *ORDER], [title, *order(工单编号="")]], header=False)
    assert accounting(prepared) == (3, 1, 1, 1)
    assert prepared.rows.quarantine.select("column_name", "rule").rows() == [("order_id", "missing")]


@pytest.mark.parametrize(
    ("created", "nature", "quarantined"),
    [("2026-06-02 12:00:00", "", 0), ("2026-06-02 12:00:01", "", 1), ("2062-05-01", "", 1), ("2062-05-01", "模拟", 0)],
)
def test_orders_of_the_future_are_refused_unless_simulated(load, monkeypatch, created, nature, quarantined):
    monkeypatch.setattr("hotline12345.flows.ingest.prepare.now", lambda: datetime(2026, 6, 1, 12))
    rows = [[*HEADERS, "数据性质"], [*ORDER, ""], [*order(工单编号="2", 创建时间=created, 办结时间=""), nature]]
    prepared = load(rows, header=False)
    assert accounting(prepared) == (3, 2 - quarantined, quarantined, 1)
    found = prepared.rows.quarantine.select("row_number", "column_name", "value_masked", "rule", "reason").rows()
    assert found == [(3, "created_at", created, "in_future", "创建时间在未来")] * quarantined


@pytest.mark.parametrize(
    ("header", "column", "words"),
    [
        ("是否保留", "retention", {"保留": "保留", "是": "保留", "否": "剔除", "不保留": "剔除", "已剔除": "剔除"}),
        ("剔挂标签", "exclusion_tag", {"剔除（重复诉求）": "剔除", "已剔除": "剔除", "挂账(历史遗留)": "挂账"}),
        ("剔挂标签", "exclusion_tag", {"已挂账": "挂账", "销账": None, "已销账": None, "销账（5月）": None, "否": None}),
        ("剔除情况", "exclusion_tag", {"否": None, "保留": None, "剔除": "剔除"}),
        ("考核类型", "assessment_kind", {w: "只评价响应率" for w in ("只评价响应率", "仅评价响应率", "只评价响应")}),
        ("考核类型", "assessment_kind", {"考核响应率": "只评价响应率", "只考核响应，不考核解决": "只评价响应率"}),
        ("考核类型", "assessment_kind", {w: w for w in ("正常考核", "不评价响应率", "评价响应率和满意率")}),
        ("工单类型", "order_type", {"咨询类": "咨询", "投诉工单": "投诉", "求助类工单": "求助", "其他类": "其他类"}),
    ],
)  # fmt: skip
def test_words_that_decide_on_a_denominator(load, header, column, words):
    rows = [[*order(工单编号=str(i)), word] for i, word in enumerate(words, start=1)]
    prepared = load([[*HEADERS, header], *rows], header=False)
    assert prepared.rows.rows_quarantined == 0
    assert prepared.rows.orders[column].to_list() == list(words.values())


@pytest.mark.parametrize(
    ("header", "word", "rule", "allowed"),
    [
        ("是否保留", "待定", "unknown_retention", "保留、剔除"),
        ("剔挂标签", "待定", "unknown_exclusion", "剔除、挂账"),
        ("剔挂标签", "挂账（已销账）", "unknown_exclusion", "剔除、挂账"),
    ],
)
def test_unknown_decisions_are_asked_not_counted(load, header, word, rule, allowed):
    prepared = load([[*HEADERS, header], [*ORDER, word]], header=False)
    assert prepared.rows.quarantine.select("value_masked", "rule").rows() == [(word, rule)]
    assert allowed in prepared.rows.quarantine["fix"][0]


@pytest.mark.parametrize(
    ("changes", "column", "rule", "said"),
    [
        ({"工单编号": ""}, "order_id", "missing", "“工单编号”为空"),
        ({"工单编号": "2.02401E+13"}, "order_id", "digits_lost", "尾数已丢失"),
        ({"创建时间": ""}, "created_at", "missing", "“创建时间”为空"),
        ({"创建时间": "昨天下午"}, "created_at", "unknown_time", "无法识别该时间"),
        ({"创建时间": "1900-01-05"}, "created_at", "implausible_year", "年份不合理"),
        ({"办结时间": "2026-13-01"}, "closed_at", "unknown_time", "无法识别该时间"),
        ({"办结时间": "2026-04-30"}, "closed_at", "before_creation", "早于创建时间"),
        ({"是否有效回访": "大概"}, "is_valid_callback", "unknown_answer", "不是允许的取值"),
        ({"是否解决": "差不多"}, "resolution", "unknown_resolution", "不是允许的取值"),
        ({"是否满意": "凑合"}, "satisfaction", "unknown_satisfaction", "不是允许的取值"),
    ],
)
def test_a_broken_cell_is_quarantined_with_reason_and_fix(load, changes, column, rule, said):
    prepared = load([ORDER, order(**{"工单编号": "2"} | changes)])
    assert accounting(prepared) == (3, 1, 1, 1)
    assert prepared.rows.quarantine.select("row_number", "column_name", "rule").rows() == [(3, column, rule)]
    assert said in prepared.rows.quarantine["reason"][0]
    assert prepared.rows.quarantine["fix"][0]


def test_return_counts_below_zero_and_no_numbers(load):
    rows = [[*order(工单编号=str(i)), count] for i, count in enumerate(["2次", "-1", "两次", ""])]
    prepared = load([[*HEADERS, "退回次数"], *rows], header=False)
    assert prepared.rows.orders["return_count"].to_list() == [2, None]
    assert prepared.rows.quarantine.select("value_masked", "rule").rows() == [
        ("-1", "negative"),
        ("两次", "not_a_count"),
    ]


def test_one_row_may_break_several_rules_and_counts_once(load):
    prepared = load([order(创建时间="?", 办结时间="??", 是否满意="凑合")])
    assert prepared.rows.quarantine["column_name"].to_list() == ["created_at", "closed_at", "satisfaction"]
    assert accounting(prepared) == (2, 0, 1, 1)


def test_a_closing_date_without_time_on_the_day_of_creation_is_fine(load):
    assert load([order(办结时间="2026-05-01")]).rows.rows_quarantined == 0


def test_blank_answers_stay_blank(load):
    row = load([order(是否有效回访="", 是否解决="", 是否满意="-")]).rows.orders.row(0, named=True)
    assert (row["is_valid_callback"], row["resolution"], row["satisfaction"]) == (None, None, None)


def test_nobody_is_in_the_output(load):
    texts = "张小明先生住花园小区3号楼2单元501室，电话12812345678"
    prepared = load([
        order(来电人="张小明", 来电号码="12812345678", 主要内容=texts, 承办单位="单位12812345678"),
        order(来电人="张小明", 来电号码="128-1234-5678", 创建时间=f"{texts}，张小明"),
        [*order(来电人="张小明", 来电号码="12812345678"), texts],
    ])  # fmt: skip
    shown = prepared.rows.orders.write_csv() + prepared.rows.quarantine.write_csv() + repr(prepared.file.mapping)
    assert not [secret for secret in ("张小明", "12812345678", "128-1234-5678", "501室", "2单元") if secret in shown]
    assert prepared.rows.orders["body"].to_list() == ["张某先生住花园小区，电话128****5678"]
    assert prepared.rows.rows_quarantined == 2


def test_callers_are_told_apart_by_key_only(load):
    numbers = ["12812345678", "+86 12812345678", "12812345679", ""]
    keys = load([order(工单编号=str(i), 来电号码=n) for i, n in enumerate(numbers)]).rows.orders["caller_key"].to_list()
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] is None


def test_own_name_is_masked_in_the_free_texts_of_its_row_only(load):
    rows = [order(来电人="李长江", 主要内容="李长江说漏水"), order(工单编号="2", 主要内容="李长江路积水")]
    assert load(rows).rows.orders["body"].to_list() == ["李某说漏水", "李长江路积水"]


@pytest.mark.parametrize(
    ("name", "sheet", "title", "cell", "simulated"),
    [
        ("a.xlsx", "工单", "工单导出", "", False),
        ("a.xlsx", "工单", "工单导出", "真实数据", False),
        ("a.xlsx", "工单", "工单导出", "模拟数据", True),
        ("a.xlsx", "工单", "工单导出（模拟数据）", "", True),
        ("a.xlsx", "模拟数据", "工单导出", "", True),
        ("模拟数据.xlsx", "工单", "工单导出", "", True),
    ],
)
def test_simulated_data_is_recognised(tmp_path, name, sheet, title, cell, simulated):
    path = write_xlsx(tmp_path / name, {sheet: [[title], [*HEADERS, "数据性质"], [*ORDER, cell]]})
    assert prepare(path, b"key").rows.orders["is_simulated"].to_list() == [simulated]


def test_what_is_known_about_the_file(load):
    prepared = load([ORDER])
    assert prepared.file.has_callback
    assert prepared.file.mapping["来电人"] == "caller_name"
    without = load(
        [["工单编号", "创建时间", "主要内容", "截止时间"], ["1", "2026-05-01", "x", "2030-01-01"]], header=False
    )
    assert not without.file.has_callback


def test_category_paths_become_levels(load):
    prepared = load(
        [["工单编号", "创建时间", "问题分类"], ["1", "2026-05-01", "住房->物业->电梯、扶梯/升降机"]], header=False
    )
    assert prepared.rows.orders.select(f"topic_level{i}" for i in (1, 2, 3)).rows() == [
        ("住房", "物业", "电梯、扶梯/升降机")
    ]


def test_words_for_nothing_are_no_decisions(load):
    table = [
        [*HEADERS, "剔挂标签", "不计入诉求总量类别", "标签"],
        [*ORDER, "无", "否", "无"],
        [*order(工单编号="2"), "挂账", "咨询", "控烟"],
    ]
    orders = load(table, header=False).rows.orders
    assert orders.select("exclusion_tag", "volume_exclusion", "tags").rows() == [(None,) * 3, ("挂账", "咨询", "控烟")]


CELLS = st.one_of(st.sampled_from(["", "是", "2026-05-01", "合计", '"', "a,b", "满意", "\n"]), st.text(max_size=6))


@given(st.lists(st.lists(CELLS, max_size=12), max_size=8))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_are_accounted_for(tmp_path, rows):
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([HEADERS, *rows, ORDER]))
    prepared = prepare(path, b"key")
    assert (
        prepared.rows.rows_read
        == prepared.rows.orders.height + prepared.rows.rows_quarantined + prepared.rows.rows_not_data
    )
    assert prepared.rows.rows_quarantined == prepared.rows.quarantine["row_number"].n_unique()
    assert prepared.rows.quarantine.select("row_number", "column_name", "rule").is_unique().all()
    assert not set(prepared.rows.quarantine["row_number"]) & set(prepared.rows.orders["row_number"])


def test_the_same_file_gives_the_same_frames(load):
    rows = [
        order(工单编号=str(i), 创建时间=f"2026/5/{i % 31 + 1}", 来电号码=f"128{i:08}", 是否满意="是?"[i % 2])
        for i in range(300)
    ]
    first, second = load(rows), load(rows)
    assert first.rows.orders.equals(second.rows.orders)
    assert first.rows.quarantine.equals(second.rows.quarantine)
    assert first.file.content_hash == second.file.content_hash
    assert first.rows.orders["row_number"].is_sorted()
    assert first.rows.quarantine["row_number"].is_sorted()
    assert isinstance(first.rows.orders, pl.DataFrame)
