"""`hotline reconcile`, the official rank in `hotline rates`, and `hotline targets`, on a published folder."""

import json
import shutil
from contextlib import closing
from pathlib import Path

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
        (("score", "很高"), "目标值无法识别。综合成绩写 0 到 100"),
        (("rank", "1"), "指标 应为以下之一：response_rate"),
        (("score", "90", "--unit", "无此镇"), "单位清单中没有“无此镇”"),
        (("score", "90", "--from-period", "三月"), "周期的写法如 2026-08"),
    ],
)
def test_a_wrong_target_is_told(hotline: Hotline, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    said = hotline("targets", "set", *arguments, "--data-dir", folder)
    assert (said.code, told in said.err) == (2, True), said.printed
