"""Tables as markup: escaped, aligned, honest about units without callbacks."""

import polars as pl
import pytest

from hotline12345.dashboard import tables


def test_values_are_escaped():
    frame = pl.DataFrame({"issue_name": ["<script>alert(1)</script>"], "order_count": [1]})
    markup = tables.html_table(frame, ["issue_name", "order_count"])
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup
    assert "<script>" not in tables.facts([("<script>", "<script>")])


def test_headings_come_from_the_dictionary():
    frame = pl.DataFrame({"received": [1200], "made_up": ["甲"]})
    markup = tables.html_table(frame, ["received", "made_up"], headings={"made_up": "别名"})
    assert ">受理量</th>" in markup
    assert '<td class="num">1,200</td>' in markup
    assert ">别名</th>" in markup
    with pytest.raises(KeyError):
        tables.html_table(frame, ["made_up"])


def unit(name: str, score: float | None, **changed: object) -> dict[str, object]:
    """A row of mart_unit_scores."""
    rates = ("response", "resolution", "satisfaction")
    return {
        **{"unit_name": name, "received": 10, "valid": 8, "score": score, "score_rank": 1 if score else None},
        **{f"{rate}_rate": None if score is None else 0.875 for rate in rates},
        **{f"{rate}_numerator": 7.0 for rate in rates},
        **{f"{rate}_denominator": 8 for rate in rates},
        **{"score_low": 60.0, "score_high": 95.0, "band": "暂不可区分" if score else "无有效回访"},
        **changed,
    }


def test_a_unit_without_callbacks_has_no_number():
    scores = pl.DataFrame([unit("甲", 87.5), unit("乙", None)], infer_schema_length=None)
    first, second = tables.ranking(scores, None).split("<tr>")[2:]
    assert "87.5%<small>7/8</small>" in first
    assert "60.0–95.0 分" in first
    assert "无有效回访" in second
    assert "%" not in second
    assert "区间 60–100 分" in tables.ranking(scores, None)
