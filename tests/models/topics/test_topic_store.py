"""Models on disk: equal after reading, refused when changed, never half."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.store import StoredModelError, data_hash, load, make_manifest, save
from hotline12345.models.topics.topic_model import TopicModel

METRICS = {"macro_f1": 0.9, "accuracy": 0.9}


@pytest.fixture(scope="module")
def model(orders):
    return TopicModel(min_records=3).fit([*orders[0], ("其他", "其他")], [*orders[1], "其他"])


@pytest.fixture(scope="module")
def manifest(model, orders):
    return make_manifest(model, data_hash(*orders), METRICS)


@pytest.fixture
def folder(tmp_path, model, manifest):
    save(model, tmp_path / manifest.model_id, manifest)
    return tmp_path / manifest.model_id


def rewrite(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def test_a_stored_model_answers_the_same(folder, model, orders):
    loaded, manifest = load(folder)
    assert (loaded.predict_proba(orders[0]) == model.predict_proba(orders[0])).all()
    assert loaded.explain(orders[0][0]) == model.explain(orders[0][0])
    assert loaded.get_params() | {"lexicon": None} == model.get_params()
    assert (loaded.class_counts_, loaded.left_out_) == (model.class_counts_, model.left_out_)
    assert manifest.label_counts == {"供热": 40, "停车": 40, "教育": 40, "欠薪": 40, "其他": 1}
    assert manifest.metrics == METRICS


def test_the_lexicon_of_the_training_is_kept(tmp_path, orders):
    model = TopicModel(Lexicon(stop_words=("暖气",))).fit(*orders)
    manifest = make_manifest(model, "0", METRICS)
    save(model, tmp_path / "m", manifest)
    assert "暖气" not in load(tmp_path / "m")[0].features_.tokenizer.words("暖气不热")


def test_a_model_of_one_field_comes_back(tmp_path, orders):
    bodies = [(body,) for _, body in orders[0]]
    model = TopicModel().fit(bodies, orders[1])
    save(model, tmp_path / "m", make_manifest(model, "0", METRICS))
    assert (load(tmp_path / "m")[0].predict_proba(bodies) == model.predict_proba(bodies)).all()


def test_the_files_are_the_same_each_time(tmp_path, folder, model, manifest):
    save(model, tmp_path / "again", manifest)
    for name in ("model.npz", "manifest.json"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.npz"]


def test_the_id_follows_data_recipe_and_what_was_learnt(model, manifest, orders):
    assert make_manifest(model, manifest.data_hash, {"macro_f1": 0.1}).model_id == manifest.model_id
    assert make_manifest(model, "other", METRICS).model_id != manifest.model_id
    assert make_manifest(TopicModel().fit(*orders), manifest.data_hash, METRICS).model_id != manifest.model_id
    learnt_otherwise = TopicModel(min_records=3).fit(orders[0][:-1], orders[1][:-1])
    assert make_manifest(learnt_otherwise, manifest.data_hash, METRICS).model_id != manifest.model_id
    assert set(manifest.versions) == {"python", "scikit-learn", "numpy", "rjieba"}


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


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"unknown": 1}'])
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
        save(TopicModel().fit(*orders), tmp_path / "m", manifest)
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
