"""Laws of loading: however the same facts arrive, the same figures come out; and only what changed is done again."""

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from called import Hotline
from made_exports import (
    Row,
    count,
    figures,
    grouped,
    marts,
    orders,
    published,
    state,
    storage_at,
    texts_on_disk,
    write_csv,
)

from hotline12345.models.topics.topic_tree import TopicTree
from hotline12345.sql import build
from hotline12345.sql.storage import Storage

UNIT_HEADER = "unit_id,unit_name,unit_group,aliases,terrain,population,population_year,valid_from,valid_to"
EXPORTED = "2025-05-01"


@pytest.fixture
def site(tmp_path: Path) -> Storage:
    """An empty site with a fixed key, so that caller keys compare."""
    return new_site(tmp_path / "data")


def new_site(folder: Path) -> Storage:
    storage = storage_at(folder)
    storage.make()
    storage.key_file.write_text("ab" * 32)
    return storage


def load(hotline: Hotline, storage: Storage, rows: list[Row], exported: str = "") -> None:
    """Load rows as one file; `exported` says when it was exported."""
    number = len(list(storage.data.parent.glob("*.csv")))
    path = write_csv(storage.data.parent / f"{number}.csv", rows)
    done = hotline("run", path, "--data-dir", storage.data, *(("--exported-at", exported) if exported else ()))
    assert done.code == 0, done.printed


