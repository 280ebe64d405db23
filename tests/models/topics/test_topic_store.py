"""Models on disk: equal after reading, refused when changed, never half."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Recipe
from hotline12345.models.topics.scorer import columns_of
from hotline12345.models.topics.store import OldFormatError, StoredModelError, data_hash, load, make_manifest, save
from hotline12345.models.topics.topic_tree import TopicTree

METRICS = {"macro_f1": 0.9, "accuracy": 0.9}


PATHS = {"供热": ("A", "A1"), "停车": ("B",), "教育": ("C", "C1", "C11"), "欠薪": ("A", "A2")}


def paths(labels):
    return [PATHS.get(label, (label,)) for label in labels]


@pytest.fixture(scope="module")
def model(orders):
    return TopicTree(Recipe(min_records=3)).fit([*orders[0], ("其他", "其他")], paths([*orders[1], "其他"]))


def answers(tree, documents):
    return tree.answer(*columns_of(documents))


@pytest.fixture(scope="module")
def manifest(model, orders):
    return make_manifest(model, data_hash(*orders), METRICS)


@pytest.fixture
def folder(tmp_path, model, manifest):
    save(model, tmp_path / manifest.model_id, manifest)
    return tmp_path / manifest.model_id


def rewrite(folder, **changes):
    """Change a manifest as somebody would who also puts its seal right."""
    path = folder / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8")) | changes
    del said["sha256"]
    seal = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(said | {"sha256": seal}), encoding="utf-8")


def test_a_stored_model_answers_the_same(folder, model, orders):
    loaded, manifest = load(folder)
    assert answers(loaded, orders[0]).equals(answers(model, orders[0]))
    assert loaded.explain(orders[0][0]) == model.explain(orders[0][0])
    assert (loaded.recipe, loaded.lexicon, loaded.only, loaded.left_out) == (
        *(model.recipe, model.lexicon, {"C": "C1", "C1": "C11"}, {"其他": 1}),
    )
    assert manifest.label_counts == {"A": 80, "B": 40, "C": 40, "A1": 40, "A2": 40}
    assert manifest.left_out == {"其他": 1}
    assert manifest.metrics == METRICS
    assert manifest.privacy == {"min_callers": 5, "min_records": 3, "terms": model.term_count}


def test_the_lexicon_of_the_training_is_kept(tmp_path, orders):
    model = TopicTree(lexicon=Lexicon(stop_words=("暖气",))).fit(orders[0], paths(orders[1]))
    manifest = make_manifest(model, "0", METRICS)
    save(model, tmp_path / manifest.model_id, manifest)
    loaded = load(tmp_path / manifest.model_id)[0]
    assert loaded.lexicon == Lexicon(stop_words=("暖气",))
    assert "暖气" not in loaded.root.features_.names


def test_the_files_are_the_same_each_time(tmp_path, folder, model, manifest):
    save(model, tmp_path / "again", manifest)
    for name in ("model.npz", "manifest.json"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.npz"]


def test_the_id_follows_data_recipe_and_what_was_learnt(model, manifest, orders):
    assert make_manifest(model, manifest.data_hash, {"macro_f1": 0.1}).model_id == manifest.model_id
    assert make_manifest(model, "other", METRICS).model_id != manifest.model_id
    assert (
        make_manifest(TopicTree().fit(orders[0], paths(orders[1])), manifest.data_hash, METRICS).model_id
        != manifest.model_id
    )
    learnt_otherwise = TopicTree(Recipe(min_records=3)).fit(orders[0][:-1], paths(orders[1][:-1]))
    assert make_manifest(learnt_otherwise, manifest.data_hash, METRICS).model_id != manifest.model_id
    assert set(manifest.versions) == {"python", "scikit-learn", "numpy", "jieba"}


def test_data_hash_ignores_the_order_and_nothing_else(orders):
    documents, labels = orders
    whole = data_hash(documents, labels)
    assert data_hash(documents[::-1], labels[::-1]) == whole
    assert data_hash(documents, [*labels[:-1], "别的"]) != whole
    assert data_hash([*documents, documents[0]], [*labels, labels[0]]) != whole
    assert data_hash([("ab", "c")], ["x"]) != data_hash([("a", "bc")], ["x"])
    assert data_hash(["ab"], ["x"]) == data_hash([("ab",)], ["x"])


@pytest.mark.parametrize("name", ["model.npz", "manifest.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(StoredModelError, match=f"缺少文件 {name}.*hotline topics train"):
        load(folder)


def test_a_changed_byte_is_refused(folder):
    content = bytearray((folder / "model.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.npz").write_bytes(content)
    with pytest.raises(StoredModelError, match=r"校验值不符.*请重新训练"):
        load(folder)


@pytest.mark.parametrize("field", ["thresholds", "metrics", "taxonomy_id", "sha256"])
def test_a_changed_manifest_is_refused(folder, field):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {field: "x"}), encoding="utf-8")
    with pytest.raises(StoredModelError, match=r"manifest\.json 与其校验值不符"):
        load(folder)


def test_a_model_of_an_earlier_release_is_told_from_a_damaged_one(folder):
    path = folder / "manifest.json"
    old = {"model_id": "a", "artefact_sha256": "b", "metrics": {}}
    path.write_text(json.dumps(old), encoding="utf-8")
    with pytest.raises(OldFormatError, match="另一版本"):
        load(folder)


def test_another_model_in_the_folder_is_refused(folder):
    other = folder.rename(folder.with_name("0123456789abcdef"))
    with pytest.raises(StoredModelError, match=f"0123456789abcdef 不能使用：其中是另一个模型 {folder.name}"):
        load(other)


def test_what_is_no_file_is_missing_and_replaced(folder, model, manifest):
    (folder / "model.npz").unlink()
    (folder / "model.npz").mkdir()
    with pytest.raises(StoredModelError, match=r"缺少文件 model\.npz"):
        load(folder)
    with pytest.raises(StoredModelError, match=r"缺少文件 manifest\.json"):
        load(folder.with_name("长" * 200))
    shutil.rmtree(folder)
    folder.write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(StoredModelError, match=r"缺少文件 manifest\.json"):
        load(folder)
    save(model, folder, manifest)
    assert load(folder)


def test_labels_left_out_keep_their_whole_names(tmp_path, orders):
    long = ["其他" * 40 + end for end in "甲乙"]
    model = TopicTree().fit([*orders[0], *[("其他", "其他")] * 2], [*paths(orders[1]), (long[0],), (long[1],)])
    manifest = make_manifest(model, "0", METRICS)
    save(model, tmp_path / manifest.model_id, manifest)
    assert load(tmp_path / manifest.model_id)[0].root.left_out_ == dict.fromkeys(long, 1)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"unknown": 1}', "[" * 100_000])
def test_a_broken_manifest_is_refused(folder, content):
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(StoredModelError, match=r"manifest\.json 无法读取"):
        load(folder)


def test_another_scikit_learn_is_refused(folder, manifest):
    rewrite(folder, versions=manifest.versions | {"scikit-learn": "1.2.3"})
    with pytest.raises(StoredModelError, match=r"训练时的 scikit-learn 为 1\.2\.3"):
        load(folder)


def test_another_patch_of_scikit_learn_is_read(folder, manifest):
    major, minor, _ = manifest.versions["scikit-learn"].split(".")
    rewrite(folder, versions=manifest.versions | {"scikit-learn": f"{major}.{minor}.99"})
    assert load(folder)


def test_pickled_content_is_never_loaded(folder):
    path = folder / "model.npz"
    np.savez(path, classes=np.array([{"a": 1}], dtype=object))
    rewrite(folder, artefact_sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(StoredModelError, match="内容无法识别"):
        load(folder)


def test_saving_twice_changes_nothing(folder, model, manifest):
    first = (folder / "manifest.json").read_bytes()
    kept = save(model, folder, replace(manifest, metrics={"macro_f1": 0.1}))
    assert kept == load(folder)[1]
    assert (folder / "manifest.json").read_bytes() == first


def test_another_model_is_not_overwritten(folder, model, manifest):
    with pytest.raises(FileExistsError, match=manifest.model_id):
        save(model, folder, replace(manifest, model_id="other"))


def test_a_manifest_of_another_model_is_refused(tmp_path, manifest, orders):
    with pytest.raises(ValueError, match="describes another model"):
        save(TopicTree().fit(orders[0], paths(orders[1])), tmp_path / "m", manifest)
    assert not list(tmp_path.iterdir())


def test_a_damaged_model_is_replaced(folder, model, manifest):
    (folder / "model.npz").write_bytes(b"")
    save(model, folder, manifest)
    assert load(folder)


def test_a_killed_save_leaves_no_model_and_the_next_completes(tmp_path, model, manifest, monkeypatch):
    target = tmp_path / manifest.model_id

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "rename", killed)
        save(model, target, manifest)
    assert not target.exists()
    save(model, target, manifest)
    assert load(target)
    assert [path.name for path in tmp_path.iterdir()] == [manifest.model_id]
