"""Looking for clerks' labels that are probably wrong: for the command, and as a request of the page 分类复核."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from hotline12345.flows.clock import now
from hotline12345.flows.refreshing import Report, refresh
from hotline12345.models.topics.label_problems import conflicting_groups, doubtful_labels, out_of_fold
from hotline12345.models.topics.topic_model import TopicModel
from hotline12345.sql.label_problems import DUPLICATE, INFERRED, PROBLEMS, labelled_orders, land_label_problems
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

if TYPE_CHECKING:
    from hotline12345.flows.requested import Work

MOST = 20_000  # the newest labelled orders: models are fitted three times
LISTED = 1_000  # of each kind
SEARCHING = "交叉检验人工标注"
STEPS = 9  # of two refreshes and the search

Found = dict[str, Any]


def search(connection: Connection, storage: Storage, report: Report) -> Counter[str]:
    """Find the labels to doubt, land and publish them; how many of each kind. Raises TooFewExamples."""
    refresh(connection, storage, report)
    report(SEARCHING)
    orders = labelled_orders(connection, storage, MOST).with_columns(pl.col("title", "body").fill_null(""))
    found = [*_inferred(orders), *_duplicates(orders)]
    ranked = [{**row, "problem_rank": rank, "sought_at": now()} for rank, row in enumerate(found, 1)]
    land_label_problems(connection, pl.DataFrame(ranked, schema=PROBLEMS))
    refresh(connection, storage, report)
    return Counter(row["problem_kind"] for row in found)


def doubt_topics(work: "Work") -> Mapping[str, Any]:
    """The search as a request; the remark says how much it found."""
    with work.warehouse() as connection:
        found = search(connection, work.storage, work.step)
    return {"remarks": [told(found)]}


def told(found: Counter[str]) -> str:
    """What a search found, in a sentence."""
    return (
        f"在最近 {MOST:,} 件有人工分类的工单中查找：模型有把握地不同意的 {found[INFERRED]:,} 件，"
        f"文本相同或近似而标注不同的 {found[DUPLICATE]:,} 件。"
    )


def _inferred(orders: pl.DataFrame) -> Iterator[Found]:
    documents, labels = list(orders.select("title", "body").iter_rows()), orders["label_code"].to_list()
    classes, probabilities = out_of_fold(TopicModel, documents, ["\n".join(each) for each in documents], labels)
    number = {name: place for place, name in enumerate(classes)}
    doubts = doubtful_labels(probabilities, np.array([number[label] for label in labels], dtype=np.int64))
    columns = (doubts.example, doubts.suggested, doubts.label_probability, doubts.suggested_probability)
    for example, suggested, own, other in zip(*(column[:LISTED].tolist() for column in columns), strict=True):
        yield {
            "order_id": orders["order_id"][example],
            "problem_kind": INFERRED,
            "label_code": labels[example],
            "suggested_code": classes[suggested],
            "label_probability": own,
            "suggested_probability": other,
        }


def _duplicates(orders: pl.DataFrame) -> Iterator[Found]:
    """The orders of each group that are not labelled as most of it; all of them where no label leads."""
    labels = orders["label_code"].to_list()
    listed = 0
    for number, group in enumerate(conflicting_groups((orders["title"] + "\n" + orders["body"]).to_list(), labels), 1):
        counts = Counter(labels[row] for row in group).most_common()
        leading = counts[0][0] if counts[0][1] > counts[1][1] else None
        for row in group:
            if labels[row] != leading and listed < LISTED:
                listed += 1
                yield {
                    "order_id": orders["order_id"][row],
                    "problem_kind": DUPLICATE,
                    "label_code": labels[row],
                    "suggested_code": leading,
                    "conflict_number": number,
                }
