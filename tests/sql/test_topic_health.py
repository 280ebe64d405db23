"""The health of the topic model as sums and counts, against numbers counted by hand; and the orders that fit no category."""

from datetime import datetime
from pathlib import Path

import pytest
from made_warehouse import land, make

from hotline12345.sql import build
from hotline12345.sql.reference import land_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.topic_proposals import unfit_orders
from hotline12345.sql.warehouse import Connection

UNITS = ("U1,东河街道,街镇,,,,,2020-01-01,",)
# order, month, the clerk's label, what the model says of its text: code, probability, unseen share
ANSWERS = (
    ("A1", 3, "市容", "M1", 0.9, 0.10),
    ("A2", 3, "住房", "M1", 0.8, 0.20),
    ("A3", 3, None, "M1", 0.3, None),
    ("A4", 3, None, "M2", 0.7, 0.00),
    ("A5", 4, "市容", "M1", 0.2, 0.50),
    ("A6", 4, None, None, None, None),
)
MODEL = "m1"


def built(folder: Path) -> tuple[Connection, Storage]:
    """The orders above, answered by a model with a threshold of 0.5."""
    storage = Storage.at(folder)
    storage.make()
    header = "taxonomy_id,topic_code,topic_name,parent_code,level,seven_five_primary,seven_five_secondary,valid_from,valid_to"
    lines = ("t,M1,市容,,1,,,2020-01-01,", "t,M2,住房,,1,,,2020-01-01,")
    (storage.config / "topics.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    rows = [
        {
            "order_id": order_id,
            "created_at": datetime(2026, month, 5, number),
            "unit_name": "东河街道",
            "topic_level1": label,
            "caller_key": f"k{number}",
            "body": f"诉求人说的事情{order_id}",
            "is_confidential": order_id == "A4",
        }
        for number, (order_id, month, label, *_) in enumerate(ANSWERS)
    ]
    connection = make(folder, rows, UNITS)
    answer(connection, storage)
    return connection, storage


def answer(connection: Connection, storage: Storage) -> None:
    """Land what the model says and build what reads it."""
    build.set_parameter(connection, build.MODEL, MODEL)
    connection.execute("delete from landed.topic_models")
    connection.execute(
        "insert into landed.topic_models by name select ? as model_id, 0.5 as level1_threshold, 0.5 as lower_threshold",
        [MODEL],
    )
    for order_id, _, _, code, probability, unseen in ANSWERS:
        if code:
            connection.execute(
                """
                insert into landed.topic_predictions by name
                select text_hash, ? as model_id, ? as level1_code, ? as level1_probability, ? as unseen_share
                from staging.orders where order_id = ?
                """,
                [MODEL, code, probability, unseen, order_id],
            )
    connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
    build.begin(connection, land_reference(connection, storage))
    build.run_files(connection, [file for stage in build.stages() for file in stage])
    build.run_checks(connection)
    build.finish(connection)


@pytest.fixture
def warehouse(tmp_path: Path) -> tuple[Connection, Storage]:
    return built(tmp_path)


def health(connection: Connection) -> dict[tuple[int, str], tuple[float, ...]]:
    rows = connection.execute(
        """
        select month(created_month), model_topic_code, order_count, probability_sum, unseen_known_count, unseen_sum,
            unsure_count, labelled_count, disagreement_count, corrected_count
        from marts.mart_topic_health order by all
        """
    ).fetchall()
    return {(month, code): tuple(rest) for month, code, *rest in rows}


def test_sums_and_counts(warehouse: tuple[Connection, Storage]):
    assert health(warehouse[0]) == {
        (3, "M1"): (3, 0.9 + 0.8 + 0.3, 2, pytest.approx(0.3), 1, 2, 1, 0),
        (3, "M2"): (1, 0.7, 1, 0.0, 0, 0, 0, 0),
        (4, "M1"): (1, 0.2, 1, 0.5, 1, 1, 0, 0),
    }


def test_an_order_that_moves_to_another_month_is_counted_there(warehouse: tuple[Connection, Storage]):
    connection, storage = warehouse
    moved = {
        "order_id": "A4",
        "created_at": datetime(2026, 4, 9),
        "unit_name": "东河街道",
        "caller_key": "k3",
        "body": "诉求人说的事情A4",
        "is_confidential": True,
    }
    land(connection, storage, [moved], known_at=datetime(2030, 2, 1))
    build.begin(connection, land_reference(connection, storage))
    build.run_files(connection, [file for stage in build.stages() for file in stage])
    assert {key: row[0] for key, row in health(connection).items()} == {(3, "M1"): 3, (4, "M1"): 1, (4, "M2"): 1}


def test_orders_that_fit_no_category(warehouse: tuple[Connection, Storage]):
    """Unsure (A3, A5) or without any (A6); never what the model is sure of, and nothing confidential."""
    found = unfit_orders(*warehouse)
    assert found.select("order_id", "label", "guess", "caller").rows() == [
        ("A3", None, "M1", "k2"),
        ("A5", "M1", "M1", "k4"),
        ("A6", None, None, "k5"),
    ]
    assert found["body"].to_list() == ["诉求人说的事情A3", "诉求人说的事情A5", "诉求人说的事情A6"]


def test_a_corrected_order_has_a_category(warehouse: tuple[Connection, Storage]):
    connection, storage = warehouse
    connection.execute(
        """
        insert into landed.topic_corrections by name
        select 'A3' as order_id, 'correct' as action, 'M2' as topic_code, timestamp '2026-04-09' as corrected_at
        """
    )
    connection.execute("insert into run.touched_orders values ('A3')")
    build.begin(connection, land_reference(connection, storage))
    build.run_files(connection, [file for stage in build.stages() for file in stage])
    assert unfit_orders(connection, storage)["order_id"].to_list() == ["A5", "A6"]
    assert health(connection)[3, "M1"][-1] == 1
