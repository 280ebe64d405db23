"""`hotline topics explain`: the same story as on the order page, as lines and as data."""

import json

import made_tree
import pytest
from called import Hotline
from made_snapshot import publish_orders, storage_at

from hotline12345.sql.storage import Storage


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """The made orders, published, with the model that answered for them."""
    storage = storage_at(tmp_path_factory.mktemp("explain"))
    publish_orders(storage)
    made_tree.store(storage)
    return storage


def test_an_order_is_explained_in_lines(hotline: Hotline, site: Storage) -> None:
    done = hotline("topics", "explain", "D0040", "--data-dir", site.data)
    assert done.code == 0, done.printed
    assert done.out.startswith("工单 D0040 的分类\n“公共服务 › 供暖”是导入文件中的人工分类")
    for part in (
        "模型的判断：公共服务",
        "第二可能：",
        "支持这一类的词语：",
        "暖气不热（强 +",
        "改判为第二可能",
        "模型 m1",
    ):
        assert part in done.out, part
    assert done.out.count("相似的往期工单 D") == 3


def test_the_same_as_data(hotline: Hotline, site: Storage) -> None:
    done = hotline("topics", "explain", "D0040", "--data-dir", site.data, "--format", "json")
    said = json.loads(done.out)
    assert (said["order_id"], said["topic_source"], said["topic_code"], said["model_id"]) == (
        "D0040",
        "人工",
        "T1",
        "m1",
    )
    assert [each["name"] for each in said["path"]] == ["公共服务", "供暖"]
    assert said["path"][0]["probability"] >= said["path"][1]["probability"] > 0.5
    assert said["phrases"][0]["text"] == "暖气不热"
    weights = [phrase["weight"] for phrase in said["phrases"]]
    assert weights == sorted(weights, reverse=True)
    assert all(phrase["weight"] < 0 for phrase in said["against"])
    assert all(0 <= order["text_similarity"] <= 1 and order["order_id"] < "D0040" for order in said["similar"])
    assert "body" not in said["similar"][0]


def test_a_confidential_order_is_not_put_into_words(hotline: Hotline, site: Storage) -> None:
    done = hotline("topics", "explain", "D0370", "--data-dir", site.data, "--format", "json")
    said = json.loads(done.out)
    assert said["phrases"] == said["against"] == said["similar"] == said["tipping"] == []
    assert said["path"] == [{"name": "住房", "probability": 0.81}]
    assert "须知人员可查看" in said["remarks"][0]
    assert "暖气" not in done.out


def test_an_unknown_order_is_refused(hotline: Hotline, site: Storage) -> None:
    done = hotline("topics", "explain", "没有", "--data-dir", site.data)
    assert done.code == 2
    assert "没有这张工单" in done.err
