"""`hotline reconcile`, the official rank in `hotline rates`, and `hotline targets`, on a published folder."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from called import Hotline
from made_official import write_official
from made_snapshot import publish_orders, storage_at

from hotline12345.flows.cli.errors import describe
from hotline12345.flows.serve import serve
from hotline12345.sql import build
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import requests
from hotline12345.sql.records.store import open_records
from hotline12345.sql.records.uploads import keep_upload
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

ROWS = [
    [1, "西岭镇", 48, 41, 37, 34, 34, 0, "90.2%", 82.9, "82.9%", 1, 30, 0.5],
    [2, "东河街道", 73, 66, 66, 58, 38, 20, "100.0%", 87.9, "84.8%", 2, 45, ""],
    [3, "石泉乡", 0, 0, 0, 0, 0, 0, "—", "—", "—", "", "", ""],
    ["汇总", "", 121, 107, 103, 92, 72, 20, "96.3%", 86.0, "84.1%", "", "", ""],
]
PERIOD = ("--period", "2026-03")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published folder that tests copy."""
    storage = storage_at(tmp_path_factory.mktemp("published"))
    snapshot = publish_orders(storage)
    with closing(open_warehouse(storage)) as connection:  # else the first command builds everything again
        build.set_parameter(connection, build.PUBLISHED, snapshot.run_id)
    return storage.data


@pytest.fixture
def data(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "data"))


@pytest.fixture
def bulletin(tmp_path: Path) -> Path:
    return write_official(tmp_path / "通报.xlsx", ROWS, ["注：以上数据截至印发日。"])


def test_a_published_table_is_loaded_once_and_compared(hotline: Hotline, data: Path, bulletin: Path) -> None:
    said = hotline("reconcile", bulletin, *PERIOD, "--source", "示例通报第3期", "--data-dir", data)
    assert said.code == 0, said.printed
    for part in (
        "第 1 号通报：单位 3 行，汇总 1 行，说明 1 行，未存入 0 行。",
        "单位“石泉乡”不在单位清单中，单独列出，没有并入任何单位。相近的单位：石泉镇",
        "正式位次",
        "本系统测算，以正式通报为准",
        "数字吻合只是线索，不是结论",
    ):
        assert part in said.out
    again = json.loads(hotline("reconcile", bulletin, *PERIOD, "--data-dir", data, "--format", "json").out)
    assert again["loaded"]["already_loaded"]
    assert again["loaded"]["official_id"] == 1
    units = {unit["unit_name"]: unit for unit in again["units"]}
    assert (units["东河街道"]["official_valid"], units["东河街道"]["valid_difference"]) == (66, 1)
    assert units["西岭镇"]["official_resolution_rate"] == 0.829
    assert again["variants"][0]["words"]
    tables = json.loads(hotline("reconcile", "--data-dir", data, "--format", "json").out)
    assert [(table["official_id"], table["unit_rows"], table["source"]) for table in tables] == [
        (1, 3, "示例通报第3期")
    ]


