"""Headers are mapped when they are plain, asked about when they are not, and always accounted for."""

import pytest
from order_files import HEADERS, ORDER, order

from hotline12345.flows.ingest.contracts import ORDER_COLUMNS
from hotline12345.flows.ingest.headers import aliases
from hotline12345.flows.ingest.mapping import CALLER_NAME, IGNORE, TARGETS, TOPIC_PATH, FileMapping, normalise_header
from hotline12345.flows.ingest.prepare import IngestError
from hotline12345.sql.dictionary import columns

OF_THE_DOMAIN = {
    "order_id": "工单编号 工单号 工单编码 编号 诉求编号 受理编号",
    "order_type": "工单类型 诉求类型 事项类型 业务类别 性质",
    TOPIC_PATH: "问题分类 问题类别 事项分类 诉求分类",
    "body": "主要内容 内容 诉求内容 反映内容 来电内容 问题描述 工单内容",
    "created_at": "创建时间 来电时间 受理时间 登记时间 反映时间",
    "unit_name": "承办单位 主办单位 办理单位 处理单位 责任单位 二级承办单位简称",
    "place_town": "被反映街乡镇 街乡镇 乡镇街道 所在街乡镇",
    "community": "村/社区 村社区 社区 村居 所在村社区 反映社区",
    "place_point": "小区点位 点位 地址 详细地址 发生地点 问题点位 发生地址",
    "result_text": "办理结果 处理结果 承办结果 处理情况",
    "closed_at": "办结时间 完成时间 结案时间",
    "satisfaction": "是否满意 满意度 评价结果 办理满意",
    "caller_key": "来电号码 来电人电话/账号 联系电话 联系方式",
}


@pytest.mark.parametrize(("column", "headers"), OF_THE_DOMAIN.items())
def test_known_aliases(column, headers):
    known = aliases().columns | aliases().fallback
    assert {known[normalise_header(header)] for header in headers.split()} == {column}


def test_every_target_exists_and_no_header_has_two():
    known = aliases()
    targets = {*known.columns.values(), *known.fallback.values(), *(c for cs in known.ask.values() for c in cs)}
    assert targets <= TARGETS
    assert not set(known.columns) & set(known.fallback)
    assert not {*known.columns, *known.fallback} & set(known.ask)


def test_every_canonical_column_is_in_the_dictionary_and_has_a_header():
    assert {*ORDER_COLUMNS} - {"row_number"} <= {*columns()}
    levels_and_extra = {*aliases().columns.values()} - {CALLER_NAME, TOPIC_PATH}
    assert levels_and_extra == {*ORDER_COLUMNS} - {"row_number"}


@pytest.mark.parametrize("header", ["工 单\n编 号", "*工单编号", "工单编号：", "\u200b工单编号", "工单编号　"])
def test_headers_are_compared_without_decoration(header):
    assert normalise_header(header) == "工单编号"


def test_absent_columns_are_null_and_the_frame_is_complete(load):
    orders = load([ORDER]).orders
    assert dict(orders.schema) == ORDER_COLUMNS
    assert orders["title"].to_list() == [None]
    assert orders["is_simulated"].to_list() == [False]


def test_unknown_empty_and_repeated_headers_are_reported(load):
    prepared = load([[*HEADERS, "备注", "备注", "", ""], [*ORDER, "a", "b", "c", ""]], header=False)
    assert prepared.unmapped == ["备注", "备注（2）", "第13列（无表头）"]


@pytest.mark.parametrize("header", ["来电类别", "处理时间", "来源", "类型"])
def test_an_ambiguous_header_is_asked_about(load, header):
    table = [["工单编号", "创建时间", "主要内容", header], ["1", "2026-05-01", "漏水", "x"]]
    mapping = FileMapping({normalise_header(header): IGNORE})
    with pytest.raises(IngestError, match=f'"{header}" = "') as asked:
        load(table, header=False)
    assert asked.value.code == "E08"
    assert load(table, mapping, header=False).unmapped == [header]


def test_an_ambiguous_header_is_left_out_when_its_columns_are_there(load):
    assert load([[*HEADERS, "处理时间"], [*ORDER, "x"]], header=False).unmapped == ["处理时间"]


def test_two_headers_for_one_column_are_asked_about(load):
    table = [[*HEADERS, "主办单位"], [*ORDER, "另一个镇"]]
    with pytest.raises(IngestError, match="“承办单位”和“主办单位”") as asked:
        load(table, header=False)
    assert asked.value.code == "E09"
    assert "另一个镇" not in asked.value.message
    prepared = load(table, FileMapping({"承办单位": IGNORE, "主办单位": "unit_name"}), header=False)
    assert prepared.orders["unit_name"].to_list() == ["另一个镇"]


@pytest.mark.parametrize(("first", "second"), [("示例镇", ""), ("", "示例镇"), ("示例镇", "示例镇"), ("示例镇", "-")])
def test_two_headers_for_one_column_are_no_question_when_one_adds_nothing(load, first, second):
    prepared = load([[*HEADERS, "主办单位"], [*order(承办单位=first), second]], header=False)
    assert prepared.orders["unit_name"].to_list() == ["示例镇"]
    assert len(prepared.unmapped) == 1


def test_a_weak_header_yields_to_a_plain_one(load):
    prepared = load([[*HEADERS, "受理时间", "编号"], [*ORDER, "2026-01-01", "7"]], header=False)
    assert prepared.mapping["创建时间"] == "created_at"
    assert prepared.unmapped == ["受理时间", "编号"]
    weak = load([["编号", "受理时间", "内容"], ["7", "2026-01-01", "漏水"]], header=False)
    assert weak.mapping == {"编号": "order_id", "受理时间": "created_at", "内容": "body"}


@pytest.mark.parametrize(
    ("headers", "missing"),
    [
        (["工单编号", "主要内容"], "created_at"),
        (["创建时间", "主要内容"], "order_id"),
        (["工单编号", "创建时间"], "body"),
    ],
)
def test_missing_columns_are_named(load, headers, missing):
    with pytest.raises(IngestError, match=f"缺少必需的列.*{missing}") as refused:
        load([headers, ["1", "2026-05-01"]], header=False)
    assert refused.value.code == "E07"
