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


def test_the_heat_table_colours_shares_of_towns_that_are_large_enough():
    rows = [("东", "甲", 1200), ("东", "乙", 600), ("东", "其他", 600), ("西", "甲", 19), ("西", "乙", None)]
    cells = pl.DataFrame(rows, schema=["place_town", "topic_name", "order_count"], orient="row").drop_nulls()
    markup = tables.heat_table(cells, ["东", "西"], ["甲", "乙", "其他"])
    east, west = (row.partition("</tr>")[0] for row in markup.split("<tr>")[2:])
    assert [cell.partition("</td>")[0] for cell in east.split("<td")[2:]] == [
        ' class="num" title="占该地诉求 50.0%" style="color:#fff;background:rgba(var(--heat),0.85)">1,200',
        ' class="num" title="占该地诉求 25.0%" style="background:rgba(var(--heat),0.42)">600',
        ' class="num" title="占该地诉求 25.0%">600',
    ]
    assert [cell.partition("</td>")[0] for cell in west.split("<td")[2:]] == [
        ' class="num" title="占该地诉求 100.0%">19',
        ">",
        ">",
    ], "19 orders of a town tell no share"
