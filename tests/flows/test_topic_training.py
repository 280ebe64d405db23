"""Training, comparing, going back: a worse model is refused and named, an earlier one comes back, killed work goes on."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from called import Hotline
from made_exports import count
from made_topic_site import (
    FIRST_NEW,
    LABELLED,
    NEW,
    classified,
    correct,
    elevators,
    load,
    make_second,
    make_site,
    predicted,
)

from hotline12345.flows import serve as server
from hotline12345.flows import topic_scoring, topic_training
from hotline12345.flows.cli.errors import describe
from hotline12345.flows.refreshing import is_current, refresh
from hotline12345.flows.retraining import (
    AVAILABLE,
    IN_FORCE,
    REFUSED,
    UNREADABLE,
    RollbackError,
    choose_earlier,
    retrain,
    stored_models,
)
from hotline12345.flows.topic_training import Outcome
from hotline12345.models.topics.topic_tree import TopicTree
from hotline12345.sql import texts
from hotline12345.sql.publish import current_snapshot, pointed
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import requests
from hotline12345.sql.records.requests import Request
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A published site with its first model; only read."""
    return make_site(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def made_second(made: Storage, tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """The same with a second model in force; only read."""
    return make_second(made, tmp_path_factory.mktemp("second"))


@pytest.fixture
def site(made: Storage, tmp_path: Path) -> Storage:
    """A copy with one model that a test may change."""
    return copied(made, tmp_path)


@pytest.fixture
def second_site(made_second: Storage, tmp_path: Path) -> Storage:
    """A copy with two models that a test may change."""
    return copied(made_second, tmp_path)


def copied(storage: Storage, folder: Path) -> Storage:
    shutil.copytree(storage.data, folder / "data")
    return Storage(folder / "data", folder / "data" / "config")


def trained(storage: Storage) -> Outcome:
    with closing(open_warehouse(storage)) as connection:
        return retrain(connection, storage, lambda _: None)


def states(storage: Storage) -> dict[str, str]:
    return {model.model_id: model.state for model in stored_models(storage)}


class Confused(TopicTree):
    """Learns that every leaking roof is traffic."""

    def fit(self, X, paths, callers=None):  # noqa: N803
        return super().fit(X, [("D",) if path == ("B",) else path for path in paths], callers)


def test_the_first_model_comes_by_itself_and_is_noted(made):
    model_id = pointed(made.topic_models)
    reader = Reader(made, current_snapshot(made))
    row = reader.models().row(0, named=True)
    assert (row["model_id"], row["taxonomy_id"], row["is_model_in_use"]) == (model_id, "t", True)
    assert row["train_count"] + row["test_count"] == LABELLED
    assert row["scored_count"] == LABELLED + NEW
    assert row["first_used_at"] == row["last_used_at"]
    manifest = reader.model_manifest(model_id)
    reader.close()
    assert manifest["compared"] is None
    assert manifest["period"][0] == "2025-03-01"
    assert manifest["hold_out"]["records"] == row["test_count"]
    assert sum(manifest["class_mix"].values()) == pytest.approx(1)


def test_unchanged_labels_give_the_same_model(site):
    before = pointed(site.topic_models)
    outcome = trained(site)
    assert (outcome.manifest.model_id, outcome.is_used) == (before, True)
    assert "没有变化" in outcome.remark
    assert states(site) == {before: IN_FORCE}


def test_a_worse_challenger_is_refused_named_and_kept(site, hotline: Hotline, monkeypatch):
    champion, published = pointed(site.topic_models), current_snapshot(site).run_id
    monkeypatch.setattr(topic_training, "TopicTree", Confused)
    refused = hotline("topics", "train", "--data-dir", site.data)
    assert refused.code == 0
    for part in ("比上一模型差，没有启用", "总体变差", champion):
        assert part in refused.out
    assert pointed(site.topic_models) == champion
    assert current_snapshot(site).run_id == published, "nothing changed, nothing is published"
    (challenger,) = states(site).keys() - {champion}
    assert states(site)[challenger] == REFUSED
    card = hotline("topics", "models", "--card", challenger, "--data-dir", site.data)
    assert "没有启用" in card.out
    back = hotline("topics", "rollback", challenger, "--data-dir", site.data)
    assert back.code == 2
    assert "没有启用过" in back.err
    assert predicted(site).keys() == {champion}


def test_a_new_model_is_used_and_the_earlier_one_comes_back_without_scoring(
    made, second_site, hotline: Hotline, monkeypatch
):
    site, first, second = second_site, pointed(made.topic_models), pointed(second_site.topic_models)
    assert states(site) == {second: IN_FORCE, first: AVAILABLE}
    after = classified(site)
    assert set(after["model_id"]) == {second}
    compared = Reader(site, current_snapshot(site)).model_manifest(second)["compared"]
    assert (compared["champion_id"], compared["is_not_worse"]) == (first, True)
    monkeypatch.setattr(texts, "land_predictions", lambda *_: pytest.fail("scored again"))
    back = hotline("topics", "rollback", "--data-dir", site.data)
    assert (back.code, f"已换回模型 {first}" in back.out) == (0, True)
    assert pointed(site.topic_models) == first
    before = classified(made)
    assert classified(site).filter(classified(site)["order_id"].is_in(before["order_id"].implode())).equals(before)
    listed = Reader(site, current_snapshot(site)).models()
    assert listed.select("model_id", "is_model_in_use").rows() == [(second, False), (first, True)]
    again = hotline("topics", "rollback", "--data-dir", site.data)
    assert again.code == 2
    assert f"可以换回的模型：{second}" in again.err


def test_models_are_listed_with_their_figures_and_cards(made, made_second, hotline: Hotline):
    at = ("--data-dir", made_second.data)
    first, second = pointed(made.topic_models), pointed(made_second.topic_models)
    listed = json.loads(hotline("topics", "models", "--format", "json", *at).out)
    assert [(row["model_id"], row["model_state"]) for row in listed] == [(second, "现用"), (first, "可换回")]
    assert listed[0]["train_count"] > listed[1]["train_count"]
    assert 0.9 < listed[0]["macro_f1"] <= 1
    assert f"模型 {second}（" in hotline("topics", "models", "--card", *at).out
    assert f"模型 {first}（" in hotline("topics", "models", "--card", first, *at).out
    unknown = hotline("topics", "models", "--card", "xyz", *at)
    assert (unknown.code, f"有说明书的模型：{second}、{first}" in unknown.err) == (2, True)


def test_without_a_model_there_is_nothing_to_list(tmp_path, hotline: Hotline):
    none = hotline("topics", "models", "--data-dir", tmp_path)
    assert none.code == 2
    assert "还没有分类模型" in none.err


@pytest.mark.parametrize("damage", ["byte", "missing", "pickle"])
def test_a_damaged_model_in_force_is_said_and_replaced(site, damage):
    folder = site.topic_models / str(pointed(site.topic_models))
    content = bytearray((folder / "model.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.npz").write_bytes(b"\x80\x04K\x01." if damage == "pickle" else bytes(content))
    if damage == "missing":
        (folder / "model.npz").unlink()
    assert list(states(site).values()) == [UNREADABLE]
    with pytest.raises(RollbackError, match="可以换回的模型：没有"):
        choose_earlier(site, folder.name)
    outcome = trained(site)
    assert outcome.is_used
    assert "不能读取" in outcome.remark
    assert outcome.manifest.compared is None
    assert states(site)[outcome.manifest.model_id] == IN_FORCE


def test_a_model_of_an_earlier_release_counts_as_none(site):
    folder = site.topic_models / str(pointed(site.topic_models))
    (folder / "manifest.json").write_text('{"artefact_sha256": "0", "model_id": "x"}', encoding="utf-8")
    outcome = trained(site)
    assert outcome.is_used
    assert "旧版本" in outcome.remark


def test_scoring_killed_after_two_chunks_goes_on_with_the_rest(site, monkeypatch):
    first = pointed(site.topic_models)
    load(site, elevators(30, "住房", start=2000), "b.csv")
    monkeypatch.setattr(topic_scoring, "CHUNK", 50)
    land, landed = texts.land_predictions, []

    def killed(connection, predictions):
        if len(landed) == 2:
            raise KeyboardInterrupt
        landed.append(predictions.height)
        land(connection, predictions)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(texts, "land_predictions", killed)
        trained(site)
    second = pointed(site.topic_models)
    assert second != first
    assert predicted(site)[second] == sum(landed) == 100
    shown = []
    with closing(open_warehouse(site)) as connection:
        assert not is_current(connection, site)
        scored = topic_scoring.classify(connection, site, lambda done, of: shown.append((done, of)))
        refresh(connection, site, lambda _: None)
    total = LABELLED + NEW + 30
    assert scored == total - 100
    assert shown[-1] == (scored, scored)
    assert predicted(site)[second] == total
    assert set(classified(site)["model_id"]) == {second}


def test_a_warehouse_made_anew_knows_the_models_thresholds(site):
    with closing(open_warehouse(site)) as connection:
        connection.execute("delete from landed.topic_models")
        connection.execute("insert into run.touched_orders select order_id from staging.orders limit 1")
        topic_scoring.classify(connection, site)
        rows = connection.execute("select model_id, level1_threshold from landed.topic_models").fetchall()
    assert rows == [(pointed(site.topic_models), topic_training.ADOPTED)]


def ask(storage: Storage, kind: str, **detail: str) -> Request:
    """File a request, let the server do what waits; the request as it ended."""
    with closing(open_records(storage)) as records:
        request_id = requests.file_request(records, kind, "分析员", detail=detail)
    server.serve(storage, describe, once=True)
    with closing(open_records(storage)) as records:
        return next(found for found in requests.newest(records, 10) if found.request_id == request_id)


def test_pages_ask_for_training_scoring_and_going_back(made, second_site):
    site, first, second = second_site, pointed(made.topic_models), pointed(second_site.topic_models)
    done = ask(site, "train_topics")
    assert (done.state, done.outcome["is_used"], done.outcome["model_id"]) == ("done", True, second)
    assert "没有变化" in done.outcome["remarks"][1]
    assert ask(site, "rescore_topics").outcome["remarks"] == [f"全部工单已由模型 {second} 分类并发布。"]
    back = ask(site, "rollback_topics")
    assert (back.state, back.outcome["model_id"]) == ("done", first)
    assert pointed(site.topic_models) == first
    assert "没有模型 xyz" in ask(site, "rollback_topics", model_id="xyz").outcome["message"]


def test_a_request_to_go_back_that_was_killed_goes_back_once(made, second_site):
    site, first = second_site, str(pointed(made.topic_models))
    with closing(open_records(site)) as records, closing(open_warehouse(site)) as connection:
        request_id = requests.file_request(records, "rollback_topics", "分析员")
        requests.claim(records, request_id, {"attempt": 1})
        requests.add_event(records, request_id, requests.RUNNING, {"step": "选定模型", "model_id": first})
        topic_training.use_stored(connection, site, first)
    server.serve(site, describe, once=True)
    with closing(open_records(site)) as records:
        assert requests.newest(records, 1)[0].state == "done", "choosing anew would have found none earlier"
    assert pointed(site.topic_models) == first


def test_an_uncertain_order_corrected_makes_a_better_model(site, hotline: Hotline):
    """The journey: uncertain → corrected → trained anew → better and published → taken back."""
    new = [f"D2025{number:06d}" for number in range(FIRST_NEW, FIRST_NEW + NEW)]
    before = classified(site)
    lifts = before.filter(before["order_id"].is_in(new))
    wrong = lifts.filter(lifts["is_unsure"] | (lifts["model_topic_code"] != "B"))
    assert wrong.height > NEW / 2, "the first model does not know lifts"
    corrected = new[: NEW - 10]
    correct(site, corrected, "B")
    done = hotline("topics", "train", "--data-dir", site.data)
    assert "予以启用" in done.out
    after = classified(site)
    assert set(after.filter(after["order_id"].is_in(corrected))["topic_source"]) == {"复核"}
    left = after.filter(after["order_id"].is_in(new[NEW - 10 :]))
    assert left.select("topic_code", "topic_source").unique().rows() == [("B", "模型")]
    assert (left["model_probability"] > lifts.tail(10)["model_probability"]).all()
    assert count(
        site, "select max(cast(json_extract(manifest, '$.corrections') as int)) from landed.topic_models"
    ) in range(15, 31)
    assert hotline("topics", "rollback", "--data-dir", site.data).code == 0
    back = classified(site)
    assert set(back.filter(back["order_id"].is_in(corrected))["topic_source"]) == {"复核"}, "what people said stays"
    assert back.filter(back["order_id"].is_in(new[NEW - 10 :])).equals(lifts.tail(10))
