"""Frozen statistics: words of several people only, one text form and version, centres; links that come back as they were."""

import math
import re

import numpy as np
import polars as pl
import pytest
from planted_issues import LIFT, corpus, described, order, table, written
from polars.testing import assert_frame_equal

from hotline12345.models.recurring import Mined, MiningSettings, Statistics
from hotline12345.models.recurring.fitting import fit_statistics
from hotline12345.models.recurring.links import LINKS, NO_THEME, Links, link
from hotline12345.models.recurring.statistics import TOPIC_MARK, word_weights

SETTINGS = MiningSettings()


def test_a_word_weighs_by_the_orders_that_have_it() -> None:
    weights = word_weights(written((8, "电梯停运"), (4, "电梯漏水")), SETTINGS)
    assert weights.keys() == {"电梯", "停运", "漏水"}
    assert weights["停运"] == pytest.approx(math.log((500 + 12) / (1 + 8)), abs=1e-6)
    assert weights["漏水"] > weights["停运"] > weights["电梯"]


def test_what_fewer_than_three_people_write_is_no_word() -> None:
    one = [order(i, ("漏水", ""), None, "p1", i) for i in range(9)]
    other = [order(10 + i, ("停运", ""), None, f"q{i}", i) for i in range(3)]
    assert word_weights(described(table(one + other)), SETTINGS).keys() == {"停运"}


def test_the_more_orders_say_a_word_the_less_it_weighs_and_a_topic_is_a_word() -> None:
    """Of 200 orders all have the first word, 150 the second, 40 the third, and a topic."""
    rows = [
        {**order(i, ("电梯停运" if i < 40 else "电梯", "停水" if i < 150 else ""), None, f"p{i}", i), "topic": "A"}
        for i in range(200)
    ]
    weights = word_weights(described(table(rows)), SETTINGS)
    assert sorted(weights, key=lambda word: (weights[word], word)) == [f"{TOPIC_MARK}A", "电梯", "停水", "停运"]
    assert weights["电梯"] == weights[f"{TOPIC_MARK}A"] == pytest.approx(math.log(700 / 201), abs=1e-6)


def test_the_text_form_gives_the_same_statistics(mined: Mined) -> None:
    again = Statistics.from_json(mined.statistics.to_json())
    assert again == mined.statistics
    assert (again.version, again.to_json()) == (mined.statistics.version, mined.statistics.to_json())
    assert again.columns == mined.statistics.columns
    assert (again.theme_centres != mined.statistics.theme_centres).nnz == 0


@pytest.mark.parametrize("text", ["{}", "[]", "no json", '{"orders": 1}'])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError, TypeError)):
        Statistics.from_json(text)


def test_equal_contents_have_equal_versions_whatever_the_order_of_rows() -> None:
    descriptions = described(corpus())
    fitted = fit_statistics(descriptions, SETTINGS)
    assert re.fullmatch("[0-9a-f]{12}", fitted.version)
    assert fit_statistics(descriptions[::-1], SETTINGS).to_json() == fitted.to_json()
    assert fit_statistics(descriptions[1:], SETTINGS).version != fitted.version


def test_nothing_gives_empty_statistics() -> None:
    empty = fit_statistics([], SETTINGS)
    assert Statistics.from_json(empty.to_json()) == empty
    assert len(link(described(corpus()), empty, SETTINGS)) == corpus().height


def test_theme_centres_are_unit_rows_of_known_words(mined: Mined) -> None:
    centres = mined.statistics.theme_centres
    assert centres.shape == (len(mined.statistics.themes), len(mined.statistics.idf))
    assert np.sqrt((centres.toarray() ** 2).sum(axis=1)) == pytest.approx(1, abs=1e-5)
    heaviest = max(mined.statistics.themes[0].items(), key=lambda pair: pair[1])[0]
    assert heaviest == "房产证", "the largest theme comes first"
    assert all(len(theme) <= SETTINGS.theme_size for theme in mined.statistics.themes)


@pytest.fixture(scope="module")
def links() -> Links:
    descriptions = described(corpus())
    return link(descriptions, fit_statistics(descriptions, SETTINGS), SETTINGS)


def test_links_stand_in_the_order_of_their_contents(links: Links) -> None:
    assert list(zip(links.digests, links.order_ids, strict=True)) == sorted(
        zip(links.digests, links.order_ids, strict=True)
    )
    norms = np.sqrt(links.vectors.multiply(links.vectors).sum(axis=1))
    assert norms == pytest.approx(1, abs=1e-6)


def test_the_words_of_an_address_do_not_count() -> None:
    """Two estates of one name in part, one problem: nothing of the names is in the vectors."""
    rows = [order(i, ("云栖佳苑" + LIFT[i % 3][0], ""), "云栖佳苑", f"p{i}", i) for i in range(9)]
    descriptions = described(table(rows))
    statistics = fit_statistics(descriptions, SETTINGS)
    linked = link(descriptions, statistics, SETTINGS)
    used = {statistics.words[column] for column in linked.vectors.indices}
    assert used and not any(word in "云栖佳苑" for word in used)


def test_links_come_back_from_their_frame(links: Links) -> None:
    frame = links.to_frame()
    assert frame.schema == LINKS
    again = Links.from_frame(frame, links.vectors.shape[1])
    assert_frame_equal(again.to_frame(), frame)
    assert (again.vectors != links.vectors).nnz == 0
    assert again.vectors.shape == links.vectors.shape
    assert (again.places, again.themes.tolist()) == (links.places, links.themes.tolist())


def test_links_of_a_frame_without_words_have_empty_vectors(links: Links) -> None:
    again = Links.from_frame(links.to_frame().drop("words", "weights"), 7)
    assert (again.vectors.shape, again.vectors.nnz) == ((len(links), 7), 0)
    assert again.theme_cosines.tolist() == links.theme_cosines.tolist()


@pytest.mark.parametrize("title", ["", "你好"])
def test_an_order_without_a_known_word_has_an_empty_vector_and_no_theme(mined: Mined, title: str) -> None:
    frame = table([order(1, (title, ""), None, "p1", 1), order(2, LIFT[0], None, "p2", 1)])
    linked = link(described(frame), mined.statistics, SETTINGS)
    kept = Links.from_frame(linked.to_frame(), linked.vectors.shape[1])
    row = kept.order_ids.index("T0001")
    assert (kept.vectors[[row]].nnz, kept.themes[row], kept.theme_cosines[row]) == (0, NO_THEME, 0)
    assert kept.themes[1 - row] != NO_THEME


def test_no_links_at_all() -> None:
    empty = Links.from_frame(pl.DataFrame(schema=LINKS), 5)
    assert (len(empty), empty.vectors.shape, empty.to_frame().schema) == (0, (0, 5), LINKS)
