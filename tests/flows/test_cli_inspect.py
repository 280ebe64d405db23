"""`hotline inspect`: every fact before anything is loaded, masked, and nothing left on disk."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from called import Hotline
from made_exports import orders, write_csv, write_xlsx

from hotline12345.dashboard.corrections import MARK, heading

# The column sets of districts' exports, and a database's own English headers; the cells are invented.
SET_A = (
    "工单编号 工单类型 问题分类 标签 标题 主要内容 工单状态 来电人 来电人电话/账号 被反映区 被反映街乡镇 办理结果 回复内容 处理受理方式 办结时间 "
    "企业名称 是否解决 是否满意 工单性质 村/社区 小区点位"
)
SET_B = "序号 创建时间 办结时间 一级分类 二级分类 三级分类 被反映街乡镇 所在村社区 二级承办单位简称 主要内容 处理结果 是否有效回访 是否联系 是否解决 是否满意"
SET_C = (
    "工单编号 案件编号 数据来源 创建时间 市派单时间 派单时间 截止时间 处理时限 办结时间 月次 年次 主要内容 被反映街乡镇 二级承办单位简称 是否保留 剔挂标签 "
    "剔除挂账类型 不计入诉求总量类别 考核类型 七有五性 是否吹哨 吹哨部门 吹哨结果 提级办 退回次数 首次满意度 最终满意度 是否纳入考核 考核申诉 是否有效回访 "
    "是否联系 是否解决 是否满意"
)
ENGLISH = (
    "id DISPOSE_UNIT_NAME EVENT_SRC_NAME OPERATE_NUM EVENT_PROPERTY_NAME CREATE_TIME COMMUNITY_NAME REC_ID STREET_NAME"
)
CELLS: dict[str, Callable[[int], str]] = {
    "工单编号": lambda n: f"GD2026{n:08d}",
    "REC_ID": lambda n: f"{n + 91480}",
    "序号": str,
    "id": str,
    "创建时间": lambda n: f"2026-05-{n % 28 + 1:02d} 10:20:30",
    "CREATE_TIME": lambda n: f"2026-05-{n % 28 + 1:02d} 10:20:30",
    "市派单时间": lambda n: f"2026-05-{n % 28 + 1:02d} 11:00:00",
    "派单时间": lambda n: f"2026-05-{n % 28 + 1:02d} 12:00:00",
    "截止时间": lambda n: "2026-06-20 12:00:00",
    "办结时间": lambda n: "2026-06-03 09:00:00",
    "来电人": lambda n: "李长江",
    "来电人电话/账号": lambda n: "12812345678",
    "主要内容": lambda n: f"李长江反映第 {n} 个路口的信号灯不亮，电话12812345678，希望尽快修好",
    "问题分类": lambda n: "交通->信号灯->不亮",
    "被反映街乡镇": lambda n: "甲山街道",
    "STREET_NAME": lambda n: "甲山街道",
    "COMMUNITY_NAME": lambda n: "东明里社区",
    "二级承办单位简称": lambda n: "示例局",
    "DISPOSE_UNIT_NAME": lambda n: "示例局",
    "EVENT_PROPERTY_NAME": lambda n: "投诉",
    "EVENT_SRC_NAME": lambda n: "12345",
    "OPERATE_NUM": lambda n: "1",
    "是否有效回访": lambda n: "是",
    "是否联系": lambda n: "是",
    "是否解决": lambda n: "是",
    "是否满意": lambda n: "满意",
    "是否吹哨": lambda n: "否",
    "是否纳入考核": lambda n: "是",
    "是否保留": lambda n: "保留",
    "退回次数": lambda n: "0",
    "工单状态": lambda n: "已办结",
}


def rows(headers: str, count: int = 12) -> list[dict[str, str]]:
    return [{header: CELLS.get(header, lambda n: "")(n) for header in headers.split()} for n in range(count)]


@pytest.fixture
def inspected(hotline: Hotline, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Inspect rows written as an export; gives the JSON."""

    def call(table: Sequence[Mapping[str, str]], *options: str) -> dict[str, Any]:
        path = write_csv(tmp_path / "export.csv", table)
        done = hotline("inspect", path, "--data-dir", tmp_path / "data", "--format", "json", *options)
        assert done.code == 0, done.err
        facts: dict[str, Any] = json.loads(done.out)
        return facts

    return call


