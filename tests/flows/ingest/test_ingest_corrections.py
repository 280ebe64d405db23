"""One corrected row beside its stored cells: what was typed counts, what was left stays, what is foreign is named."""

import json
from datetime import datetime

import polars as pl
import pytest

from hotline12345.dashboard.corrections import KEPT_CALLER, KEPT_TEXT, exported, typed_in
from hotline12345.flows.ingest.corrections import (
    KEPT_KEY,
    MARK,
    StoredRows,
    correction_columns,
    find_stored,
    merge_corrections,
)
from hotline12345.flows.ingest.errors import IngestError

CELLS = {"order_id": "1", "created_at": "昨天", "body": "=路灯不亮", "caller_key": "a1b2"}
COLUMNS = ("order_id", "created_at", "body", "caller_key", "satisfaction")


def stored(cells: dict[str, str] = CELLS, lost: tuple[str, ...] = ()) -> StoredRows:
    rows = pl.DataFrame(
        {MARK: ["t"], "cells": [json.dumps(cells)], "lost_columns": [list(lost)]},
        schema_overrides={"lost_columns": pl.List(pl.String)},
    )
    return StoredRows(4, datetime(2026, 3, 1), False, COLUMNS, rows)


def handed_back(**cells: str | None) -> pl.DataFrame:
    """One row as the workbook holds it when it is opened, with some cells changed."""
    shown = {name: exported(CELLS, name) for name in COLUMNS} | cells
    return pl.DataFrame({"row_number": [2], MARK: ["t"], **{name: [cell] for name, cell in shown.items()}})


def test_a_row_left_alone_is_the_stored_row():
    merged, issues = merge_corrections(handed_back(), stored())
    assert issues.is_empty()
    assert merged.row(0, named=True) == {
        **{"row_number": 2, MARK: "t", "satisfaction": None},
        **{**CELLS, "caller_key": None, KEPT_KEY: "a1b2"},
    }


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("created_at", "2026-03-01", "2026-03-01"),
        ("created_at", None, None),
        ("satisfaction", "满意", "满意"),
        ("body", "路灯亮了", "路灯亮了"),
        ("body", "'=路灯亮了", "=路灯亮了"),
        ("body", "'=路灯不亮", "=路灯不亮"),
        ("body", KEPT_TEXT, "=路灯不亮"),
        ("caller_key", "12900001111", "12900001111"),
        ("caller_key", KEPT_CALLER, None),
        ("caller_key", None, None),
    ],
)
def test_a_changed_cell_counts(name, cell, value):
    merged, _ = merge_corrections(handed_back(**{name: cell}), stored())
    assert merged[name].to_list() == [value]
    assert merged[KEPT_KEY].to_list() == ["a1b2" if name != "caller_key" or cell == KEPT_CALLER else None]


def test_a_masked_id_is_not_loaded_as_it_was_exported():
    masked = {**CELLS, "order_id": "110***"}
    _, issues = merge_corrections(handed_back(order_id="110***"), stored(masked))
    assert issues.select("row_number", "column_name", "rule").rows() == [(2, "order_id", "masked_id")]
    _, issues = merge_corrections(handed_back(order_id="110105202603051234"), stored(masked))
    assert issues.is_empty()


def test_a_column_taken_out_of_the_workbook_keeps_its_values():
    merged, _ = merge_corrections(handed_back(created_at="2026-03-01").drop("body", "caller_key"), stored())
    assert merged.select("created_at", "body", KEPT_KEY).rows() == [("2026-03-01", "=路灯不亮", "a1b2")]


def test_an_id_whose_last_digits_were_lost_must_be_typed_again():
    cells = {**CELLS, "order_id": "2024010112345678000"}
    as_it_was, typed = handed_back(order_id=cells["order_id"]), handed_back(order_id="2024010112345678123")
    _, issues = merge_corrections(as_it_was, stored(cells, ("order_id",)))
    assert issues.select("column_name", "rule").rows() == [("order_id", "digits_lost")]
    assert merge_corrections(typed, stored(cells, ("order_id",)))[1].is_empty()


def test_rows_without_a_known_token_are_told_apart():
    rows = pl.concat([handed_back().with_columns(pl.lit(token).alias(MARK)) for token in ("t", "x", None)])
    merged, issues = merge_corrections(rows.with_columns(row_number=pl.Series([2, 3, 4])), stored())
    assert merged["row_number"].to_list() == [2]
    assert issues.rows() == [(3, MARK, "x", "unknown_token"), (4, MARK, None, "missing_token")]


def test_the_texts_of_need_to_know_rows_are_not_exported():
    for private in ({"order_type": "举报"}, {"is_confidential": "是"}, {"is_confidential": "需要保密"}):
        assert exported({"body": "文本", "order_id": "1"} | private, "body") == KEPT_TEXT
        assert exported({"body": "文本", "order_id": "1"} | private, "order_id") == "1"
    assert exported({"body": "文本", "is_confidential": "否", "order_type": "投诉"}, "body") == "文本"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@某", "普通"])
def test_what_looks_like_a_formula_is_escaped_and_comes_back(text):
    shown = exported({"body": text}, "body")
    assert shown is not None and not shown.startswith(("=", "+", "-", "@"))
    assert typed_in(shown) == text


def test_a_file_is_known_by_its_tokens():
    assert correction_columns(["行号", "问题", "改法", "工单编号", "来电号码", None, "行令牌"]) == {
        "order_id": 3,
        "caller_key": 4,
        "row_token": 6,
    }
    assert correction_columns(["工单编号", "创建时间", None]) is None


def test_rows_of_two_batches_in_one_file_are_refused():
    found = pl.DataFrame({MARK: ["a", "b"], "batch_id": [3, 2]})
    with pytest.raises(IngestError, match="几个批次（2、3）"):
        find_stored(pl.Series(["a", "b", None]), lambda tokens: found, "x.xlsx")
    with pytest.raises(IngestError, match="E13"):
        find_stored(pl.Series(["a"]), None, "x.xlsx")
