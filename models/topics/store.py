"""Trained models on disk: plain arrays and a manifest, no pickles. A stored model is never changed."""

import hashlib
import io
import json
import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from hotline12345.models.topics.features import Document
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.topic_model import TopicModel

_ARTEFACT: Final = "model.npz"
_LEXICON: Final = "lexicon_json"
_MANIFEST: Final = "manifest.json"
_LIBRARIES: Final = ("scikit-learn", "numpy", "rjieba")


class StoredModelError(ValueError):
    """A stored model is missing, damaged or of other library versions. The message is for users."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"分类模型 {folder.name} 不能使用：{reason}。请重新训练：hotline topics train")


@dataclass(frozen=True)
class Manifest:
    """Where a model comes from.

    `model_id` is a hash of data, recipe, versions and artefact: the same training gives the same id, and a model that
    answers differently has another one, even if only the code that cuts the words changed.
    """

    model_id: str
    data_hash: str
    label_counts: dict[str, int]
    metrics: dict[str, Any]
    recipe: dict[str, Any]
    versions: dict[str, str]
    artefact_sha256: str


def data_hash(documents: Sequence[Document], labels: Sequence[str]) -> str:
    """Hash of the labelled texts, whatever their order; repeats count."""
    rows = []
    for document, label in zip(documents, labels, strict=True):
        fields = (document,) if isinstance(document, str) else document
        content = json.dumps([str(label), *(field or "" for field in fields)], ensure_ascii=False)
        rows.append(hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest())
    return hashlib.sha256(b"".join(sorted(rows))).hexdigest()


def make_manifest(model: TopicModel, training_data_hash: str, metrics: Mapping[str, Any]) -> Manifest:
    """The manifest of a fitted model; `metrics` is what `Evaluation.to_dict` gives."""
    lexicon = model.features_.tokenizer.lexicon
    recipe = {**model.get_params(), "lexicon": lexicon.sha256()}
    versions = {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}
    artefact = hashlib.sha256(_serialise(model)).hexdigest()
    identity = json.dumps([training_data_hash, recipe, versions, artefact], sort_keys=True)
    return Manifest(
        model_id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        data_hash=training_data_hash,
        label_counts=model.class_counts_ | model.left_out_,
        metrics=dict(metrics),
        recipe=recipe,
        versions=versions,
        artefact_sha256=artefact,
    )


def save(model: TopicModel, folder: Path, manifest: Manifest) -> Manifest:
    """Store a model and its manifest in a new folder and return the manifest that is stored there.

    Everything is written beside the folder, flushed and then renamed: a killed save leaves no half model. If the
    folder already holds this model it stays as it is and its manifest is returned; a damaged copy is replaced.
    Raises FileExistsError if the folder holds another model, ValueError if the manifest is not this model's.
    One writer at a time.
    """
    if folder.exists():
        try:
            stored = load(folder)[1]
        except StoredModelError:
            shutil.rmtree(folder)
        else:
            if stored.model_id != manifest.model_id:
                raise FileExistsError(f"{folder} holds model {stored.model_id}")
            return stored
    content = _serialise(model)
    if hashlib.sha256(content).hexdigest() != manifest.artefact_sha256:
        raise ValueError(f"manifest {manifest.model_id} describes another model")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    _write(partial / _ARTEFACT, content)
    _write(partial / _MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=2).encode())
    _flush(partial)
    partial.rename(folder)
    _flush(folder.parent)
    return manifest


def load(folder: Path) -> tuple[TopicModel, Manifest]:
    """Read a stored model. Raises StoredModelError if missing, changed, or from another scikit-learn minor version."""
    try:
        manifest = Manifest(**json.loads((folder / _MANIFEST).read_text(encoding="utf-8")))
        content = (folder / _ARTEFACT).read_bytes()
    except FileNotFoundError as error:
        raise StoredModelError(folder, f"缺少文件 {Path(error.filename).name}") from error
    except (ValueError, TypeError) as error:
        raise StoredModelError(folder, f"{_MANIFEST} 无法读取") from error
    if hashlib.sha256(content).hexdigest() != manifest.artefact_sha256:
        raise StoredModelError(folder, f"{_ARTEFACT} 与清单的校验值不符，文件已损坏或被改动")
    trained, installed = manifest.versions.get("scikit-learn", "?"), version("scikit-learn")
    if trained.split(".")[:2] != installed.split(".")[:2]:
        raise StoredModelError(folder, f"训练时的 scikit-learn 为 {trained}，现为 {installed}")
    try:
        return _deserialise(content, manifest.recipe), manifest
    except (BadZipFile, KeyError, TypeError, ValueError) as error:
        raise StoredModelError(folder, f"{_ARTEFACT} 的内容无法识别") from error


def _serialise(model: TopicModel) -> bytes:
    lexicon = json.dumps(asdict(model.features_.tokenizer.lexicon), ensure_ascii=False)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **{_LEXICON: np.array(lexicon), **model.to_arrays()})
    return buffer.getvalue()


def _deserialise(content: bytes, recipe: dict[str, Any]) -> TopicModel:
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        arrays = dict(stored)
    lexicon = Lexicon(**{name: tuple(entries) for name, entries in json.loads(str(arrays.pop(_LEXICON))).items()})
    return TopicModel(**{**recipe, "lexicon": lexicon}).restore(arrays)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
