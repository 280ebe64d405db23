"""Headers are mapped when they are plain, asked about when they are not, and always accounted for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_files import HEADERS, ORDER, csv_bytes, order

from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.ingest.contracts import ORDER_COLUMNS
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import (
    MIN_KNOWN_HEADERS,
    account,
    describe_headers,
    display_names,
    find_header,
)
from hotline12345.flows.ingest.mapping import (
    IGNORE,
    TARGETS,
    TOPIC_PATH,
    FileMapping,
    normalise_header,
    numbered_names,
    stated_columns,
)
from hotline12345.flows.ingest.opening import open_table
from hotline12345.flows.ingest.questions import refusal
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
NEEDED = ["工单编号", "创建时间", "主要内容"]


def differs(first: int, second: int) -> bool:
    """Two columns never say the same."""
    return False


def looked_up(headers, mapping=None):
    return account(headers, mapping or FileMapping(), differs)


def mapped(resolved):
    """Header → column of an account."""
    return {match.header: match.column for match in resolved.matches if match.column}


@pytest.mark.parametrize(("column", "headers"), OF_THE_DOMAIN.items())
def test_known_aliases(column, headers):
    known = aliases().columns | aliases().fallback
    assert {known[normalise_header(header)] for header in headers.split()} == {column}


def test_every_target_exists_and_no_header_has_two():
    known = aliases()
    targets = {*known.columns.values(), *known.fallback.values(), *(c for cs in known.ask.values() for c in cs)}
    assert targets <= {*TARGETS, IGNORE}
    assert {*known.values} <= TARGETS
    assert not set(known.columns) & set(known.fallback)
    assert not {*known.columns, *known.fallback} & set(known.ask)


def test_every_canonical_column_is_in_the_dictionary_and_has_a_header():
    assert {*ORDER_COLUMNS} - {"row_number"} <= {*columns()}
    assert {*aliases().columns.values()} == {*TARGETS, IGNORE}


@pytest.mark.parametrize("header", ["工 单\n编 号", "*工单编号", "工单编号：", "\u200b工单编号", "工单编号　"])
def test_headers_are_compared_without_decoration(header):
    assert normalise_header(header) == "工单编号"


def test_names_of_columns_are_distinct_and_stay():
    headers = ["备注", "备注", "备注（2）", None, "", "第5列（无表头）", "电话12812345678", "电话12812345678"]
    names = numbered_names(headers)
    assert names[:4] == ["备注", "备注（2）", "备注（2）（2）", "第4列（无表头）"]
    assert len({*names}) == len(headers)
    assert display_names(display_names(headers)) == display_names(headers)
    assert "12812345678" not in "".join(display_names(headers))


def test_how_each_column_was_found():
    resolved = looked_up([*NEEDED[:2], "内容", "备注", "甲", "乙"], FileMapping({"甲": "title", "乙": IGNORE}))
    found = [(m.column, m.how, m.confidence) for m in resolved.matches]
    assert found == [
        ("order_id", "alias", 1.0),
        ("created_at", "alias", 1.0),
        ("body", "weak", 0.8),
        (None, "none", 0.0),
        ("title", "stated", 1.0),
        (IGNORE, "stated", 1.0),
    ]
    assert resolved.unmapped == (3,)
    assert resolved.questions == ()


@pytest.mark.parametrize("header", sorted(aliases().ask))
def test_an_ambiguous_header_is_asked_about(header):
    resolved = looked_up([*NEEDED[:1], "主要内容", header])
    question = next(q for q in resolved.questions if q.code == "E08")
    assert [answer.columns for answer in question.answers] == [
        *({header: column} for column in aliases().ask[header]),
        {header: IGNORE},
    ]
    for answer in question.answers:
        answered = looked_up([*NEEDED, header], FileMapping(stated_columns([answer.option[10:-1]])))
        codes = {q.code for q in answered.questions}
        assert codes <= {"E09"}  # 时间 as created_at beside 创建时间 would be two for one, were they not stated


def test_an_ambiguous_header_is_left_out_when_its_columns_are_there():
    resolved = looked_up([*NEEDED, "办结时间", "处理时间"])
    assert resolved.questions == ()
    assert resolved.unmapped == (4,)


def test_two_headers_for_one_column_are_asked_about():
    resolved = looked_up([*NEEDED, "承办单位", "主办单位"])
    (question,) = resolved.questions
    assert (question.code, "“承办单位”和“主办单位”" in question.text) == ("E09", True)
    for answer, used in zip(question.answers, (3, 4), strict=True):
        entries = {normalise_header(header): column for header, column in answer.columns.items()}
        answered = looked_up([*NEEDED, "承办单位", "主办单位"], FileMapping(entries))
        assert answered.questions == ()
        assert answered.columns["unit_name"] == used


def test_a_repeated_header_is_answered_by_its_number():
    headers = [*NEEDED, "承办单位", "承办单位"]
    (question,) = looked_up(headers).questions
    assert [answer.option for answer in question.answers] == [
        '--column "承办单位=unit_name" --column "承办单位（2）=ignore"',
        '--column "承办单位（2）=unit_name" --column "承办单位=ignore"',
    ]
    for answer, used in zip(question.answers, (3, 4), strict=True):
        said = stated_columns(f"{header}={column}" for header, column in answer.columns.items())
        answered = looked_up(headers, FileMapping(said))
        assert (answered.questions, answered.columns["unit_name"]) == ((), used)


def opened(tmp_path, first, second):
    """A file with two headers for the unit."""
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_bytes([[*HEADERS, "主办单位"], [*ORDER, "示例镇"], [*order(承办单位=first), second]]))
    return open_table(path, FileMapping())


def test_two_headers_for_one_column_in_a_file_are_compared(tmp_path):
    found = opened(tmp_path, "示例镇", "另一个镇")
    assert [question.code for question in found.resolved.questions] == ["E09"]
    assert "另一个镇" not in repr(found.resolved)


@pytest.mark.parametrize(("first", "second"), [("示例镇", ""), ("", "示例镇"), ("示例镇", "示例镇"), ("示例镇", "-")])
def test_two_headers_for_one_column_are_no_question_when_one_adds_nothing(tmp_path, first, second):
    resolved = opened(tmp_path, first, second).resolved
    assert resolved.questions == ()
    fuller = HEADERS.index("承办单位") if first else len(HEADERS)
    assert resolved.columns["unit_name"] == fuller
    assert len(resolved.unmapped) == 1


def test_a_weak_header_yields_to_a_plain_one():
    resolved = looked_up([*NEEDED, "受理时间", "编号"])
    assert mapped(resolved)["创建时间"] == "created_at"
    assert resolved.unmapped == (3, 4)
    assert mapped(looked_up(["编号", "受理时间", "内容"])) == {
        "编号": "order_id",
        "受理时间": "created_at",
        "内容": "body",
    }


@pytest.mark.parametrize(
    ("headers", "missing"),
    [
        (["工单编号", "主要内容"], "created_at"),
        (["创建时间", "承办单位"], "order_id"),
        (["工单编号", "创建时间"], "body"),
    ],
)
def test_missing_columns_are_named(headers, missing):
    with pytest.raises(IngestError, match=f"缺少必需的列.*{missing}") as refused:
        raise refusal(account(headers, FileMapping(), differs).questions, "文件“甲”")
    assert refused.value.code == "E07"


def test_a_file_without_order_ids_may_be_loaded():
    assert looked_up(["创建时间", "主要内容", "承办单位"]).questions == ()


def test_a_stated_header_that_is_not_there_is_asked_about_with_the_near_ones():
    resolved = looked_up(
        [*NEEDED, "办结日期"], FileMapping({"办结时刻": "closed_at", "备住": IGNORE, "编码": "order_id"})
    )
    (question,) = resolved.questions
    assert question.code == "E10"
    assert "“办结时刻”" in question.text
    assert question.answers[0].columns == {"办结日期": "closed_at"}
    assert len(resolved.notes) == 2  # 备住 maps nothing and 编码 what 工单编号 fills: said, not asked


def test_the_error_asks_the_first_question_and_counts_the_others():
    with pytest.raises(IngestError, match="还有 2 个问题") as asked:
        resolved = account([*NEEDED, "来源", "来电类别"], FileMapping({"x": "unit_name"}), lambda a, b: True)
        raise refusal(resolved.questions, "文件“甲”")
    assert asked.value.code == "E08"
    assert '--column "来源=' in asked.value.message


def test_near_headers_make_a_header_row_and_data_does_not():
    title, header = ["2026年工单"], ["业务单号", "建单日期", "诉求描述", "承办部门名称"]
    data = ["GD1", "2026-05-01", "王小明反映楼道灯不亮", "示例局"]
    assert find_header([title, header, data], FileMapping()) == (1, MIN_KNOWN_HEADERS)
    assert find_header([title, data, data], FileMapping()) == (0, 0)
    assert find_header([title, ["x", "y"], data], FileMapping(known=frozenset({"x", "y"}))) == (1, 2)


def test_a_file_without_header_row_is_described_without_its_data():
    said = describe_headers([["王小明", "12812345678"], ["建单日期", "王小明"]])
    assert "第 2 行" in said
    assert "建单日期" in said
    assert "王小明" not in said
    assert describe_headers([["王小明", "12812345678"]]) == ""


KNOWN = st.sampled_from(sorted([*aliases().columns, *aliases().fallback, *aliases().ask, "备注", ""]))


@given(
    st.lists(KNOWN, max_size=12, unique=True).flatmap(
        lambda listed: st.tuples(st.just(listed), st.permutations(listed))
    )
)
def test_the_order_of_columns_changes_nothing(orders):
    one, other = (looked_up(headers) for headers in orders)
    assert {(q.code, frozenset(h for a in q.answers for h in a.columns)) for q in one.questions if q.code == "E08"} == {
        (q.code, frozenset(h for a in q.answers for h in a.columns)) for q in other.questions if q.code == "E08"
    }
    assert {q.code for q in one.questions} == {q.code for q in other.questions}
    if not any(q.code == "E09" for q in one.questions):
        names = {m.header: m.column for m in one.matches if not m.header.startswith("第")}
        assert names == {m.header: m.column for m in other.matches if not m.header.startswith("第")}


@given(st.lists(KNOWN, max_size=12, unique=True))
def test_an_ambiguous_header_is_never_mapped_silently(headers):
    resolved = looked_up(headers)
    for match in resolved.matches:
        if match.header in aliases().ask:
            assert match.column is None
            filled = {*aliases().ask[match.header]} & {*resolved.columns}
            asked = any(match.header in answer.columns for q in resolved.questions for answer in q.answers)
            assert filled or asked
