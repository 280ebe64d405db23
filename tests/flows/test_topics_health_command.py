"""`hotline topics health`: the figures of the model in force, urgent orders, and a planted matter found as a new category."""

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from called import Hotline
from made_snapshot import CUTOFF, land, orders, publish_orders, refresh, source, storage_at

from hotline12345.flows.topic_flags import flag_texts
from hotline12345.flows.topic_proposing import propose_categories
from hotline12345.sql import build
from hotline12345.sql.reference import land_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

COMPLAINTS = ("扫码以后柜门打不开", "押金一直退不回来", "扣了费轮椅却没有弹出来")
PLANTED = 15


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """The made folder with 15 orders more, of a matter that no category covers."""
    storage = storage_at(tmp_path_factory.mktemp("topic_health"))
    publish_orders(storage)
    connection = open_warehouse(storage)
    more = orders().tail(PLANTED).with_columns(
        order_id=pl.Series([f"D{n}" for n in range(1001, 1019) if n % 10 not in (0, 6)]).head(PLANTED),
        topic_level1=pl.lit(None, pl.String),
        topic_level2=pl.lit(None, pl.String),
        caller_key=pl.format("w{}", pl.int_range(PLANTED)),
        order_type=pl.lit("投诉"),
        is_confidential=pl.lit(False),
        closed_at=pl.lit(None, pl.Datetime),
        title=pl.Series([f"共享轮椅{COMPLAINTS[n % 3]}" for n in range(PLANTED)]),
        body=pl.Series([f"诉求人反映医院的共享轮椅{COMPLAINTS[n % 3]}，第{n}次反映。" for n in range(PLANTED)]),
    )  # fmt: skip
    land(connection, storage, more, source("新增.xlsx", more, CUTOFF))
    build.begin(connection, land_reference(connection, storage))
    build.run_files(connection, build.stages()[0])
    assert flag_texts(connection, storage) > 400
    build.run_files(connection, build.stages()[1])
    assert propose_categories(connection, storage) > 0
    refresh(connection, storage, datetime(2026, 3, 29, 14))
    return storage


def test_json(hotline: Hotline, site: Storage) -> None:
    done = hotline("topics", "health", "--data-dir", site.data, "--format", "json")
    assert done.code == 0, done.printed
    found = json.loads(done.out)
    assert found["model_id"] == "m1"
    assert found["alarms"] == []
    # One order every 3.48 hours from 19 January 8:00, of which those whose number ends in 0 or 6 are answered.
    assert [row["order_count"] for row in found["months"]] == [9 + 9, 20 + 19, 19 + 20]
    assert [row["mean_probability"] for row in found["months"]] == [pytest.approx(0.81)] * 3
    assert found["urgent"][0]["urgent_kinds"] == "供暖停"
    assert found["urgent"][0]["order_count"] > 100
    assert (found["urgent"][0]["certain_count"], found["urgent"][0]["possible_count"]) == (
        found["urgent"][0]["order_count"],
        0,
    )


def test_the_planted_matter_is_proposed(hotline: Hotline, site: Storage) -> None:
    found = json.loads(hotline("topics", "health", "--data-dir", site.data, "--format", "json").out)["proposals"]
    (planted,) = [row for row in found if "轮椅" in row["proposal_name"]]
    assert (planted["order_count"], planted["people_count"]) == (PLANTED, PLANTED)
    assert "轮椅" in planted["key_phrases"]
    assert (planted["guessed_code"], planted["guessed_share"], planted["labelled_share"]) == (None, 0.0, 0.0)


def test_table(hotline: Hotline, site: Storage) -> None:
    done = hotline("topics", "health", "--data-dir", site.data)
    assert done.code == 0, done.printed
    for words in ("现用模型 m1", "没有提醒", "逐月", "平均把握", "紧急敏感", "会有漏标", "新类别建议", "轮椅"):
        assert words in done.out, words


def test_before_the_first_publication(hotline: Hotline, tmp_path: Path) -> None:
    done = hotline("topics", "health", "--data-dir", tmp_path)
    assert done.code == 2
    assert "hotline run" in done.err
