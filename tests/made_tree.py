"""A small topic tree on invented orders, stored in a data folder: what explaining and predicting are tested on."""

from dataclasses import replace
from functools import cache

import made_model

from hotline12345.models.topics.store import data_hash, make_manifest, save
from hotline12345.models.topics.topic_tree import TopicTree
from hotline12345.sql.publish import point
from hotline12345.sql.storage import Storage

MATTERS = {
    ("T1", "T11"): ("暖气不热", "室内温度低", "供暖管道漏水", "热力公司不上门", "暖气费退费"),
    ("T1", "T12"): ("路灯不亮", "自来水停水", "电压不稳", "燃气表坏了", "宽带装不上"),
    ("T2",): ("房产证办不下来", "物业乱收费", "楼顶漏雨", "电梯经常坏", "开发商延期交房"),
    ("T3",): ("垃圾没人清", "小广告乱贴", "公厕太脏", "路边摆摊占道", "渣土车遗撒"),
}
PLACES = ("幸福里小区", "东街", "河西村", "工业园", "南门商场")
FACTS = ("taxonomy_id", "trained_at", "period", "hold_out", "class_mix", "mean_probability", "unseen_share")
THRESHOLDS = {"level1": 0.5, "lower": 0.4}


def documents() -> tuple[list[tuple[str, str]], list[tuple[str, ...]]]:
    """200 documents (title, body) and their paths of codes."""
    texts, paths = [], []
    for number in range(200):
        path, matters = list(MATTERS.items())[number % 4]
        matter, place = matters[number // 4 % 5], PLACES[number % 5]
        texts.append(
            (f"{matter}问题", f"市民反映：{place}{matter}，没有结果，请有关部门尽快核实处理。第{number}次来电。")
        )
        paths.append(path)
    return texts, paths


@cache
def tree() -> TopicTree:
    """The tree; fitted once for all tests of a process."""
    return TopicTree().fit(*documents())


def store(storage: Storage, model_id: str = "m1") -> None:
    """Save the tree under this id and make it the model in use."""
    texts, paths = documents()
    said = made_model.manifest()
    facts = {name: said[name] for name in FACTS}
    hashed = data_hash(texts, ["->".join(path) for path in paths])
    manifest = make_manifest(tree(), hashed, said["metrics"], thresholds=THRESHOLDS, **facts)
    save(tree(), storage.topic_models / model_id, replace(manifest, model_id=model_id))
    point(storage.topic_models, model_id)