def impossible(facts: Mapping[str, Any]) -> str:
    return "\n".join(limit["says"] for limit in facts["limits"])


def column(option: str) -> tuple[str, str]:
    return "--column", option


def test_a_file_of_known_headers_is_described_and_tried(inspected) -> None:
    table = [*orders(20), {**orders(1, start=99)[0], "完成时间": "昨天"}]
    facts = inspected(table)
    assert (facts["format"], facts["encoding"], facts["header_row"], facts["sheet"]) == ("csv", "gb18030", 1, None)
    assert facts["questions"] == []
    assert {fact["header"]: fact["column"] for fact in facts["columns"]}["完成时间"] == "closed_at"
    assert {fact["how"] for fact in facts["columns"]} == {"列名"}
    tried = facts["dry_run"]
    assert (tried["rows_read"], tried["rows_loaded"], tried["rows_not_data"], tried["rows_quarantined"]) == (
        22,
        20,
        1,
        1,
    )
    assert [(r["column"], r["rule"], r["count"]) for r in tried["reasons"]] == [("closed_at", "unknown_time", 1)]
    assert len(facts["sample"]) == 5
    assert facts["sample"][0]["工单编号"] == "D2025000001"


def test_a_sheet_below_title_rows_is_named(hotline: Hotline, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "工单.xlsx", orders(8), above=["2025年工单", "制表：信息科"])
    done = hotline("inspect", path, "--data-dir", tmp_path / "data")
    assert done.code == 0
    assert "格式 xlsx，工作表“工单”，表头在第 3 行" in done.out
    assert "读取 11 行 = 可导入 8 + 非数据 3 + 隔离 0" in done.out
    assert "下一步：hotline run" in done.out


def test_nothing_is_left_on_disk_and_nobody_is_shown(hotline: Hotline, tmp_path: Path) -> None:
    table = [{**row, "企业名称": "张三丰的店"} for row in rows(SET_A)]
    path = write_csv(tmp_path / "export.csv", [{"创建时间": CELLS["创建时间"](1), **row} for row in table])
    before = {*tmp_path.rglob("*")}
    for output in ("table", "json"):
        done = hotline(
            "inspect", path, "--data-dir", tmp_path / "data", "--format", output, *column("处理受理方式=channel")
        )
        assert done.code == 0
        assert "128****5678" in done.out
        assert "李某" in done.out
        shown = [secret for secret in ("12812345678", "李长江", "张三丰") if secret in done.printed]
        assert shown == []
    assert {*tmp_path.rglob("*")} == before


def test_set_a_has_no_creation_time_and_no_callback(inspected) -> None:
    facts = inspected(rows(SET_A))
    (question,) = facts["questions"]
    assert question["code"] == "E07"
    assert "创建时间" in question["text"]
    assert facts["dry_run"] is None
    with_time = inspected([{"来电时间": CELLS["创建时间"](n), **row} for n, row in enumerate(rows(SET_A))])
    assert with_time["questions"] == []
    assert "不算三率" in impossible(with_time)
    assert "不能按承办单位统计和排名" in impossible(with_time)
    assert "重复来电" not in impossible(with_time)
    assert with_time["dry_run"]["rows_loaded"] == 12


def test_set_b_has_no_order_id(inspected) -> None:
    facts = inspected(rows(SET_B))
    assert facts["questions"] == []
    assert "无法可靠地跟踪修订" in impossible(facts)
    assert "不能识别重复来电" in impossible(facts)
    assert "三率" not in impossible(facts)
    assert [fact["header"] for fact in facts["columns"] if not fact["column"]] == []
    assert facts["dry_run"]["rows_loaded"] == 12


def test_set_c_is_understood_whole(inspected) -> None:
    facts = inspected(rows(SET_C))
    assert [fact["header"] for fact in facts["columns"] if fact["column"] == "ignore"] == ["月次", "年次"]
    assert all(fact["column"] for fact in facts["columns"])
    assert facts["questions"] == []
    assert facts["dry_run"]["rows_quarantined"] == 0


