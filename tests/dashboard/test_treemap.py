"""Boxes of a treemap: they fill the picture, overlap nowhere, and are as large as what they stand for."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.dashboard.topic_charts import TILES, treemap
from hotline12345.dashboard.treemap import ASPECT, Box, areas, fewer, squarified

VALUES = st.lists(st.integers(1, 5000), min_size=1, max_size=40).map(lambda values: sorted(values, reverse=True))
TOPICS = pl.DataFrame(
    [
        ("A", "住房", "A1", "物业", 60),
        ("A", "住房", "A2", "房产证", 40),
        ("B", "公共服务", "B1", "供暖", 25),
        ("未归类", "未归类", "未归类", "未归类", 5),
    ],
    schema=["parent_code", "parent_name", "topic_code", "topic_name", "order_count"],
    orient="row",
)


def overlap(one: Box, other: Box) -> float:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(across, 0.0) * max(down, 0.0)


@given(VALUES)
def test_boxes_are_as_large_as_their_values_and_lie_apart(values):
    picture = Box(0.0, 0.0, ASPECT, 1.0)
    boxes = squarified(values, picture)
    assert [box.area for box in boxes] == pytest.approx([value / sum(values) * ASPECT for value in values])
    for box in boxes:
        assert box.x >= -1e-9
        assert box.y >= -1e-9
        assert box.x + box.width <= ASPECT + 1e-9
        assert box.y + box.height <= 1 + 1e-9
    pairs = [(one, other) for place, one in enumerate(boxes) for other in boxes[:place]]
    assert sum(overlap(one, other) for one, other in pairs) == pytest.approx(0, abs=1e-9)


def test_the_worked_example_of_the_paper():
    """Bruls and others (2000): areas 6, 6, 4, 3, 2, 2, 1 in a box of 6 by 4."""
    boxes = squarified([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    sides = [(round(box.width, 2), round(box.height, 2)) for box in boxes]
    assert sides == [(3, 2), (3, 2), (1.71, 2.33), (1.29, 2.33), (1.2, 1.67), (1.2, 1.67), (0.6, 1.67)]


def test_topics_lie_inside_the_one_that_holds_them():
    found = areas(TOPICS.reverse())
    assert found["topic_code"].to_list() == ["A1", "A2", "B1", "未归类"]
    width, height = pl.col("right") - pl.col("left"), pl.col("bottom") - pl.col("top")
    assert found.select(width * height).to_series().to_list() == pytest.approx([60 / 130, 40 / 130, 25 / 130, 5 / 130])
    holder = found.filter(pl.col("parent_code") == "A")
    box = [holder["left"].min(), holder["right"].max(), holder["top"].min(), holder["bottom"].max()]
    assert (box[1] - box[0]) * (box[3] - box[2]) == pytest.approx(100 / 130), "its topics fill the holder's own box"


def test_small_topics_stand_together():
    found = fewer(TOPICS, 2, "其他")
    assert found["order_count"].sum() == TOPICS["order_count"].sum()
    rest = found.filter(pl.col("topic_code") == "其他").sort("parent_code")
    assert rest.select("parent_name", "order_count").rows() == [("公共服务", 25), ("未归类", 5)]


def test_the_chart_carries_chinese_titles_and_not_too_many_tiles():
    many = pl.concat([TOPICS.head(1).with_columns(topic_code=pl.lit(f"A{n}")) for n in range(3 * TILES)])
    spec = treemap(many).to_dict()
    (rows,) = spec["datasets"].values()
    assert len(rows) == TILES + 1
    assert rows[-1]["shown"] or rows[0]["shown"]
    assert "问题分类" in json.dumps(spec, ensure_ascii=False)
