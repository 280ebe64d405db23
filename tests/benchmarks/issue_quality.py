"""How well recurring issues are found, beside two baselines in the same run.

    .venv/bin/python tests/benchmarks/issue_quality.py [--tune] [--letters ../shared/data/petitions_train.parquet]

Three sets of texts with a known truth: planted problems of the sample generator, and the development and the held-out
half of `planted_letters.py`, which has another grammar and was written without knowledge of the miner. Nobody tunes
on the held-out half.

Both grains are judged apart. The gold of 点位事件 are the planted events (one problem at one place); the gold of 共性问题 are
the problems planted in many places, with all their orders. B-cubed precision, recall and F1 (`clustering_scores.py`
defines them) are means over the orders of planted issues (gold), and over all orders, those of no planted issue as
issues of their own (all). Companions are counted among all orders in both. The sample's other orders come from its
topics, so they recur too; there only the first says anything.

Top 20: planted issues matched by a found one of their grain (Jaccard >= .5) out of those that fit into the list, for
each grain's own list and for the list of both grains; in that list also the issues mostly of unplanted orders
(false), those of one writer, and the events of more than one place.

The baselines are those of `issue_baselines.py`, which says how their parameters were chosen; `--tune` prints that
grid again. The miner alone also runs on 30,000 orders of the sample, the size that the demo has, where the baselines
take too long.
"""

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba
import polars as pl
from issue_baselines import EVENT, GRAINS, LABELS, THEME, baseline, clustered, tfidf

sys.path.insert(0, str(Path(__file__).parent.parent))

from clustering_scores import bcubed, matched, mixed_place, single_writer, unplanted
from planted_letters import write_letters

from hotline12345.models.recurring import mine
from hotline12345.sample_data.generate import DEFAULT_SEED, make_orders

TOP, SAMPLE_ORDERS, DEMO_ORDERS = 20, 8_000, 30_000
ANSWERS = {
    "解决": True,
    "基本解决": True,
    "部分解决": False,
    "未解决": False,
    "满意": True,
    "基本满意": True,
    "一般": False,
    "不满意": False,
}


@dataclass(frozen=True)
class Task:
    """Texts with their truth. family: `letters` or `sample`; gold: a frame order_id, gold for each grain; truth:
    order_id, writer, place_id."""

    name: str
    family: str
    records: pl.DataFrame
    gold: dict[str, pl.DataFrame]
    truth: pl.DataFrame


@dataclass(frozen=True)
class Found:
    """What a method found. issues: issue_id, grain, name, people, orders, best first; members: issue_id, order_id."""

    issues: pl.DataFrame
    members: pl.DataFrame
    seconds: float

    def listed(self, grain: str | None = None, top: int | None = TOP) -> list[str]:
        issues = self.issues if grain is None else self.issues.filter(pl.col("grain") == grain)
        return issues["issue_id"].head(top or issues.height).to_list()

    def of(self, grain: str) -> pl.DataFrame:
        return self.members.filter(pl.col("issue_id").is_in(self.listed(grain, None)))


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def letters_task(half: str) -> Task:
    letters = write_letters(half)
    truth = letters.truth
    gold = {
        EVENT: truth.select("order_id", gold="event_id"),
        THEME: truth.select("order_id", gold="theme_id"),
    }
    return Task(f"letters, {half}", "letters", letters.records, gold, truth.select("order_id", "writer", "place_id"))


def sample_task(orders: int = SAMPLE_ORDERS, seed: int = DEFAULT_SEED) -> Task:
    """Orders of the sample generator; its callers are numbers, its place columns are filled."""
    table, truth = make_orders(orders, seed)
    records = table.select(
        order_id="工单编号",
        title="标题",
        body="主要内容",
        place="小区点位",
        area="被反映街乡镇",
        unit="二级承办单位简称",
        topic="一级分类",
        reported_at=pl.col("创建时间").str.to_datetime(strict=False),
        closed_at=pl.col("办结时间").str.to_datetime(strict=False),
        is_resolved=pl.col("是否解决").replace_strict(ANSWERS, default=None, return_dtype=pl.Boolean),
        is_satisfied=pl.col("是否满意").replace_strict(ANSWERS, default=None, return_dtype=pl.Boolean),
    ).with_columns(caller=truth["caller"].cast(pl.String))
    planted = {grain: pl.when(pl.col("grain") == grain).then("problem_id") for grain in GRAINS}
    gold = {grain: truth.select("order_id", gold=planted[grain]) for grain in GRAINS}
    return Task(
        f"sample, {orders} orders",
        "sample",
        records,
        gold,
        truth.select("order_id", "place_id", writer=pl.col("caller").cast(pl.String)),
    )


