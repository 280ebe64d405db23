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