def test_a_database_export_is_proposed_column_by_column(inspected) -> None:
    facts = inspected(rows(ENGLISH, 40))
    proposed = {suggestion["header"]: suggestion["column"] for suggestion in facts["suggestions"]}
    assert proposed == {
        "DISPOSE_UNIT_NAME": "unit_name",
        "EVENT_PROPERTY_NAME": "order_type",
        "EVENT_SRC_NAME": "channel",
        "CREATE_TIME": "created_at",
        "COMMUNITY_NAME": "community",
        "REC_ID": "order_id",
        "STREET_NAME": "place_town",
    }
    assert not [fact for fact in facts["columns"] if fact["column"]]
    assert [question["code"] for question in facts["questions"]] == ["E07", "E07"]
    options = [option for s in facts["suggestions"] for option in column(f"{s['header']}={s['column']}")]
    answered = inspected(rows(ENGLISH, 40), *options)
    assert answered["questions"] == []
    assert answered["dry_run"]["rows_loaded"] == 40
    assert "不算三率" in impossible(answered)


def test_each_question_is_answered_by_its_option(inspected) -> None:
    table = [{**row, "来电类别": "电话", "处理时间": row["完成时间"]} for row in orders(12)]
    table = [{header: cell for header, cell in row.items() if header != "完成时间"} for row in table]
    facts = inspected(table)
    assert [question["code"] for question in facts["questions"]] == [
        "E08"
    ]  # 诉求类型 is there, so 来电类别 is no question
    (question,) = facts["questions"]
    assert "“处理时间”" in question["text"]
    assert {answer["option"] for answer in question["answers"]} == {
        f'--column "处理时间={column}"' for column in ("closed_at", "dispatched_at", "ignore")
    }
    for answer in question["answers"]:
        ((header, target),) = answer["columns"].items()
        answered = inspected(table, *column(f"{header}={target}"))
        assert answered["questions"] == []
        assert answered["dry_run"]["rows_loaded"] == 12


def test_ignored_columns_are_not_listed_as_left_out(hotline: Hotline, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [{**row, "备注": "x", "附件": "y"} for row in orders(6)])
    out = hotline("inspect", path, "--data-dir", tmp_path / "data", *column("备注=ignore")).out
    assert "已说明不导入：备注。" in out
    left_out = out[out.index("不导入的列") : out.index("已说明不导入")]
    assert "附件" in left_out
    assert "备注" not in left_out


def test_a_confirmed_mapping_is_saved_and_recognised(hotline: Hotline, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "export.csv", rows(ENGLISH, 40))
    inspect = ("inspect", path, "--data-dir", tmp_path / "data")
    early = hotline(*inspect, "--save", "平台")
    assert early.code == 2
    assert "还有 2 个问题没有回答" in early.err
    answers = [*column("REC_ID=order_id"), *column("CREATE_TIME=created_at"), *column("DISPOSE_UNIT_NAME=承办单位")]
    saved = hotline(*inspect, *answers, "--save", "平台")
    assert "列对应已存为“平台”" in saved.out
    assert [p.name for p in (tmp_path / "data").rglob("*.*")] == ["平台.toml"]
    again = json.loads(hotline(*inspect, "--format", "json").out)
    assert "按已确认的列对应“平台”读取" in again["notes"][0]
    assert again["questions"] == []
    assert again["dry_run"]["rows_loaded"] == 40


