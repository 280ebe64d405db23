"""The reads of the page 民生诉求库. Each takes a Viewer first: only orders that it may open are found and counted."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.library_words import Near, others, slips, ways, with_near
from hotline12345.dashboard.snapshots import cached, order_reader
from hotline12345.models.search import asked
from hotline12345.models.search.asked import Part
from hotline12345.models.search.pairs import PAIR, folded, packaged_tokenizer
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.search_reads import Narrowed

PAGE = 20  # orders of one page
MOST = 1_000  # orders of a download
SIMILAR, NEAR_WORDS, NEAR = 8, 3, 6


def parts(words: str) -> tuple[Part, ...]:
    """What is looked for."""
    return asked.parts(words, packaged_tokenizer())


@cached
def counts(viewer: Viewer, snapshot: Snapshot, question: Sequence[Part], narrowed: Narrowed) -> pl.DataFrame:
    """Found orders by unit and month; grain unit_id, created_month."""
    return order_reader(viewer, snapshot).search_counts(ways(question), narrowed)


@cached
def page(viewer: Viewer, snapshot: Snapshot, question: Sequence[Part], narrowed: Narrowed, number: int) -> pl.DataFrame:
    """One page of found orders (0 is the first) with their masked texts; grain order_id."""
    return order_reader(viewer, snapshot).search_orders(ways(question), narrowed, PAGE * number, PAGE)


def listed(viewer: Viewer, snapshot: Snapshot, question: Sequence[Part], narrowed: Narrowed) -> pl.DataFrame:
    """The first `MOST` found orders for a download; grain order_id."""
    return order_reader(viewer, snapshot).search_orders(ways(question), narrowed, 0, MOST)


@cached
def near(viewer: Viewer, snapshot: Snapshot, question: Sequence[Part], narrowed: Narrowed) -> list[tuple[Near, int]]:
    """Questions with one character another one that find orders, those with most orders first, and how many they find."""
    reads = order_reader(viewer, snapshot)
    found = []
    for place, part in enumerate(question):
        if part.is_pair:
            rest = ways(others(question, place))
            words = reads.search_near(part.text, rest, narrowed, NEAR_WORDS)
            found += [(Near(place, word), count) for word, count in words.rows()]
    for slip in slips(question):
        changed = ways(with_near(question, slip))
        found.append((slip, int(reads.search_counts(changed, narrowed)["order_count"].sum())))
    return sorted((each for each in found if each[1]), key=lambda each: -each[1])[:NEAR]


@cached
def similar(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """Orders of the same topic with the closest texts; grain order_id. Empty where the viewer may not read the order."""
    reads = order_reader(viewer, snapshot)
    texts = reads.order(order_id).select(pl.concat_str("title", "body", separator=" ", ignore_nulls=True).alias("text"))
    said = folded(texts["text"]).to_list()
    words = {word for text in said for word in packaged_tokenizer().search_words(text) if len(word) == PAIR}
    return reads.search_similar(order_id, words, SIMILAR)


@cached
def choices(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """What a search can be narrowed to; grain choice_kind, choice_code."""
    return order_reader(viewer, snapshot).search_choices()


@cached
def months(viewer: Viewer, snapshot: Snapshot) -> list[date]:
    """The months of the viewer's orders, the oldest first."""
    return order_reader(viewer, snapshot).search_months()