def test_a_file_twice_is_the_file_once(hotline: Hotline, site: Storage, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", orders(30))
    hotline("run", path, "--data-dir", site.data)
    before = state(site), published(site), texts_on_disk(site)
    again = hotline("run", path, write_csv(tmp_path / "改名.csv", orders(30)), "--data-dir", site.data)
    assert again.code == 0
    assert "以前导入过，内容相同" in again.out
    assert (state(site), published(site), texts_on_disk(site)) == before


def test_the_same_orders_in_another_format_are_unchanged(hotline: Hotline, site: Storage, tmp_path: Path) -> None:
    load(hotline, site, orders(30))
    before = marts(site)
    hotline("run", write_csv(tmp_path / "utf8.csv", orders(30), "utf-8-sig", ["标题"]), "--data-dir", site.data)
    (second, _) = json.loads(hotline("batches", "--data-dir", site.data, "--format", "json").out)
    assert (second["rows_new"], second["rows_revised"], second["rows_unchanged"]) == (0, 0, 30)
    assert marts(site) == before


def test_two_half_files_are_one_file_in_any_row_order(hotline: Hotline, tmp_path: Path) -> None:
    rows = orders(60)
    whole, halves, shuffled = (new_site(tmp_path / name) for name in ("whole", "halves", "shuffled"))
    load(hotline, whole, rows, EXPORTED)
    load(hotline, halves, rows[::2], EXPORTED)
    load(hotline, halves, rows[1::2], EXPORTED)
    load(hotline, shuffled, [*rows[31::-1], *rows[:31:-1]], EXPORTED)
    assert figures(halves) == figures(whole)
    assert marts(shuffled) == marts(whole)
    # The second half outgrows the statistics of the first, so that both are fitted to all orders in the end.
    assert grouped(halves) == grouped(whole) != set()


def test_day_by_day_is_all_at_once(hotline: Hotline, tmp_path: Path) -> None:
    rows, revised = orders(90), [{**row, "满意度": "满意", "有效回访": "是"} for row in orders(20)]
    once, daily = new_site(tmp_path / "once"), new_site(tmp_path / "daily")
    paths = [
        write_csv(tmp_path / f"day{n}.csv", part) for n, part in enumerate((rows[:30], rows[30:60], rows[60:], revised))
    ]
    for path, day in zip(paths, ("04-02", "04-14", "04-26", "04-28"), strict=True):
        hotline("run", path, "--data-dir", daily.data, "--exported-at", f"2025-{day}")
    hotline("run", *paths[:3], "--data-dir", once.data, "--exported-at", "2025-04-26")
    hotline("run", paths[3], "--data-dir", once.data, "--exported-at", "2025-04-28")
    assert count(daily, "select count(*) from landed.batches") == 4
    assert figures(daily) == figures(once)


def test_a_revision_moves_an_order_and_both_places_are_right(hotline: Hotline, tmp_path: Path) -> None:
    rows = orders(40)
    moved = {**rows[0], "工单创建时间": "2025-04-25 08:00:00", "完成时间": "", "责任单位": "丁镇", "一级分类": "住房"}
    revised, fresh = new_site(tmp_path / "revised"), new_site(tmp_path / "fresh")
    load(hotline, revised, rows, EXPORTED)
    load(hotline, revised, [moved], "2025-05-02")
    load(hotline, fresh, [moved, *rows[1:]], "2025-05-02")
    apart_from = ("cutoff_at",)
    assert figures(revised, apart_from) == figures(fresh, apart_from)
    assert grouped(revised) == grouped(fresh) != set()
    where = "where unit_name = '丁镇' and period_id = '2025-05'"
    assert count(revised, f"select sum(received) from marts.mart_unit_scores {where}") == 1
    assert count(revised, "select sum(received) from marts.mart_unit_scores") == 40


def test_an_old_export_loaded_late_overwrites_nothing(hotline: Hotline, tmp_path: Path) -> None:
    old, new = orders(30, 有效回访=""), orders(20)
    late, ordered = new_site(tmp_path / "late"), new_site(tmp_path / "ordered")
    for storage, files in (
        (late, ((new, "2025-05-09"), (old, "2025-05-01"))),
        (ordered, ((old, "2025-05-01"), (new, "2025-05-09"))),
    ):
        for rows, day in files:
            load(hotline, storage, rows, day)
    assert figures(late) == figures(ordered)
    assert count(late, "select count(*) from staging.orders where is_valid_callback is not null") == 20


def test_as_of_now_is_the_latest_and_as_of_then_is_what_was_published_then(hotline: Hotline, site: Storage) -> None:
    def rates(*options: str) -> str:
        return hotline("rates", "--data-dir", site.data, "--period", "2025-03", "--format", "json", *options).out

    load(hotline, site, orders(40, 有效回访=""), "2025-04-01")
    then = rates()
    load(hotline, site, orders(40), "2025-04-09")
    assert rates() != then
    assert rates("--as-of", "2025-04-05") == then
    assert rates("--as-of", "2025-04-09") == rates("--as-of", f"{datetime.now():%Y-%m-%d}") == rates()


def test_only_new_and_changed_texts_are_scored(
    hotline: Hotline, site: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored: list[int] = []
    original = TopicTree.answer

    def counting(self: TopicTree, titles: pl.Series, bodies: pl.Series) -> pl.DataFrame:
        scored.append(len(titles))
        return original(self, titles, bodies)

    rows = [*orders(210), *orders(10, start=211, 一级分类="")]
    load(hotline, site, rows, "2025-06-01")
    assert count(site, "select count(*) from landed.topic_predictions") == 220
    assert count(site, "select count(*) from intermediate.classified_orders where topic_source = '模型'") == 10
    monkeypatch.setattr(TopicTree, "answer", counting)
    changed = [
        {**rows[0], "反映内容": "窗外工地夜间浇筑混凝土，噪声很大"},
        {**rows[1], "满意度": "不满意"},
        *orders(3, start=900),
    ]
    load(hotline, site, changed, "2025-06-02")
    assert scored == [4]
    load(hotline, site, changed, "2025-06-03")
    assert scored == [4]
    assert hotline("topics", "train", "--data-dir", site.data).code == 0


def test_changed_units_or_rules_rebuild_everything(
    hotline: Hotline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, last = orders(40), orders(1, start=900)
    changed, fresh = new_site(tmp_path / "changed"), new_site(tmp_path / "fresh")
    for storage in (changed, fresh):
        if storage == changed:
            load(hotline, storage, rows, EXPORTED)
        (storage.config / "units.csv").write_text(
            f"{UNIT_HEADER}\nU1,甲山,街镇,甲山街道,,,,,\nU2,戊乡,街镇,,,,,,\n", encoding="utf-8"
        )
        rule = next((Path(build.__file__).parent / "rules").glob("*.toml")).read_text(encoding="utf-8")
        storage.rules.mkdir()
        rule = rule.replace('id = "example-10-50-40"', 'id = "own"').replace('"基本满意" = 0.9', '"基本满意" = 0.5')
        (storage.rules / "own.toml").write_text(rule, encoding="utf-8")
        if storage == fresh:
            load(hotline, storage, rows, EXPORTED)
        load(hotline, storage, last, EXPORTED)
    assert marts(changed) == marts(fresh)
    assert count(changed, "select count(*) from marts.mart_unit_scores where unit_name = '甲山街道'") == 0
    assert (
        count(changed, "select count(*) from marts.mart_unit_scores where unit_name = '戊乡' and band = '无有效回访'")
        > 0
    )


def test_a_load_rebuilds_only_the_periods_it_touches(hotline: Hotline, site: Storage) -> None:
    load(hotline, site, [*orders(20), *orders(20, datetime(2025, 8, 1, 9), 101)], EXPORTED)
    marked = "update intermediate.rate_ledger set satisfaction = 'untouched' where period_id = '2025-03'"
    from hotline12345.sql.warehouse import open_warehouse  # noqa: PLC0415

    connection = open_warehouse(site)
    connection.execute(marked)
    connection.close()
    load(hotline, site, orders(5, datetime(2025, 8, 1, 9), 201), EXPORTED)
    assert count(site, "select count(*) from intermediate.rate_ledger where satisfaction = 'untouched'") == 20
    assert count(site, "select count(*) from intermediate.rate_ledger where period_id = '2025-08'") == 25


def test_a_load_that_changes_no_order_is_published_too(hotline: Hotline, site: Storage, tmp_path: Path) -> None:
    load(hotline, site, orders(10), "2025-05-01")
    again = write_csv(tmp_path / "again.csv", [*orders(10), *orders(1, start=50, 工单创建时间="无")])
    done = hotline("run", again, "--data-dir", site.data, "--exported-at", "2025-05-09")
    assert "hotline check --batch 2" in done.out
    (broken,) = json.loads(hotline("check", "--batch", 2, "--data-dir", site.data, "--format", "json").out)
    assert broken["row_number"] == 12
    assert count(site, "select count(*) from marts.mart_periods where cutoff_at = '2025-05-09'") > 0
