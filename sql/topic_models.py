"""The topic models in the warehouse: those that were in use, and by which codes they are judged."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection


def land_model(connection: Connection, manifest: Mapping[str, Any]) -> None:
    """Store what the manifest of a model says, replacing what was stored of the same model before.

    Its thresholds decide what of its answers counts.
    """
    row = (
        manifest["model_id"],
        manifest["taxonomy_id"],
        datetime.fromisoformat(manifest["trained_at"]),
        manifest["thresholds"]["level1"],
        manifest["thresholds"]["lower"],
        manifest["metrics"]["sure_probability"],
        json.dumps(manifest, ensure_ascii=False, sort_keys=True),
    )
    with transaction(connection):
        connection.execute("delete from landed.topic_models where model_id = ?", [manifest["model_id"]])
        connection.execute("insert into landed.topic_models values (?, ?, ?, ?, ?, ?, ?)", row)


def current_codes(connection: Connection) -> dict[str, str]:
    """Today's level-1 code of each topic code."""
    rows = connection.execute("select topic_code, level1_code from landed.topic_paths where level1_code is not null")
    return dict(rows.fetchall())


def prevailing_taxonomy(connection: Connection) -> str | None:
    """The catalogue that most of the clerks' labels are of; None when none is of any."""
    rows = connection.execute(
        """
        select taxonomy_id
        from intermediate.clerk_topics as clerk
        inner join (select distinct taxonomy_id, topic_code from landed.topics) as topics
            on topics.topic_code = clerk.level1_code
        group by taxonomy_id order by count(*) desc, taxonomy_id limit 1
        """
    ).fetchall()
    return str(rows[0][0]) if rows else None
