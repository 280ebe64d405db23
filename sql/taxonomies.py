"""The topic catalogue: topics.csv, taxonomies.csv and topic_crosswalk.csv of the config folder into landed tables."""

from datetime import date

import polars as pl

from hotline12345.sql.dated_names import FIRST_DAY, LAST_DAY
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.reference_tables import TOPIC_COLUMNS, read_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.taxonomy_checks import (
    CROSSWALK,
    TAXONOMIES,
    TOPICS,
    check_crosswalk,
    check_taxonomies,
    check_topics,
)
from hotline12345.sql.topic_names import topic_names
from hotline12345.sql.topic_paths import topic_paths
from hotline12345.sql.warehouse import Connection

UNNAMED = "site"  # the taxonomy of a topics.csv that names none
TAXONOMY_COLUMNS = pl.Schema(
    {
        **dict.fromkeys(("taxonomy_id", "taxonomy_name", "source", "version", "status"), pl.String()),
        "valid_from": pl.Date(),
        "valid_to": pl.Date(),
        "note": pl.String(),
    }
)
CROSSWALK_COLUMNS = pl.Schema(
    {
        **dict.fromkeys(("from_taxonomy_id", "from_code", "to_taxonomy_id", "to_code", "relation"), pl.String()),
        "valid_from": pl.Date(),
        "source": pl.String(),
    }
)
_CROSSWALK_REQUIRED = ("from_taxonomy_id", "from_code", "to_taxonomy_id", "to_code", "relation", "valid_from")
_PREFIXED = {name: f"taxonomy_{name}" for name in ("source", "version", "status", "note")}


def land_taxonomies(connection: Connection, storage: Storage) -> str:
    """Replace the catalogue's tables by the config folder's content; returns the crosswalk rows in use, as text.

    A crosswalk row is in use from the first order on or after its day: one prepared ahead changes nothing before.
    Raises ReferenceTableError, in Chinese, for a catalogue that contradicts itself.
    """
    topics = _always(read_reference(storage.config / TOPICS, TOPIC_COLUMNS, ("topic_code", "topic_name", "level")))
    topics = topics.with_columns(pl.col("taxonomy_id").fill_null(UNNAMED))
    taxonomies = _taxonomies(storage, topics)
    check_topics(topics, taxonomies["taxonomy_id"].to_list())
    crosswalk = read_reference(storage.config / CROSSWALK, CROSSWALK_COLUMNS, _CROSSWALK_REQUIRED)
    crosswalk = crosswalk.rename({"relation": "crosswalk_relation", "source": "crosswalk_source"})
    check_crosswalk(crosswalk, topics)
    in_use = crosswalk.filter(pl.col("valid_from") <= _newest_day(connection))
    replace_table(connection, "landed.taxonomies", taxonomies)
    replace_table(connection, "landed.topics", topics)
    replace_table(connection, "landed.topic_crosswalk", in_use)
    replace_table(connection, "landed.topic_names", _with_earlier(connection, topic_names(topics, taxonomies), topics))
    replace_table(connection, "landed.topic_paths", topic_paths(topics, in_use))
    return in_use.write_csv()


def _taxonomies(storage: Storage, topics: pl.DataFrame) -> pl.DataFrame:
    """The site's list of taxonomies in its order; without a list, those that topics.csv names, always valid."""
    listed = _always(
        read_reference(storage.config / TAXONOMIES, TAXONOMY_COLUMNS, ("taxonomy_id", "taxonomy_name", "status"))
    )
    listed = listed.rename(_PREFIXED)
    check_taxonomies(listed)
    if listed.is_empty():
        named = topics.select("taxonomy_id").unique().sort("taxonomy_id").with_columns(taxonomy_name="taxonomy_id")
        absent = [pl.lit(None, listed.schema[name]).alias(name) for name in listed.columns if name not in named.columns]
        listed = _always(named.with_columns(absent).select(listed.columns))
    return listed.with_columns(taxonomy_rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32))


def _with_earlier(connection: Connection, names: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """The paths of now, and those of earlier runs that nothing claims now: a name written over still means its code."""
    earlier: pl.DataFrame = connection.sql("select * from landed.topic_names").pl()
    known = pl.col("topic_code").is_in(topics["topic_code"].implode())
    return pl.concat([names, earlier.filter(known).join(names, on="topic_path", how="anti")])


def _always(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("valid_from").fill_null(FIRST_DAY), pl.col("valid_to").fill_null(LAST_DAY))


def _newest_day(connection: Connection) -> date:
    (newest,) = connection.execute("select max(created_at)::date from landed.order_versions").fetchall()[0]
    return FIRST_DAY if newest is None else date.fromisoformat(str(newest))
