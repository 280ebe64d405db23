"""A small topic catalogue written by hand, and orders labelled with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import made_warehouse

from hotline12345.sql import build
from hotline12345.sql.graph import upstream
from hotline12345.sql.reference import land_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

TOPICS = (
    "taxonomy_id,topic_code,topic_name,parent_code,level,seven_five_primary,seven_five_secondary,valid_from,valid_to"
)
TAXONOMIES = "taxonomy_id,taxonomy_name,source,version,status,valid_from,valid_to,note"
CROSSWALK = "from_taxonomy_id,from_code,to_taxonomy_id,to_code,relation,valid_from,source"
BOTH = ("old,旧目录,测试,2024,example,2024-01-01,2026-01-01,", "new,新目录,测试,2026,example,2026-01-01,,")
OLD = (
    "old,A,公共服务,,1,,,2024-01-01,",
    "old,A1,供暖,A,2,宜居性,,2024-01-01,",
    "old,A11,室温,A1,3,宜居性,,2024-01-01,",
    "old,A2,停车,A,2,便利性,,2024-01-01,",
    "old,A3,快递,A,2,便利性,,2024-01-01,",
)
NEW = (
    "new,N,供暖,,1,宜居性,,2026-01-01,",
    "new,N1,室温不达标,N,2,宜居性,,2026-01-01,",
    "new,M,公共服务,,1,,,2026-01-01,",
    "new,M1,机动车停车,M,2,便利性,,2026-01-01,",
    "new,M2,非机动车停放,M,2,便利性,,2026-01-01,",
    "new,M3,邮政快递,M,2,便利性,,2026-01-01,",
)
WALK = (
    "old,A1,new,N,same,2026-01-01,测试",
    "old,A11,new,N1,same,2026-01-01,测试",
    "old,A2,new,M1,split,2026-01-01,测试",
    "old,A2,new,M2,split,2026-01-01,测试",
    "old,A3,new,M3,merged,2026-01-01,测试",
    "old,A,new,M,same,2026-01-01,测试",
)


def write(
    folder: Path, topics: Sequence[str], taxonomies: Sequence[str] = (), crosswalk: Sequence[str] = ()
) -> Storage:
    """The three files of the catalogue in the config folder; without lines a file is left out."""
    storage = Storage.at(folder)
    storage.make()
    for name, header, lines in (
        ("topics.csv", TOPICS, topics),
        ("taxonomies.csv", TAXONOMIES, taxonomies),
        ("topic_crosswalk.csv", CROSSWALK, crosswalk),
    ):
        (storage.config / name).unlink(missing_ok=True)
        if lines:
            (storage.config / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return storage


def order(order_id: str, day: str, *labels: str | None) -> dict[str, Any]:
    """One order of a day with its labels from level 1 down and a text of its own."""
    names = ("topic_level1", "topic_level2", "topic_level3")
    return {
        "order_id": order_id,
        "created_at": datetime.fromisoformat(f"{day} 09:00"),
        "title": f"反映{order_id}",
        "body": f"诉求人反映{order_id}号问题",
        **dict(zip(names, labels, strict=False)),
    }


def built(folder: Path, orders: Sequence[Mapping[str, Any]]) -> Connection:
    """A built warehouse of these orders, under the catalogue in the folder."""
    return made_warehouse.make(folder, orders)


def labelled(storage: Storage, orders: Sequence[Mapping[str, Any]]) -> Connection:
    """A warehouse in which only the clerks' labels of these orders are resolved."""
    connection = open_warehouse(storage)
    made_warehouse.land(connection, storage, orders)
    resolve(connection, storage)
    return connection


def resolve(connection: Connection, storage: Storage) -> None:
    """Resolve the labels under the catalogue in the folder."""
    build.begin(connection, land_reference(connection, storage))
    needed = upstream(frozenset({"intermediate.clerk_topics"}))
    build.run_files(connection, [file for file in build.build_order() if file.name in needed])


def codes(connection: Connection, table: str = "intermediate.clerk_topics") -> dict[str, tuple[str | None, ...]]:
    """The levels of each order's topic, as the clerk labelled it."""
    rows = connection.execute(f"select order_id, level1_code, level2_code, level3_code from {table}").fetchall()
    return {order_id: levels for order_id, *rest in rows for levels in [tuple(rest)]}


def predict(connection: Connection, order_id: str, model: str = "m1", **answer: Any) -> None:
    """What the model says of the text of one order."""
    names = ", ".join(f"? as {name}" for name in answer)
    connection.execute(
        f"insert into landed.topic_predictions by name select text_hash, '{model}' as model_id, {names} "
        "from staging.orders where order_id = ?",
        [*answer.values(), order_id],
    )
