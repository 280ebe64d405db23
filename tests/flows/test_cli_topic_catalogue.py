"""`hotline topics catalogue | relabel`: what they print, for a person and for a program."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_catalogue import BOTH, NEW, OLD, WALK, built, order, write

from hotline12345.flows.cli.topic_catalogue import catalogue, relabel
from hotline12345.sql.publish import publish
from hotline12345.sql.storage import Storage

ORDERS = [
    order("A-1", "2025-01-01", "公共服务", "停车"),
    {**order("A-2", "2025-01-02", "公共服务", "停车"), "is_confidential": True},
    order("A-3", "2025-01-03", "公共服务", "快递"),
    order("A-4", "2026-02-01", "供暖", "室温不达标"),
    order("A-5", "2026-02-01", "天气"),
    order("A-6", "2026-02-01"),
]


@pytest.fixture
def data(tmp_path: Path) -> str:
    storage = write(tmp_path, [*OLD, *NEW], BOTH, WALK)
    connection = built(tmp_path, ORDERS)
    publish(connection, storage, datetime(2026, 3, 1))
    connection.close()
    return str(Storage.at(tmp_path).data)


def test_the_catalogue_prints_names_counts_and_what_is_outside(data: str) -> None:
    done = CliRunner().invoke(catalogue, ["--data-dir", data])
    assert done.exit_code == 0, done.output
    assert "旧目录（示例）、新目录（示例）" in done.output
    for part in ("　机动车停车", "公共服务（已被取代）", "未归类 1 件", "标注不在目录里的 1 件", "上级的件数含下级"):
        assert part in done.output


def test_the_catalogue_for_a_program_has_every_code_and_stops_at_a_level(data: str) -> None:
    rows = json.loads(CliRunner().invoke(catalogue, ["--data-dir", data, "--format", "json"]).output)
    counts = {row["topic_code"]: row["order_count"] for row in rows}
    assert counts == {"A": 0, "A1": 0, "A11": 0, "A2": 0, "A3": 0, "M": 3, "M1": 0, "M2": 0, "M3": 1, "N": 1, "N1": 1}
    top = json.loads(CliRunner().invoke(catalogue, ["--data-dir", data, "--level", "1", "--format", "json"]).output)
    assert {row["topic_code"] for row in top} == {"A", "M", "N"}


def test_relabel_lists_orders_with_the_codes_to_choose_from(data: str) -> None:
    done = CliRunner().invoke(relabel, ["--data-dir", data])
    assert done.exit_code == 0, done.output
    assert "“停车”（A2）拆分为 机动车停车、非机动车停放：2 件" in done.output
    assert "hotline topics review --set" in done.output
    rows = json.loads(CliRunner().invoke(relabel, ["--data-dir", data, "--code", "A2", "--format", "json"]).output)
    assert [(row["order_id"], row["title"]) for row in rows] == [("A-2", None), ("A-1", "反映A-1")]
    assert {row["successors"] for row in rows} == {"M1 机动车停车、M2 非机动车停放"}


def test_a_code_without_waiting_orders_is_refused(data: str) -> None:
    done = CliRunner().invoke(relabel, ["--data-dir", data, "--code", "A1"])
    assert done.exit_code == 2
    assert "没有编码为“A1”的待归类工单。有待归类工单的编码：A2、A3" in done.output


def test_nothing_to_relabel_says_so(tmp_path: Path) -> None:
    storage = write(tmp_path, OLD)
    connection = built(tmp_path, ORDERS[:1])
    publish(connection, storage, datetime(2026, 3, 1))
    connection.close()
    assert "没有需要重新归类的工单" in CliRunner().invoke(relabel, ["--data-dir", str(storage.data)]).output
