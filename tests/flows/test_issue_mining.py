"""Mining in the warehouse: what `mine` finds, step by step, touched by nothing new, complete after a killed run."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
from made_mining import FACTS, STORED, Site, counted, members, site_at
from planted_issues import DEED, ESTATES, HEATING, LIFT, MIXING_PLANT, corpus, order, table

from hotline12345.flows import issue_mining
from hotline12345.flows.refreshing import refresh
from hotline12345.models.recurring import MiningSettings, Statistics, mine
from hotline12345.sql.issue_orders import MINED_MONTHS
from hotline12345.sql.records.issue_events import note_edit, split_edit
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.undo import undo_batch

MARCH = datetime(2026, 3, 1, 9)
Record = dict[str, Any]


def planted() -> list[Record]:
    """The planted corpus within one month, a few orders a day, in the order of time."""
    records = corpus().drop("is_resolved", "closed_at", "unit", "topic").to_dicts()
    for number, record in enumerate(records):
        record["reported_at"] = MARCH + timedelta(days=number * 7 % 28, minutes=number)
    return sorted(records, key=lambda record: record["reported_at"])


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[], Site]]:
    """Makes empty sites."""
    sites: list[Site] = []

    def site() -> Site:
        sites.append(site_at(tmp_path / f"site{len(sites)}"))
        return sites[-1]

    yield site
    for each in sites:
        each.connection.close()


@pytest.fixture(scope="module")
def mined_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the whole corpus is mined; to be copied."""
    folder = tmp_path_factory.mktemp("mined") / "site"
    site_at(folder).loaded(planted()).connection.close()
    return folder


@pytest.fixture
def site(mined_folder: Path, tmp_path: Path) -> Iterator[Site]:
    """The whole corpus, mined."""
    shutil.copytree(mined_folder, tmp_path / "site")
    site = site_at(tmp_path / "site")
    yield site
    site.connection.close()


def newer(number: int, text: tuple[str, str], place: str | None, day: int = 27, **more: Any) -> Record:
    """An order by a new person, after the corpus."""
    return {**order(900 + number, text, place, f"n{number}", 0), "reported_at": MARCH + timedelta(days=day), **more}


def event(site: Site, place: str, word: str) -> dict[str, Any]:
    """The one event of a place whose problem contains a word."""
    (row,) = site.issues().filter(pl.col("problem").str.contains(word), place=place).to_dicts()
    return row


def test_the_warehouse_finds_what_the_miner_finds(site: Site) -> None:
    mined = mine(table(planted()))
    orders = mined.members.group_by("issue_id").agg(order_ids=pl.col("order_id").sort())
    names = ["issue_id", "issue_grain", "issue_name", "place", "problem"]
    wanted = mined.issues.select(names).join(orders, on="issue_id").sort("issue_id")
    assert wanted.height > 4
    assert site.issues().to_dicts() == wanted.to_dicts()
    assert site.statistics()["statistics_id"] == mined.statistics.version
    stored = site.connection.sql(
        "select issue_id, order_id, similarity, example_rank, occurrence from landed.recurring_issue_orders order by all"
    ).pl()
    columns = pl.col("similarity").round(6), pl.col("example_rank").cast(pl.Int32)
    said = mined.members.select(stored.columns).with_columns(columns).sort(stored.columns)
    assert stored.rows() == said.rows()


def test_nothing_new_reads_no_text_and_changes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.rows(*FACTS)
    assert all(before[name] for name in FACTS if name != "former_issue_orders")

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a text was read")

    monkeypatch.setattr("hotline12345.sql.text_reading.pl.scan_parquet", refuse)
    site.mine()
    site.mine()
    assert site.rows(*FACTS) == before


def test_a_new_order_reads_its_own_text_and_leaves_other_places_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[int] = []
    whole = issue_mining.describe
    monkeypatch.setattr(
        issue_mining, "describe", lambda chunk, settings: described.append(chunk.height) or whole(chunk, settings)
    )
    before = site.issues()
    site.loaded([newer(1, LIFT[0], "云栖佳苑")])
    assert described == [1]
    assert "T0901" in event(site, "云栖佳苑", "电梯")["order_ids"]
    untouched = pl.col("place").is_not_null() & (pl.col("place") != "云栖佳苑")
    assert site.issues().filter(untouched).equals(before.filter(untouched))
    assert site.issues()["issue_id"].equals(before["issue_id"])


