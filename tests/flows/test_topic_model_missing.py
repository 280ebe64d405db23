"""A model in force that is not there: every command says so, and training puts it right."""

import shutil
from pathlib import Path

import pytest
from called import Hotline
from made_exports import storage_at
from made_topic_site import make_site

from hotline12345.sql.publish import pointed
from hotline12345.sql.storage import Storage


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    return make_site(tmp_path_factory.mktemp("made"))


POINTERS = {"bytes": b"\x86\xff\x00", "outside": b"../../x", "absolute": b"/etc", "itself": b".", "long": b"a" * 5000}


@pytest.mark.parametrize("content", POINTERS.values(), ids=POINTERS)
def test_a_pointer_to_nothing_is_said_and_put_right(
    made: Storage, tmp_path: Path, hotline: Hotline, content: bytes
) -> None:
    shutil.copytree(made.data, tmp_path / "data")
    site = storage_at(tmp_path / "data")
    (site.topic_models / "current").write_bytes(content)
    said = hotline("topics", "predict", made.data.parent / "a.csv", "--text", "工单标题", "--data-dir", site.data)
    assert (said.code, "请重新训练：hotline topics train" in said.err) == (2, True)
    assert hotline("topics", "models", "--data-dir", site.data).code == 0
    trained = hotline("topics", "train", "--data-dir", site.data)
    assert (trained.code, "没有可比的，新模型直接启用" in trained.out) == (0, True)
    assert pointed(site.topic_models) == pointed(made.topic_models), "the same labels make the same model"


def test_a_site_that_a_damaged_model_kept_from_publishing_at_all_is_put_right(
    made: Storage, tmp_path: Path, hotline: Hotline
) -> None:
    shutil.copytree(made.data, tmp_path / "data", ignore=shutil.ignore_patterns("*.duckdb", "texts"))
    site, file = storage_at(tmp_path / "data"), made.data.parent / "a.csv"
    (site.published / "current").unlink()
    (site.topic_models / str(pointed(site.topic_models)) / "model.npz").write_bytes(b"")
    said = hotline("run", file, "--data-dir", site.data)
    assert (said.code, "请重新训练：hotline topics train" in said.err) == (2, True)
    trained = hotline("topics", "train", "--data-dir", site.data)
    assert trained.code == 0, trained.printed
    assert hotline("run", file, "--data-dir", site.data).code == 0