def test_the_official_rank_stands_first_in_the_rates(hotline: Hotline, data: Path, bulletin: Path) -> None:
    before = json.loads(hotline("rates", *PERIOD, "--data-dir", data, "--format", "json").out)
    assert "official_rank" not in before[0]
    hotline("reconcile", bulletin, *PERIOD, "--data-dir", data)
    after = json.loads(hotline("rates", *PERIOD, "--data-dir", data, "--format", "json").out)
    assert [{name: row[name] for name in before[0]} for row in after] == before, "the contract's fields stay"
    ranks = {row["unit_name"]: (row["official_rank"], row["rank"]) for row in after}
    assert ranks["西岭镇"] == (1, 2)
    assert ranks["石泉镇"] == (None, None)
    table = hotline("rates", *PERIOD, "--data-dir", data).out
    assert table.index("正式位次") < table.index("承办单位") < table.index("测算位次")
    assert "第 1 号通报" in table
    csv = hotline("rates", *PERIOD, "--data-dir", data, "--format", "csv").out
    assert csv.lstrip("\ufeff").startswith("正式位次,")
    assert hotline("reconcile", "--withdraw", "1", "--data-dir", data).code == 0
    assert "正式位次" not in hotline("rates", *PERIOD, "--data-dir", data).out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("通报.xlsx",), "导入通报要写明考核周期"),
        (
            ("通报.xlsx", "--period", "2019-01"),
            "没有周期“2019-01”，通报无从对照。写法如 2026-08 或 2026；已有工单的周期：2026-02 至",
        ),
        (("通报.xlsx", *PERIOD, "--rule", "nope"), "没有规则“nope”。现有规则：example-10-50-40"),
        (("通报.xlsx", *PERIOD, "--issued-at", "2999-01-01"), "印发时间不能晚于现在"),
        (("不在.xlsx", *PERIOD), "找不到文件“不在.xlsx”"),
        (PERIOD, "2026-03 期还没有导入正式通报"),
        (("--withdraw", "5"), "没有第 5 号通报"),
    ],
)
def test_mistakes_are_told(
    hotline: Hotline,
    folder: Path,
    bulletin: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(bulletin.parent)
    said = hotline("reconcile", *arguments, "--data-dir", folder)
    assert (said.code, told in said.err) == (2, True), said.printed


def test_a_page_has_a_table_loaded_by_request(data: Path, bulletin: Path) -> None:
    storage = Storage.at(data, data / "config")
    upload = keep_upload(storage, bulletin.name, bulletin.read_bytes())
    with closing(open_records(storage)) as records:
        asked = {"period_id": "2026-03", "source": "示例通报", "issued_at": "2026-03-28 09:00:00"}
        request_id = requests.file_request(records, "reconcile", "分析员", upload, asked)
        requests.file_request(
            records, "reconcile", "分析员", keep_upload(storage, "x.csv", b"1,2"), {"period_id": "2026-03"}
        )
    serve(storage, describe, once=True)
    with closing(open_records(storage)) as records:
        failed, done = requests.newest(records, 10)
    assert (done.request_id, done.state, done.outcome["official_id"]) == (request_id, "done", 1)
    assert done.outcome["counts"] == {"unit": 3, "summary": 1, "note": 1, "refused": 0}
    assert (failed.state, "没有找到通报表" in failed.outcome["message"]) == ("failed", True)
    assert list((storage.inbox / "uploads").glob("*")) == []
    reader = Reader(storage, current_snapshot(storage))
    assert reader.official_ranks("example-10-50-40", "2026-03")["issued_at"].n_unique() == 1
    reader.close()


def test_names_that_nobody_knows_are_masked_before_they_are_stored(
    hotline: Hotline, data: Path, tmp_path: Path
) -> None:
    rows = [["西岭镇", 48, 1], ["王小明13800001234", 3, 2], ["王小明13800001234", 4, 3]]
    path = lines(tmp_path / "通报.csv", ["单位", "受理量", "排名"], *rows, ["备注：黑松镇张三反映"], ["填表人李四"])
    said = hotline("reconcile", path, *PERIOD, "--data-dir", data)
    assert said.code == 0, said.printed
    assert "单位“王某138****1234”不在单位清单中" in said.out
    assert "第 4 行（王某138****1234）没有存入：与第 3 行是同一单位。" in said.out
    assert "单位 2 行，汇总 0 行，说明 2 行，未存入 1 行。" in said.out
    printed = said.printed + "".join(
        hotline("reconcile", *asked, "--data-dir", data, "--format", "json").printed for asked in ((), PERIOD)
    )
    stored = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
    for planted in ("王小明", "13800001234", "黑松镇张三", "填表人", "李四"):
        assert planted not in printed
        assert planted.encode() not in stored


@pytest.mark.parametrize(
    ("written", "stored"), [("2026-03-25", "2026-03-25 23:59:59.999999"), ("2026-03-25 09:30", "2026-03-25 09:30:00")]
)
def test_a_day_of_issue_lasts_until_its_end(
    hotline: Hotline, data: Path, bulletin: Path, written: str, stored: str
) -> None:
    assert hotline("reconcile", bulletin, *PERIOD, "--issued-at", written, "--data-dir", data).code == 0
    (table,) = json.loads(hotline("reconcile", "--data-dir", data, "--format", "json").out)
    assert table["issued_at"].replace("T", " ") == stored


def test_a_table_of_ranks_alone_is_compared_by_rank(hotline: Hotline, data: Path, tmp_path: Path) -> None:
    path = lines(tmp_path / "排名.csv", ["单位", "排名"], ["西岭镇", 1], ["东河街道", 2])
    said = hotline("reconcile", path, *PERIOD, "--data-dir", data)
    assert (said.code, "按现用规则计算时，2 个单位中 0 个吻合。" in said.out) == (0, True), said.printed
    again = json.loads(hotline("reconcile", *PERIOD, "--data-dir", data, "--format", "json").out)
    units = {unit["unit_name"]: unit for unit in again["units"]}
    assert (units["西岭镇"]["official_rank"], units["西岭镇"]["score_rank"]) == (1, 2)
    assert again["variants"][0]["figures"] == 2


def test_a_table_of_ranks_in_the_city_has_nothing_to_compare(hotline: Hotline, data: Path, tmp_path: Path) -> None:
    path = lines(tmp_path / "排名.csv", ["单位", "全市排名"], ["西岭镇", 30])
    assert hotline("reconcile", path, *PERIOD, "--data-dir", data).code == 0
    assert json.loads(hotline("reconcile", *PERIOD, "--data-dir", data, "--format", "json").out)["variants"] == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["单位", "受理量"]], "单位 0 行，汇总 0 行，说明 0 行，未存入 0 行。通报表一行一个单位，须有“承办单位”"),
        (
            [["单位", "受理量"], ["合计", 3], ["西岭镇", 10**25]],
            "第 3 行（西岭镇）没有存入：“受理量”应为 0 到 10,000,000",
        ),
        ([["单位", "受理量"], ["西岭镇", "不参评"]], "没有一个单位有可用的数字，没有存入"),
        ([["工单编号", "承办单位", "满意", "主要内容"], ["A1", "西岭镇", 1, "示例"]], "工单明细用 hotline run 导入"),
    ],
)
def test_a_file_without_a_usable_unit_changes_nothing(
    hotline: Hotline, data: Path, tmp_path: Path, rows: list[list[object]], told: str
) -> None:
    storage = Storage.at(data, data / "config")
    before = current_snapshot(storage).run_id
    said = hotline("reconcile", lines(tmp_path / "通报.csv", *rows), *PERIOD, "--data-dir", data)
    assert (said.code, told in said.err) == (2, True), said.printed
    assert current_snapshot(storage).run_id == before
    assert json.loads(hotline("reconcile", "--data-dir", data, "--format", "json").out) == []