def test_day_by_day_gives_the_same_members_as_all_at_once(make: Callable[[], Site]) -> None:
    """The first load is more than two thirds of all orders, of the same month, so the statistics stay."""
    records = planted()
    step_by_step, at_once = make().loaded(records[:84]), make()
    at_once.freeze(step_by_step)
    for start, end in pairwise((84, 88, 92, 100, len(records))):
        step_by_step.loaded(records[start:end])
    at_once.loaded(records)
    assert step_by_step.statistics() == at_once.statistics()
    assert step_by_step.rows("order_problems") == at_once.rows("order_problems")
    assert members(step_by_step) == members(at_once)
    assert len(members(at_once)) > 4


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_comes_goes_and_changes_the_end_is_as_if_it_had_come_at_once(
    make: Callable[[], Site], seed: int
) -> None:
    """Orders come, are told otherwise, move, are closed, and a file is undone; then all that stands, at once."""
    random, records = Random(seed), {record["order_id"]: record for record in planted()}
    ids = sorted(records)
    random.shuffle(ids)
    site, at_once, standing = make(), make(), dict[str, Record]()
    for step, (start, end) in enumerate(pairwise((0, 80, 90, 100, 117))):
        coming = {each: records[each] for each in ids[start:end]}
        changing = random.sample(sorted(standing), min(len(standing), 8))
        changed = {each: told_otherwise(standing[each], random) for each in changing}
        site.loaded([*coming.values(), *changed.values()])
        if step == 2:
            undo_batch(site.connection, step + 1, datetime(2030, 6, 1), "")
            site.mine()
        else:
            standing |= coming | changed
    at_once.freeze(site)
    at_once.loaded(standing.values())
    assert members(site) == members(at_once)
    assert counted(site) == counted(at_once)
    assert {grain for grain, *_ in members(site)} == {"点位事件", "共性问题"}


def told_otherwise(record: Record, random: Random) -> Record:
    """The order with another text, another place, or closed as resolved."""
    text = random.choice((*LIFT, *DEED, *HEATING))
    closed = {"closed_at": record["reported_at"] + timedelta(days=3), "resolution": "解决"}
    return record | random.choice(({"title": text[0], "body": text[1]}, {"place": random.choice(ESTATES)}, closed))


def test_two_files_are_one(site: Site, make: Callable[[], Site]) -> None:
    records, one, two = planted(), site, make()
    two.load(records[1::2])
    two.load(records[::2])
    two.mine()
    assert two.rows("order_problems") == one.rows("order_problems")
    assert two.rows(*STORED) == one.rows(*STORED)


def test_an_order_that_changes_its_place_leaves_its_old_event(site: Site) -> None:
    moved = next(record for record in planted() if record["order_id"] == "T0101")
    old = event(site, "云栖佳苑", "电梯")
    assert "T0101" in old["order_ids"]
    site.loaded([{**moved, "place": "望河花园"}])
    left = event(site, "云栖佳苑", "电梯")
    assert left["issue_id"] == old["issue_id"]
    assert left["order_ids"] == [each for each in old["order_ids"] if each != "T0101"]
    assert site.connection.execute("select place from landed.mined_orders where order_id = 'T0101'").fetchall() == [
        ("望河花园",)
    ]


def test_orders_of_an_undone_batch_leave_their_issues(site: Site) -> None:
    before = members(site), site.rows("order_problems", "mined_orders")
    site.loaded([newer(n, LIFT[n % 3], "云栖佳苑") for n in range(4)])
    assert len(event(site, "云栖佳苑", "电梯")["order_ids"]) == 14
    undo_batch(site.connection, 2, datetime(2030, 6, 1), "")
    site.mine()
    assert (members(site), site.rows("order_problems", "mined_orders")) == before


def test_an_event_that_loses_its_people_is_gone_and_keeps_its_row(site: Site) -> None:
    site.loaded([newer(n, MIXING_PLANT[n], "石坊家园") for n in range(3)])
    found = event(site, "石坊家园", "搅拌站|噪音")
    undo_batch(site.connection, 2, datetime(2030, 6, 1), "")
    site.mine()
    assert found["issue_id"] not in site.issues()["issue_id"]
    gone = "select gone_at is not null from landed.recurring_issues where issue_id = ?"
    assert site.connection.execute(gone, [found["issue_id"]]).fetchall() == [(True,)]
    told = "select event from landed.issue_history where issue_id = ? order by noted_at, event desc"
    assert {event for (event,) in site.connection.execute(told, [found["issue_id"]]).fetchall()} == {"出现", "消失"}


def killed(_: object, *__: object) -> None:
    raise RuntimeError("killed")


