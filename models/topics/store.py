"""Trained models on disk: plain arrays and a manifest, no pickles. A stored model is never changed."""

import errno
import hashlib
import io
import json
import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from hotline12345.models.topics.features import Document, field_texts
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Recipe
from hotline12345.models.topics.topic_model import TopicModel
from hotline12345.models.topics.topic_tree import TopicTree

FORMAT: Final = 2
_ARTEFACT: Final = "model.npz"
_LEXICON: Final = "lexicon_json"
_STRUCTURE: Final = "structure_json"
_MANIFEST: Final = "manifest.json"
_SEAL: Final = "sha256"  # of everything else in the manifest
_LIBRARIES: Final = ("scikit-learn", "numpy", "jieba")
_ABSENT: Final = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG)  # there is no such file


class StoredModelError(ValueError):
    """A stored model is missing, damaged or of other library versions. The message is for users."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"分类模型 {folder.name} 不能使用：{reason}。请重新训练：hotline topics train")


class OldFormatError(StoredModelError):
    """A model of an earlier release; it counts as none."""


@dataclass(frozen=True)
class Manifest:
    """Where a model comes from and how good it is: what the model card is made of.

    `model_id` is a hash of data, recipe, versions and artefact: the same training gives the same id, and a model that
    answers differently has another one, even if only the code that cuts the words changed.

    Attributes:
        model_id, taxonomy_id: of the model, and of the catalogue that its codes are of.
        trained_at: ISO time; period: first and last day of the training orders, or none.
        data_hash: of the training examples; label_counts, left_out: records by code, learnt and backed off or left out.
        corrections: how many examples carry an analyst's correction.
        hold_out: records, and a hash of their texts and labels.
        metrics: on the hold-out, keys as in `Figures.to_dict` with the accuracies of level 2 and 3.
        class_mix, mean_probability, unseen_share: what later months are held against; shares 0-1.
        thresholds: `level1` and `lower`, the probabilities below which the answer is none.
        recipe, privacy, versions, artefact_sha256: how it was made; `compared`: with the model before it, if any.
    """

    model_id: str
    data_hash: str
    label_counts: dict[str, int]
    metrics: dict[str, Any]
    recipe: dict[str, Any]
    versions: dict[str, str]
    artefact_sha256: str
    taxonomy_id: str = ""
    trained_at: str = ""
    period: list[str] | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    corrections: int = 0
    hold_out: dict[str, Any] = field(default_factory=dict)
    class_mix: dict[str, float] = field(default_factory=dict)
    mean_probability: float | None = None
    unseen_share: float | None = None
    thresholds: dict[str, float] = field(default_factory=lambda: {"level1": 0.0, "lower": 0.0})
    privacy: dict[str, Any] = field(default_factory=dict)
    compared: dict[str, Any] | None = None
    format: int = FORMAT


def data_hash(documents: Sequence[Document], labels: Sequence[str]) -> str:
    """Hash of the labelled texts, whatever their order; repeats count."""
    rows = []
    for document, label in zip(documents, labels, strict=True):
        content = json.dumps([str(label), *field_texts(document)], ensure_ascii=False)
        rows.append(hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest())
    return hashlib.sha256(b"".join(sorted(rows))).hexdigest()


def make_manifest(tree: TopicTree, training_data_hash: str, metrics: Mapping[str, Any], **facts: Any) -> Manifest:
    """The manifest of a fitted tree; `facts` are the attributes of `Manifest` that the tree itself does not know."""
    recipe = {**tree.recipe.to_dict(), "lexicon": tree.lexicon.sha256()}
    versions = {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}
    artefact = hashlib.sha256(_serialise(tree)).hexdigest()
    identity = json.dumps([training_data_hash, recipe, versions, artefact], sort_keys=True)
    return Manifest(
        model_id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        data_hash=training_data_hash,
        label_counts={code: n for node in reversed(tree.nodes.values()) for code, n in node.class_counts_.items()},
        left_out=dict(tree.left_out),
        metrics=dict(metrics),
        recipe=recipe,
        privacy={
            "min_callers": tree.recipe.min_callers,
            "min_records": tree.recipe.min_records,
            "terms": tree.term_count,
        },
        versions=versions,
        artefact_sha256=artefact,
        **facts,
    )


def save(tree: TopicTree, folder: Path, manifest: Manifest) -> Manifest:
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
            shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
        else:
            if stored.model_id != manifest.model_id:
                raise FileExistsError(f"{folder} holds model {stored.model_id}")
            return stored
    content = _serialise(tree)
    if hashlib.sha256(content).hexdigest() != manifest.artefact_sha256:
        raise ValueError(f"manifest {manifest.model_id} describes another model")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    _write(partial / _ARTEFACT, content)
    said = asdict(manifest)
    said[_SEAL] = _seal(said)
    _write(partial / _MANIFEST, json.dumps(said, ensure_ascii=False, indent=2).encode())
    _flush(partial)
    partial.rename(folder)
    _flush(folder.parent)
    return manifest


def load(folder: Path) -> tuple[TopicTree, Manifest]:
    """Read a stored model from the folder of its id.

    Raises StoredModelError if missing, changed, another model's, or from another scikit-learn minor version.
    """
    manifest, content = _read(folder)
    if manifest.model_id != folder.name:
        raise StoredModelError(folder, f"其中是另一个模型 {manifest.model_id}")
    if hashlib.sha256(content).hexdigest() != manifest.artefact_sha256:
        raise StoredModelError(folder, f"{_ARTEFACT} 与清单的校验值不符，文件已损坏或被改动")
    trained, installed = manifest.versions.get("scikit-learn", "?"), version("scikit-learn")
    if trained.split(".")[:2] != installed.split(".")[:2]:
        raise StoredModelError(folder, f"训练时的 scikit-learn 为 {trained}，现为 {installed}")
    try:
        return _deserialise(content, manifest.recipe), manifest
    except (BadZipFile, KeyError, IndexError, TypeError, ValueError) as error:
        raise StoredModelError(folder, f"{_ARTEFACT} 的内容无法识别") from error


def _read(folder: Path) -> tuple[Manifest, bytes]:
    """The manifest, true to its seal, and the artefact as it lies there."""
    try:
        said = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if isinstance(said, dict) and said.get("artefact_sha256") and said.get("format") != FORMAT:
            raise OldFormatError(folder, "它由另一版本的程序训练")
        if said.pop(_SEAL) != _seal(said):
            raise StoredModelError(folder, f"{_MANIFEST} 与其校验值不符，文件已损坏或被改动")
        manifest = Manifest(**said)
        content = (folder / _ARTEFACT).read_bytes()
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        raise StoredModelError(folder, f"缺少文件 {Path(error.filename).name}") from error
    except StoredModelError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StoredModelError(folder, f"{_MANIFEST} 无法读取") from error
    return manifest, content


def _seal(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _serialise(tree: TopicTree) -> bytes:
    """Arrays of all nodes under `<number of the node>/<name>`, the lexicon and the structure as JSON."""
    lexicon = json.dumps(asdict(tree.lexicon), ensure_ascii=False)
    structure = json.dumps(
        {"nodes": list(tree.nodes), "only": tree.only, "left_out": tree.left_out}, ensure_ascii=False
    )
    arrays = {
        f"{number}/{name}": array
        for number, node in enumerate(tree.nodes.values())
        for name, array in node.to_arrays().items()
    }
    buffer = io.BytesIO()
    texts = {_LEXICON: np.array(lexicon), _STRUCTURE: np.array(structure)}
    np.savez_compressed(buffer, allow_pickle=False, **texts, **arrays)
    return buffer.getvalue()


def _deserialise(content: bytes, recipe: Mapping[str, Any]) -> TopicTree:
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        arrays = dict(stored)
    lexicon = Lexicon(**{name: tuple(entries) for name, entries in json.loads(str(arrays.pop(_LEXICON))).items()})
    structure = json.loads(str(arrays.pop(_STRUCTURE)))
    told = Recipe.from_dict({name: value for name, value in recipe.items() if name != "lexicon"})
    tree = TopicTree(told, lexicon)
    tree.only, tree.left_out = structure["only"], structure["left_out"]
    for number, code in enumerate(structure["nodes"]):
        prefix = f"{number}/"
        own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        tree.nodes[code] = TopicModel(told, lexicon).restore(own)
    return tree


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
