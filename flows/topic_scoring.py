"""Topics of the warehouse: train on the clerks' labels, score the texts that the current model has not seen."""

from collections import Counter

import polars as pl

from hotline12345.models.topics.evaluate import Evaluation, evaluate, split_by_text
from hotline12345.models.topics.store import data_hash, load, make_manifest, save
from hotline12345.models.topics.topic_model import TooFewExamples, TopicModel
from hotline12345.sql import texts
from hotline12345.sql.publish import point, pointed
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

TEST_SHARE = 0.2
SEED = 12345
MINIMUM_LABELLED = 200
MAXIMUM_LABELLED = (
    60_000  # more texts cost minutes and change little; texts come sorted by a hash, so a head is a fair draw
)
CHUNK = 50_000


def classify(connection: Connection, storage: Storage) -> int:
    """Score the touched texts that the current model has not scored; returns how many.

    Without a model one is trained, if enough orders carry labels; with too few, orders stay 未归类.
    """
    model_id = pointed(storage.topic_models) or _first_model(connection, storage)
    if model_id is None:
        return 0
    texts.use_model(connection, model_id)
    wanted = texts.unscored_texts(connection, storage, model_id)
    if wanted.is_empty():
        return 0
    model, manifest = load(storage.topic_models / model_id)
    for chunk in wanted.iter_slices(CHUNK):
        probabilities = model.predict_proba(_documents(chunk))
        best = probabilities.argmax(axis=1)
        texts.land_predictions(
            connection,
            pl.DataFrame(
                {
                    "text_hash": chunk["text_hash"],
                    "model_id": pl.Series([manifest.model_id] * chunk.height, dtype=pl.String),
                    "topic_code": pl.Series(model.classes_[best].tolist(), dtype=pl.String),
                    "probability": pl.Series(probabilities.max(axis=1)),
                }
            ),
        )
    return wanted.height


def train(connection: Connection, storage: Storage) -> Evaluation:
    """Train on the labelled texts of the warehouse, make it the current model, and have all texts scored anew.

    The figures come from a model trained without a fifth of the texts and tested on it. Raises TooFewExamples.
    """
    labelled = texts.labelled_texts(connection, storage).head(MAXIMUM_LABELLED)
    documents, labels = _documents(labelled), labelled["topic_code"].to_list()
    model = TopicModel().fit(documents, labels)
    learn, test = split_by_text(documents, TEST_SHARE, SEED)
    if not learn or not test:
        raise TooFewExamples("不同的文本太少，留不出评估样本", Counter(labels))
    evaluation = evaluate(
        TopicModel,
        [documents[row] for row in learn],
        [labels[row] for row in learn],
        [documents[row] for row in test],
        [labels[row] for row in test],
    )
    metrics = {name: value for name, value in evaluation.to_dict().items() if name != "records_per_second"}
    manifest = make_manifest(model, data_hash(documents, labels), metrics)
    save(model, storage.topic_models / manifest.model_id, manifest)
    texts.use_model(connection, manifest.model_id)
    point(storage.topic_models, manifest.model_id)
    return evaluation


def _first_model(connection: Connection, storage: Storage) -> str | None:
    labelled = texts.labelled_texts(connection, storage)
    if labelled.height < MINIMUM_LABELLED or labelled["topic_code"].n_unique() < 2:
        return None
    try:
        train(connection, storage)
    except TooFewExamples:
        return None
    return pointed(storage.topic_models)


def _documents(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return list(frame.select(pl.col("title", "body").fill_null("")).iter_rows())