@pytest.mark.parametrize("step", ["land_problems", "replace_issues", "_identify"])
def test_a_run_killed_anywhere_is_completed_by_the_next(
    site: Site, make: Callable[[], Site], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    undisturbed, site = site, make()
    site.load(planted())
    monkeypatch.setattr(issue_mining, "CHUNK", 50)
    with monkeypatch.context() as patch:
        if step == "land_problems":  # the second portion of three is not stored
            stored = issue_mining.issue_orders.land_problems
            calls: list[None] = []

            def die_at_second(*arguments: Any) -> None:
                calls.append(None)
                if len(calls) > 1:
                    killed(None)
                stored(*arguments)

            patch.setattr(issue_mining.issue_orders, step, die_at_second)
        else:
            patch.setattr(issue_mining, step, killed)
        with pytest.raises(RuntimeError, match="killed"):
            site.mine()
    described = {"land_problems": 50}.get(step, len(planted()))
    assert len(site.rows("order_problems")["order_problems"]) == described
    assert not any(site.rows(*STORED).values())
    site.mine()
    assert site.rows(*FACTS) == undisturbed.rows(*FACTS)


def test_a_killed_run_over_a_new_order_is_completed_when_nothing_more_comes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new order was described when the run died; the next one has nothing to describe, but an event to bring up."""
    site.load([newer(1, LIFT[0], "云栖佳苑")])
    with monkeypatch.context() as patch:
        patch.setattr(issue_mining, "replace_issues", killed)
        with pytest.raises(RuntimeError, match="killed"):
            site.mine()
    assert len(site.rows("order_problems")["order_problems"]) == len(planted()) + 1
    assert len(event(site, "云栖佳苑", "电梯")["order_ids"]) == 10
    site.mine()
    assert len(event(site, "云栖佳苑", "电梯")["order_ids"]) == 11


def test_need_to_know_orders_count_but_are_no_examples_and_name_nothing(make: Callable[[], Site]) -> None:
    """Half of an event is 举报 or 保密, in words of its own."""
    open_text, secret = MIXING_PLANT[2], ("搅拌站厂长偷排内幕", "搅拌站厂长指使工人夜里偷排，罐车轰鸣")
    kinds: list[Record] = [{"order_type": "举报"}, {"is_confidential": True}]
    records = [
        newer(n, secret if n % 2 else open_text, "云栖佳苑", **(kinds[n // 2 % 2] if n % 2 else {})) for n in range(12)
    ]
    site = make().loaded(records)
    (issue,) = site.issues().to_dicts()
    assert len(issue["order_ids"]) == 12
    assert "搅拌站" in issue["problem"] and not re.search("厂长|内幕|偷排", issue["problem"])
    ranked = site.connection.execute(
        "select order_id from landed.recurring_issue_orders where example_rank is not null order by order_id"
    ).fetchall()
    assert [order_id for (order_id,) in ranked] == [f"T{900 + n:04d}" for n in range(0, 12, 2)]


def test_an_event_of_need_to_know_orders_alone_has_no_telling_name(make: Callable[[], Site]) -> None:
    site = make().loaded([newer(n, MIXING_PLANT[n % 3], "云栖佳苑", order_type="举报") for n in range(6)])
    assert site.issues()["problem"].to_list() == ["同类诉求"]


def test_a_new_month_refits_the_statistics_and_ids_and_names_stay(site: Site) -> None:
    before, fitted = site.issues(), site.statistics()
    site.loaded([newer(n, MIXING_PLANT[n % 3], "云栖佳苑", day=40) for n in range(2)])
    now = site.statistics()
    assert (fitted["fitted_month"], now["fitted_month"]) == ("2026-03", "2026-04")
    assert (fitted["fitted_count"], now["fitted_count"]) == (117, 119)
    assert now["statistics_id"] != fitted["statistics_id"]
    used = site.connection.execute("select distinct statistics_id from landed.order_problems").fetchall()
    assert used == [(now["statistics_id"],)]
    kept = site.issues()
    assert kept.drop("order_ids").equals(before.drop("order_ids"))
    assert len(event(site, "云栖佳苑", "搅拌站|噪音")["order_ids"]) == 14


def test_statistics_are_fitted_anew_when_the_orders_outgrow_them_or_the_settings_change(
    make: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = planted()
    site = make().loaded(records[:70])
    site.loaded(records[70:105])
    assert site.statistics()["fitted_count"] == 70, "105 are no more than one and a half times 70"
    site.loaded(records[105:])
    assert site.statistics()["fitted_count"] == len(records)
    version = site.statistics()["statistics_id"]
    monkeypatch.setattr(issue_mining, "SETTINGS", MiningSettings(min_word_people=4))
    site.mine()
    assert site.statistics()["statistics_id"] != version


def test_only_the_newest_months_are_mined(site: Site) -> None:
    """Three orders of the first month of the window, and three of the day before it."""
    begins = pl.select(pl.lit(MARCH.replace(hour=0)).dt.offset_by(f"-{MINED_MONTHS - 1}mo")).item() - MARCH
    old = [newer(n, LIFT[n % 3], "云栖佳苑", day=begins.days + 1) for n in range(3)]
    older = [newer(10 + n, LIFT[n % 3], "云栖佳苑", day=begins.days - 1) for n in range(3)]
    site.loaded(old + older)
    orders = event(site, "云栖佳苑", "电梯")["order_ids"]
    assert {record["order_id"] for record in old} <= set(orders)
    assert not {record["order_id"] for record in older} & set(orders)
    site.loaded([newer(20, ("路灯不亮", ""), "望河花园", day=62)])  # a month or two later
    orders = event(site, "云栖佳苑", "电梯")["order_ids"]
    assert len(orders) == 10, "what left the window left its issue"


def test_unclassified_is_no_topic_that_orders_share(site: Site) -> None:
    assert not [word for word in Statistics.from_json(site.statistics()["content"]).idf if word.startswith("topic:")]


def test_after_a_split_new_orders_go_to_the_nearer_part(site: Site) -> None:
    whole = event(site, "云栖佳苑", "电梯")
    trapped = [f"T{number:04d}" for number in (102, 105, 108)]  # 电梯频繁停运困人
    with opened_records(site.storage) as records:
        rest = [each for each in whole["order_ids"] if each not in trapped]
        edit = split_edit(whole["issue_id"], trapped, rest, "云栖佳苑 电梯困人", "另一件事")
        note_edit(records, "分析员", edit)
    site.loaded([newer(1, LIFT[1], "云栖佳苑"), newer(2, LIFT[2], "云栖佳苑")])
    parts = {row["issue_name"]: row["order_ids"] for row in site.issues().filter(place="云栖佳苑").to_dicts()}
    assert parts["云栖佳苑 电梯困人"] == [*trapped, "T0901"]
    assert parts[whole["issue_name"]] == [*rest, "T0902"]


def test_statistics_hold_words_of_three_people_and_nothing_personal(make: Callable[[], Site]) -> None:
    named = ("反映王建国最近打人", "电话12900001111，王建国住了三年，身份证11010119900101123X")
    records = [*planted(), *[newer(n, named, None) for n in range(4)], newer(9, ("孤零零的水獭", "水獭"), None)]
    site = make().loaded(records)
    statistics = Statistics.from_json(site.statistics()["content"])
    people: dict[str, set[str]] = {}
    for record in records:
        for word in statistics.idf:
            if word.removeprefix("不") in f"{record['title']}。{record['body']}":
                people.setdefault(word, set()).add(record["caller"])
    assert min(len(people.get(word, ())) for word in statistics.idf) >= 3
    assert not re.search("王建国|水獭|12900001111|11010119900101", site.statistics()["content"])
    names = [*statistics.idf, *statistics.gazetteer.accepted, *(word for theme in statistics.themes for word in theme)]
    assert not [name for name in names if re.search(r"\d", name)]
    assert not site.issues()["issue_name"].str.contains("王建国|1290000").any()


def test_what_only_the_writer_needs_is_not_published(make: Callable[[], Site]) -> None:
    """The whole run, twice: the second one publishes nothing and leaves everything."""
    site = make()
    site.load(planted())
    snapshot = refresh(site.connection, site.storage, lambda _: None)
    before = site.rows(*FACTS)
    assert refresh(site.connection, site.storage, lambda _: None) == snapshot
    assert site.rows(*FACTS) == before
    with duckdb.connect(snapshot.path, read_only=True) as published:
        tables = {
            f"{schema}.{name}"
            for schema, name in published.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        }
        ranked = published.execute("select count(issue_rank), max(issue_rank) from marts.mart_issues").fetchall()
        listed = published.execute("select issue_id, order_id from marts.mart_issue_orders order by all").fetchall()
    assert {"landed.recurring_issues", "landed.recurring_issue_orders", "landed.issue_history"} <= tables
    assert (
        not {"landed.issue_statistics", "landed.order_problems", "landed.mined_orders", "landed.former_issue_orders"}
        & tables
    )
    assert ranked == [(site.issues().height, site.issues().height)]
    assert listed == [row[:2] for row in before["recurring_issue_orders"]]