def test_a_formula_without_a_result_is_told(hotline: Hotline, data: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["单位", "受理量", "排名"], ["西岭镇", "=40+8", 1], ["东河街道", 73, 2]):
        book.active.append(line)
    book.save(tmp_path / "通报.xlsx")
    said = hotline("reconcile", tmp_path / "通报.xlsx", *PERIOD, "--data-dir", data)
    assert said.code == 0, said.printed
    assert "第 2 行“受理量”列是没有结果的公式，请在 Excel 中打开保存后再导入。" in said.out


def lines(path: Path, *rows: list[object]) -> Path:
    """A text table."""
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


def test_targets_are_entered_listed_and_withdrawn(hotline: Hotline, data: Path) -> None:
    def listed() -> list[dict[str, str]]:
        return json.loads(hotline("targets", "list", "--data-dir", data, "--format", "json").out)

    (example,) = listed()
    assert example["target_name"] == "“十四五”期末目标（已到期）"
    assert example["validity"] == "2021年1月1日起至2025年12月31日，已到期"
    assert "仅作示例" in example["target_source"]
    entered = hotline("targets", "set", "resolution_rate", "92%", "--unit", "东河街道", "--data-dir", data)
    assert (entered.code, entered.out) == (0, "已录入第 1 号目标：解决率 92.0%。\n")
    hotline("targets", "set", "resolution_rate", "0.93", "--unit", "U1", "--who", "督查科", "--data-dir", data)
    hotline("targets", "set", "score", "90.5", "--from-period", "2026-04", "--data-dir", data)
    assert [(row["unit_name"], row["target_text"], row["validity"]) for row in listed()[1:]] == [
        ("东河街道", "93.0%", "各期"),
        ("各单位", "90.5", "2026-04 期起"),
    ]
    assert hotline("targets", "withdraw", "1", "--data-dir", data).code == 2, "it was replaced"
    assert hotline("targets", "withdraw", "2", "--data-dir", data).code == 0
    assert len(listed()) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("resolution_rate", "92"), "目标值超出范围。比率写作 85% 或 0.85"),
        (("resolution_rate", "-1"), "目标值超出范围。比率写作 85% 或 0.85，在 0 到 100% 之间"),
        (("score", "-0.5", "--who", "-1"), "目标值超出范围。综合成绩写 0 到 100"),
        (("score", "很高"), "目标值无法识别。综合成绩写 0 到 100"),
        (("rank", "1"), "指标 应为以下之一：response_rate"),
        (("score", "90", "--unit", "无此镇"), "单位清单中没有“无此镇”"),
        (("score", "90", "--from-period", "三月"), "周期的写法如 2026-08"),
    ],
)
def test_a_wrong_target_is_told(hotline: Hotline, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    said = hotline("targets", "set", *arguments, "--data-dir", folder)
    assert (said.code, told in said.err) == (2, True), said.printed
