"""Topics of the warehouse: what the model in force says of the texts that it has not seen."""

from collections.abc import Callable
from dataclasses import asdict

import polars as pl

from hotline12345.flows.topic_training import first_model
from hotline12345.models.topics.store import OldFormatError, load
from hotline12345.models.topics.topic_tree import TopicTree
from hotline12345.sql import texts
from hotline12345.sql.publish import pointed
from hotline12345.sql.storage import Storage
from hotline12345.sql.topic_models import land_model
from hotline12345.sql.warehouse import Connection

CHUNK = 50_000  # texts scored and landed at a time: what a killed run loses at most

Progress = Callable[[int, int], None]


def classify(connection: Connection, storage: Storage, progress: Progress = lambda done, of: None) -> int:
    """Score the touched texts that the model in force has not scored; returns how many.

    Each chunk is landed by itself, so a killed run goes on where it stopped. Without a model, or with one of an earlier
    release, one is trained if enough orders carry labels; with too few, orders stay 未归类. `progress`: texts done, of all.
    """
    model_id = pointed(storage.topic_models)
    try:
        found = load(storage.topic_models / model_id) if model_id else None
    except OldFormatError:
        found = None
    if found is None:
        model_id = first_model(connection, storage)
        if model_id is None:
            return 0
        found = load(storage.topic_models / model_id)
    assert model_id is not None
    tree, manifest = found
    land_model(connection, asdict(manifest))  # a warehouse made anew does not know the models of its folder
    texts.use_model(connection, model_id)
    total, done = texts.unscored_count(connection, model_id), 0
    for chunk in texts.unscored_texts(connection, storage, model_id, CHUNK):
        texts.land_predictions(connection, answers(tree, chunk).with_columns(model_id=pl.lit(model_id)))
        done += chunk.height
        progress(done, total)
    return done


def answers(tree: TopicTree, chunk: pl.DataFrame) -> pl.DataFrame:
    """What a model says of texts, each different one scored once; grain text_hash, columns as in landed.topic_predictions
    but the model.
    """
    different = chunk.select("title", "body").fill_null("").unique(maintain_order=True)
    said = pl.concat([different, tree.answer(different["title"], different["body"])], how="horizontal")
    found = chunk.with_columns(pl.col("title", "body").fill_null("")).join(
        said, on=["title", "body"], how="left", maintain_order="left"
    )
    return found.drop("title", "body")
