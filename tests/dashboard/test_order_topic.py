"""The section of an order's page on its topic: phrases, runner-up, similar orders to open; nothing of confidential texts."""

import made_tree
import pytest
from page_words import words

from hotline12345.sql.storage import Storage


@pytest.fixture
def site(own: Storage) -> Storage:
    """The made folder with the model that answered for its orders."""
    made_tree.store(own)
    return own


def test_an_order_says_why_it_has_its_topic(show, site):
    said = words(show("orders", site, {"order_id": "D0040"}))
    assert "“公共服务 › 供暖”是导入文件中的人工分类" in said
    assert "模型的判断不同，判为“住房”" in said, "what is stored for the order"
    assert '<mark class="for">' in said
    assert "<td>支持</td>" in said
    assert "第二可能" in said
    assert "2026-03-05 训练" not in said, "the day is what the publication knows of the model"


def test_similar_orders_are_masked_earlier_and_open_with_a_click(show, site):
    page = show("orders", site, {"order_id": "D0040"})
    said = words(page).split("相似的往期工单")[1]
    opening = [button for button in page.button if button.label == "打开"]
    assert len(opening) == 3
    assert "相似度" in said
    numbers = [int(button.key.removeprefix("similar_D")) for button in opening]
    assert all(number < 40 and number % 4 == 0 for number in numbers), "earlier ones of the same topic"
    assert not [number for number in numbers if number % 37 == 0 or number % 31 == 1]
    opening[0].click().run()
    assert not page.exception
    assert f"工单 D{numbers[0]:04d}" in page.title[0].value


@pytest.mark.parametrize("order_id", ["D0156", "D0370"])
def test_a_confidential_order_shows_no_word_of_its_text(show, site, order_id):
    page = show("orders", site, {"order_id": order_id})
    said = words(page)
    assert "只有专办人员可以打开" in said
    assert "为什么归到这一类" not in said
    assert "<mark" not in said
    assert "暖气" not in said
    assert not [button for button in page.button if button.label == "打开"]


def test_a_model_that_is_gone_is_told(show, published):
    said = words(show("orders", published, {"order_id": "D0040"}))
    assert "是导入文件中的人工分类" in said
    assert "缺少文件 manifest.json" in said