def test_drift_stops_with_a_question(hotline: Hotline, tmp_path: Path) -> None:
    inspect = ("inspect", tmp_path / "export.csv", "--data-dir", tmp_path / "data")
    write_csv(tmp_path / "export.csv", rows(ENGLISH, 40))
    answers = [
        option
        for said in (
            "REC_ID=order_id",
            "CREATE_TIME=created_at",
            "STREET_NAME=place_town",
            "DISPOSE_UNIT_NAME=unit_name",
        )
        for option in column(said)
    ]
    hotline(*inspect, *answers, "--save", "平台")
    drifted = [
        {("TOWN_NAME" if h == "STREET_NAME" else h): cell for h, cell in row.items()} for row in rows(ENGLISH, 40)
    ]
    write_csv(tmp_path / "export.csv", drifted)
    facts = json.loads(hotline(*inspect, "--format", "json").out)
    assert [question["code"] for question in facts["questions"]] == ["E11"]
    assert facts["questions"][0]["answers"][0]["columns"] == {"TOWN_NAME": "place_town"}
    assert {"多了列：TOWN_NAME。", "少了列：STREET_NAME。"} <= {*facts["notes"]}
    answered = json.loads(hotline(*inspect, "--format", "json", *column("TOWN_NAME=place_town")).out)
    assert answered["questions"] == []
    gone = json.loads(hotline(*inspect, "--format", "json", *column("STREET_NAME=ignore")).out)
    assert gone["questions"] == []
    assert not [fact for fact in gone["columns"] if fact["column"] == "place_town"]


def test_how_the_file_is_written_can_be_stated(hotline: Hotline, tmp_path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="#")
    table = orders(5)
    writer.writerows([["标题行"], [*table[0]], *(row.values() for row in table)])
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode("gb18030"))
    done = hotline(
        "inspect", path, "--data-dir", tmp_path / "data", "--separator", "#", "--encoding", "gbk", "--header-row", 2
    )
    assert "表头在第 2 行" in done.out
    assert "可导入 5" in done.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("", "缺少 文件"),
        ("{folder}/none.csv", "找不到文件"),
        ("{folder}/a.csv --separator ab", "--separator 应为一个字符"),
        ("{folder}/a.csv --column 来电类别", "--column 的写法是"),
        ("{folder}/a.csv --column 满意度=satisfied", "是不是 satisfaction"),
        ("{folder}/a.csv --header-row 0", "--header-row 应为不小于 1 的整数"),
        ("{folder}/a.csv --format csv", "--format 应为以下之一：table、json"),
        ("{folder}/a.csv --save a/b", "档案名只能用"),
    ],
)
def test_mistakes_are_explained(hotline: Hotline, tmp_path: Path, options: str, says: str) -> None:
    write_csv(tmp_path / "a.csv", orders(6))
    done = hotline("inspect", *options.format(folder=tmp_path).split(), "--data-dir", tmp_path / "data")
    assert done.code == 2, done.printed
    assert says in done.err


def test_run_asks_and_takes_the_same_answers(hotline: Hotline, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "export.csv", rows(ENGLISH, 40))
    run = ("run", path, "--data-dir", tmp_path / "data")
    asked = hotline(*run)
    assert asked.code == 2
    assert "E07" in asked.err
    assert '--column "CREATE_TIME=created_at"' in asked.err
    answers = [*column("REC_ID=order_id"), *column("CREATE_TIME=created_at"), *column("DISPOSE_UNIT_NAME=unit_name")]
    assert hotline(*run, *answers).code == 0


def test_a_corrected_file_is_recognised_and_asks_nothing(inspected) -> None:
    facts = inspected([{heading(MARK): "abc", "工单编号": "D2025000001", "办结时间": "2026-05-03"}])
    assert (facts["questions"], facts["suggestions"], facts["limits"], facts["dry_run"]) == ([], [], [], None)
    assert "改正隔离行的文件" in facts["notes"][-1]


def test_a_successful_run_remembers_the_answers(hotline: Hotline, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "export.csv", rows(ENGLISH, 40))
    run = ("run", path, "--data-dir", tmp_path / "data")
    answers = [*column("REC_ID=order_id"), *column("CREATE_TIME=created_at"), *column("DISPOSE_UNIT_NAME=unit_name")]
    assert hotline(*run, *answers).code == 0
    write_csv(path, rows(ENGLISH, 44))
    again = hotline(*run)
    assert again.code == 0, again.err
    assert "按已确认的列对应“对应-" in again.out
    drifted = [
        {("HANDLER" if h == "DISPOSE_UNIT_NAME" else h): cell for h, cell in row.items()} for row in rows(ENGLISH)
    ]
    write_csv(path, drifted)
    stopped = hotline(*run)
    assert stopped.code == 2
    assert "E11" in stopped.err
    assert '--column "DISPOSE_UNIT_NAME=ignore"' in stopped.err
