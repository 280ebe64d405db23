"""On the sample, whose true topics are known: the queue and the doubts point at labels that are really wrong."""

from contextlib import closing

import polars as pl
import pytest

from hotline12345.dashboard.reviewing import ranked
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader


@pytest.fixture(scope="module")
def judged(demo_storage, root) -> tuple[pl.DataFrame, float]:
    """The first 200 of the queue with whether what counts is wrong, and the share of wrong ones among all orders."""
    truth = pl.read_parquet(root / "sample_data" / "truth" / "truth.parquet").select("order_id", "topic_level1")
    with closing(Reader(demo_storage, current_snapshot(demo_storage))) as reader:
        counted = reader._query("select order_id, topic_code from intermediate.classified_orders")
        queue = ranked(reader.review_candidates(), 200)
    known = counted.join(truth, on="order_id").with_columns(is_wrong=pl.col("topic_code") != pl.col("topic_level1"))
    return queue.join(known, on="order_id", maintain_order="left"), float(known["is_wrong"].mean())


def test_the_queue_finds_wrong_labels_far_oftener_than_chance(judged):
    queue, base = judged
    assert 0.01 < base < 0.1
    assert queue.head(50)["is_wrong"].mean() >= 0.9
    assert queue["is_wrong"].mean() >= 0.8


def test_the_stated_probability_is_no_exaggeration(judged):
    queue, _ = judged
    assert queue["wrong_probability"].mean() <= queue["is_wrong"].mean() + 0.05
