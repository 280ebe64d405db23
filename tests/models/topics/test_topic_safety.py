"""Nothing personal in a stored model, nothing in it that runs, nothing in it that was changed."""

import io
import pickle
import random
from pathlib import Path

import jieba
import numpy as np
import pytest

from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Recipe
from hotline12345.models.topics.store import StoredModelError, data_hash, load, make_manifest, save
from hotline12345.models.topics.topic_tree import TopicTree

CALLERS = 8
PLANTED = (
    "12900008888",
    "0101290000",
    "990101190001019999",
    "京Q99999",
    "x99@example.test",
    "３号楼９单元",
    "第九千九百",
)


def dictionary_names(count: int) -> list[str]:
    """Names of persons in jieba's dictionary, three letters long, that the lexicon does not list."""
    path = Path(jieba.__file__).parent / "dict.txt"
    entries = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    names = sorted(entry[0] for entry in entries if entry[2] == "nr" and len(entry[0]) == 3)
    return random.Random(5).sample([name for name in names if name not in Lexicon.packaged().words], count)


NAMES = dictionary_names(60)


@pytest.fixture(scope="module")
def tree(orders) -> TopicTree:
    """Learnt from texts in which every name and number was written by many callers, at two levels."""
    documents, paths, callers = [], [], []
    for number, ((title, body), label) in enumerate(zip(*orders, strict=True)):
        for copy in range(3):
            personal = f"{NAMES[number % 60]}和{NAMES[(number + copy) % 60]}，{'，'.join(PLANTED)}"
            documents.append((f"{title}{NAMES[number % 60]}", f"{body}{personal}"))
            paths.append((label, f"{label}{number % 2}"))
            callers.append(f"k{(number + copy) % CALLERS}")
    return TopicTree().fit(documents, paths, callers)


@pytest.fixture
def folder(tree, tmp_path) -> Path:
    manifest = make_manifest(tree, data_hash([], []), {})
    save(tree, tmp_path / manifest.model_id, manifest)
    return tmp_path / manifest.model_id


def vocabulary(tree: TopicTree) -> set[str]:
    return {term for node in tree.nodes.values() for term in node.features_.names}


def test_planted_names_and_numbers_are_not_in_the_vocabulary(tree):
    known = vocabulary(tree)
    assert {"暖气", "停车"} <= known, "it has learnt something"
    assert not [name for name in NAMES if name in known]
    assert not [term for term in known if any(letter.isdigit() or letter.isascii() for letter in term)]
    assert not [term for term in known if any(planted in term for planted in (*PLANTED, *NAMES))]


def test_planted_names_and_numbers_are_nowhere_in_the_file(folder):
    with np.load(folder / "model.npz", allow_pickle=False) as arrays:
        texts = [str(array.tolist()) for array in arrays.values() if array.dtype.kind == "U"]
        texts += [
            array.tobytes().decode(code, "ignore") for array in arrays.values() for code in ("utf-8", "utf-32-le")
        ]
    texts.append((folder / "manifest.json").read_text(encoding="utf-8"))
    everything = "".join(texts)
    assert "暖气" in everything
    assert not [planted for planted in (*PLANTED, *NAMES) if planted in everything]


@pytest.mark.parametrize(("callers", "is_learnt"), [(4, False), (5, True)])
def test_a_word_needs_five_callers(orders, callers, is_learnt):
    documents, labels = orders
    lexicon = Lexicon(words=("龙凤阁",))
    planted = [(title, body + "龙凤阁" if number < 40 else body) for number, (title, body) in enumerate(documents)]
    who = [f"k{number % callers}" if number < 40 else f"other{number}" for number in range(len(documents))]
    tree = TopicTree(lexicon=lexicon).fit(planted, [(label,) for label in labels], who)
    assert ("龙凤阁" in vocabulary(tree)) is is_learnt


def test_unknown_callers_count_as_one(orders):
    documents, labels = orders
    lexicon = Lexicon(words=("龙凤阁",))
    planted = [(title, body + "龙凤阁" if number < 40 else body) for number, (title, body) in enumerate(documents)]
    who = [None if number < 40 else f"other{number}" for number in range(len(documents))]
    assert "龙凤阁" not in vocabulary(TopicTree(lexicon=lexicon).fit(planted, [(label,) for label in labels], who))


def test_unknown_callers_count_as_one_also_below_a_class_that_has_no_others(orders):
    documents, labels = orders
    lexicon = Lexicon(words=("龙凤阁",))
    below = sorted(set(labels))[0]
    planted = [
        (title, body + "龙凤阁" if label == below else body)
        for (title, body), label in zip(documents, labels, strict=True)
    ]
    who = [None if label == below else f"other{number}" for number, label in enumerate(labels)]
    paths = [(label, f"{label}{number // 4 % 2}") for number, label in enumerate(labels)]
    assert "龙凤阁" not in vocabulary(TopicTree(lexicon=lexicon).fit(planted, paths, who))


def test_without_callers_two_records_are_needed(orders):
    documents, labels = orders
    lexicon = Lexicon(words=("龙凤阁", "凤凰亭"))
    planted = [
        (title, body + {0: "龙凤阁", 1: "凤凰亭", 2: "凤凰亭"}.get(n, "")) for n, (title, body) in enumerate(documents)
    ]
    known = vocabulary(TopicTree(Recipe(), lexicon).fit(planted, [(label,) for label in labels]))
    assert ("龙凤阁" in known, "凤凰亭" in known) == (False, True)


@pytest.mark.parametrize("name", ["model.npz", "manifest.json"])
def test_any_changed_byte_is_refused(folder, name):
    original = (folder / name).read_bytes()
    places = random.Random(3).sample(range(len(original)), 40)
    for place in [0, len(original) - 1, *places]:
        changed = bytearray(original)
        changed[place] ^= 1
        (folder / name).write_bytes(changed)
        with pytest.raises(StoredModelError, match="不能使用"):
            load(folder)
    for changed in (original + b" ", original[:-1], b""):
        (folder / name).write_bytes(changed)
        if name == "model.npz" or changed != original + b" ":  # a blank after JSON changes nothing that is read
            with pytest.raises(StoredModelError):
                load(folder)
    (folder / name).write_bytes(original)
    assert load(folder)


class Marker:
    """Leaves a trace when it is unpickled."""

    def __reduce__(self):
        return open, (str(Marker.path), "w")

    path: Path


@pytest.mark.parametrize("kind", ["pickle", "npy", "npz"])
def test_what_would_run_when_read_is_never_run(folder, tmp_path, monkeypatch, kind):
    """Also where whoever put it there made the hashes fit."""
    Marker.path = tmp_path / "ran"
    buffer = io.BytesIO()
    trap = np.array([Marker()], dtype=object)
    {"pickle": lambda: pickle.dump(Marker(), buffer), "npy": lambda: np.save(buffer, trap)}.get(
        kind, lambda: np.savez(buffer, classes=trap, lexicon_json=trap, structure_json=trap)
    )()
    (folder / "model.npz").write_bytes(buffer.getvalue())
    monkeypatch.setattr("hashlib.sha256", lambda *_: Anything())
    with pytest.raises(StoredModelError):
        load(folder)
    assert not Marker.path.exists()


class Anything:
    """A hash that is whatever it is compared with."""

    def hexdigest(self):
        return AnyText()


class AnyText(str):
    """Equal to every text."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = str.__hash__
