"""Masking keeps what it promises, on an invented corpus and on 300 messages of citizens marked by hand."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest
from made_corpus import Message, Span, make_corpus
from masking_quality import NUMBERS, Quality, measure

from hotline12345.flows.ingest.masking import mask_columns, mask_series
from hotline12345.flows.ingest.text import WIDE

ROOT = Path(__file__).parents[2]
PETITIONS = Path(os.environ.get("HOTLINE_PETITIONS", ROOT.parent / "shared" / "data")) / "petitions_train.parquet"
MARKS = Path(__file__).with_name("marked_petitions.csv")

NUMBER_RECALL, NAME_RECALL, TOUCHED = 0.995, 0.95, 0.005


def plain(messages: list[Message]) -> list[Message]:
    """Full-width letters and digits made plain as loading does it, character by character, so that places stay."""
    table = {ord(wide): character for wide, character in WIDE.items()}
    return [Message(message.text.translate(table), message.spans) for message in messages]


@pytest.fixture(scope="module", params=[1, 2])
def invented(request: pytest.FixtureRequest) -> Quality:
    """Quality on an invented corpus: every shape among numbers and names that have to stay."""
    messages = plain(make_corpus(2_000, 0.6, request.param))
    return measure(messages, mask_series(pl.Series([message.text for message in messages])))


def test_numbers_are_masked(invented: Quality) -> None:
    assert invented.planted.total() > 2_500
    assert {*NUMBERS, "name"} == set(invented.planted)
    assert invented.recall(*NUMBERS) >= NUMBER_RECALL, invented.missed
    for kind in NUMBERS:
        assert invented.recall(kind) >= 0.98, kind


def test_names_are_masked(invented: Quality) -> None:
    assert invented.recall("name") >= NAME_RECALL


def test_other_words_stay(invented: Quality) -> None:
    assert invented.touched_share < TOUCHED


@pytest.fixture(scope="module")
def petitions() -> Quality:
    """Quality on 300 messages of citizens, title and text of a message masked together as those of an order are."""
    if not PETITIONS.is_file():
        pytest.skip(f"the messages are not part of this project: {PETITIONS.name} is not there (HOTLINE_PETITIONS)")
    spans: dict[tuple[int, str], list[Span]] = defaultdict(list)
    rows: dict[int, None] = {}
    with MARKS.open(encoding="utf-8", newline="") as file:
        for mark in csv.DictReader(file):
            rows[int(mark["row"])] = None
            if mark["field"]:
                spans[int(mark["row"]), mark["field"]].append(Span(int(mark["start"]), int(mark["end"]), mark["kind"]))
    assert len(rows) == 300
    frame = pl.DataFrame({"row": list(rows)}, schema={"row": pl.Int32}).join(
        pl.read_parquet(PETITIONS), on="row", how="left", maintain_order="left"
    )
    fields = {
        field: plain([Message(text, tuple(spans[row, field])) for row, text in frame.select("row", field).iter_rows()])
        for field in ("title", "body")
    }
    masked = mask_columns(pl.DataFrame({field: [message.text for message in read] for field, read in fields.items()}))
    return measure([*fields["title"], *fields["body"]], [*masked["title"], *masked["body"]])


def test_numbers_in_messages_of_citizens_are_masked(petitions: Quality) -> None:
    assert petitions.recall("landline", "plate", "room") >= NUMBER_RECALL


def test_names_in_messages_of_citizens_are_masked(petitions: Quality) -> None:
    assert petitions.planted["name"] > 100
    assert petitions.recall("name") >= NAME_RECALL


def test_other_words_in_messages_of_citizens_stay(petitions: Quality) -> None:
    assert petitions.touched_share < TOUCHED


def test_the_marks_hold_no_text() -> None:
    with MARKS.open(encoding="utf-8", newline="") as file:
        for mark in csv.DictReader(file):
            assert list(mark) == ["row", "field", "start", "end", "kind"]
            assert mark["row"].isdigit()
            assert mark["field"] in ("", "title", "body")
            assert all(mark[name].isdigit() or not mark["field"] for name in ("start", "end"))
            assert mark["kind"].replace("_", "").isascii()