def ours(records: pl.DataFrame) -> Found:
    begin = time.perf_counter()
    mined = mine(records)
    seconds = time.perf_counter() - begin
    issues = mined.issues.sort("issue_rank", nulls_last=True).select(
        "issue_id", grain="issue_grain", name="issue_name", people="people_count", orders="order_count"
    )
    return Found(issues, mined.members.select("issue_id", "order_id"), seconds)


def plain(name: str, task: Task) -> Found:
    begin = time.perf_counter()
    issues, members = baseline(name, task.family, task.records)
    return Found(issues, members, time.perf_counter() - begin)


METHODS: dict[str, Callable[[Task], Found]] = {
    "mine": lambda task: ours(task.records),
    "mine, callers unknown": lambda task: ours(task.records.drop("caller")),
    "TF-IDF + DBSCAN": lambda task: plain("DBSCAN", task),
    "TF-IDF + SVD + HDBSCAN": lambda task: plain("HDBSCAN", task),
}


def agreement(task: Task, found: Found, grain: str) -> str:
    gold, members = task.gold[grain], found.of(grain)
    judged = [bcubed(gold, members, gold_orders_only=only) for only in (True, False)]
    return "   ".join(f"{one.precision:.3f} {one.recall:.3f} {one.f1:.3f}" for one in judged)


def planted_in_top(task: Task, found: Found, grain: str | None) -> str:
    """Matched planted issues of the list, out of as many as it could hold."""
    ranked = found.listed(grain)
    hits = possible = 0
    for one in GRAINS if grain is None else (grain,):
        hits += len(matched(task.gold[one], found.of(one), ranked))
        possible += task.gold[one]["gold"].drop_nulls().n_unique()
    return f"{hits}/{min(possible, TOP)}"


def report(task: Task, name: str, found: Found) -> None:
    ranked, members = found.listed(), found.members
    events = [issue for issue in ranked if issue in set(found.listed(EVENT, None))]
    anything = pl.concat(task.gold.values()).group_by("order_id").agg(pl.col("gold").drop_nulls().first())
    for grain in GRAINS:
        say(f"{name:24s} {grain}  {agreement(task, found, grain)}   {planted_in_top(task, found, grain):>6s}")
    say(
        f"{'':24s} top {TOP} of both: planted {planted_in_top(task, found, None)}, "
        f"false {len(unplanted(anything, members, ranked))}, one writer {len(single_writer(task.truth, members, ranked))}, "
        f"mixed places {len(mixed_place(task.truth, members, events))}; {found.issues.height} issues, {found.seconds:.1f} s"
    )


def judge(task: Task, methods: Sequence[str] = tuple(METHODS)) -> None:
    planted = {grain: gold["gold"].drop_nulls() for grain, gold in task.gold.items()}
    counts = ", ".join(f"{grain} {gold.n_unique()} issues of {gold.len()} orders" for grain, gold in planted.items())
    say(f"\n{task.name}: {task.records.height} orders; {counts}")
    say(f"{'':24s} {'':8s}  gold: P R F1          all: P R F1            top {TOP}")
    for name in methods:
        report(task, name, METHODS[name](task))


def tune(task: Task) -> None:
    """Print what each grid of parameters of the baselines reaches."""
    matrix = tfidf(task.records)
    for name, (labels_of, grid) in LABELS.items():
        for values in itertools.product(*grid.values()):
            settings = dict(zip(grid, values, strict=True))
            labels = labels_of(matrix, **settings)
            line = f"{task.family} {name} {settings}"
            for grain in GRAINS:
                members = clustered(task.records, grain, labels)[1]
                f1 = [bcubed(task.gold[grain], members, gold_orders_only=only).f1 for only in (True, False)]
                line += f"  {grain} {f1[0]:.3f} {f1[1]:.3f}"
            say(line)


def real_letters(path: Path) -> None:
    """The top of what is mined from real letters, by name and size alone: for reading false alarms."""
    records = pl.read_parquet(path).select(
        "title",
        "body",
        order_id=pl.col("row").cast(pl.String),
        reported_at=pl.col("time").str.to_datetime("%Y/%m/%d %H:%M:%S", strict=False),
    )
    found = ours(records)
    say(f"\n{path.name}: {records.height} letters, {found.issues.height} issues, {found.seconds:.1f} s")
    for rank, row in enumerate(found.issues.head(TOP).iter_rows(named=True), 1):
        say(f"{rank:3d}  {row['grain']}  {row['orders']:4d} orders  {row['people']:4d} people  {row['name']}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--letters", type=Path)
    chosen = parser.parse_args(arguments)
    jieba.setLogLevel(60)
    if chosen.tune:
        tune(letters_task("development"))
        tune(sample_task(seed=DEFAULT_SEED + 1))
        return
    judge(sample_task(DEMO_ORDERS), ["mine"])
    for task in (sample_task(), letters_task("development"), letters_task("held_out")):
        judge(task)
    if chosen.letters:
        real_letters(chosen.letters)


if __name__ == "__main__":
    main()
