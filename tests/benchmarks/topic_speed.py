"""How fast topics are scored, beside the naive pipeline, and how memory grows, on labelled petitions: `--data FOLDER`.

    .venv/bin/python tests/benchmarks/topic_speed.py --data ../shared/data

Naive is TfidfVectorizer(tokenizer=jieba.lcut) + LogisticRegression in one process, on a part of the texts. Orders are the
first 100 characters of a petition. The compiled scorer is timed with columns in and classes out, boilerplate taken out on
the way, on all processors and on one; the naive pipeline is timed before and after it and the faster one counts.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jieba
import numpy as np
import polars as pl
from pyarrow import parquet
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from hotline12345.models.topics.recipe import Block, Recipe
from hotline12345.models.topics.topic_model import TopicModel

ROUNDS, NAIVE_TEXTS, TEXTS = 5, 500, 30_000
CHARACTERS = Block(terms="characters", longest=2)
RECIPES = {
    "words (shipped)": Recipe(),
    "words + characters 1-2": Recipe(blocks=(Block(), CHARACTERS, Block(fields="title", weight=0.7))),
    "characters 1-2": Recipe(blocks=(CHARACTERS, Block(terms="characters", fields="title", weight=0.7, longest=2))),
}
SAMPLED = 100_000  # rows of a chunk when a whole file is streamed


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def seconds(run: Callable[[], object]) -> float:
    """The fastest of some rounds; the machine is shared."""
    found = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        run()
        found.append(time.perf_counter() - begin)
    return min(found)


def megabytes(columns: list[pl.Series]) -> float:
    """UTF-8 bytes of the texts."""
    return sum(int(column.str.len_bytes().sum()) for column in columns) / 1e6


def many(frame: pl.DataFrame, length: int | None) -> list[pl.Series]:
    """Title and body of `TEXTS` petitions, the same ones again and again; bodies cut to `length` characters."""
    body = frame["body"] if length is None else frame["body"].str.head(length)
    title = frame["title"] if length is None else pl.Series([""] * len(body))
    times = -(-TEXTS // len(frame))
    return [pl.concat([column] * times).head(TEXTS) for column in (title, body)]


def naive_texts_a_second(frame: pl.DataFrame, labels: list[str], columns: list[pl.Series]) -> float:
    """The pipeline that anybody would write first."""
    pipeline = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LogisticRegression(C=10, max_iter=200)
    ).fit((frame["title"] + " " + frame["body"]).to_list()[:1500], labels[:1500])
    texts = [f"{title} {body}" for title, body in zip(*(column.head(NAIVE_TEXTS) for column in columns), strict=True)]
    return NAIVE_TEXTS / seconds(lambda: pipeline.predict(texts))


def compare(name: str, model: TopicModel, columns: list[pl.Series], naive: float) -> None:
    """One row of the table."""
    size = megabytes(columns)
    every = os.sched_getaffinity(0)
    both = seconds(lambda: model.score_columns(columns))
    os.sched_setaffinity(0, {min(every)})
    one = seconds(lambda: model.score_columns(columns))
    cleaned = model.boilerplate.out_of(columns)
    kernel = seconds(lambda: model.score_cleaned(cleaned))
    os.sched_setaffinity(0, every)
    say(
        f"  {name:24s} {TEXTS / both:10,.0f} texts/s on {len(every)} processors, ×{TEXTS / both / naive:5.0f} of naive;"
        f" {size / one:5.1f} MB/s on one, {size / kernel:5.1f} the kernel alone"
    )


def decisions(model: TopicModel, frame: pl.DataFrame) -> None:
    """How many decisions differ from scikit-learn's."""
    documents = list(
        zip(*(column.to_list() for column in model.boilerplate.out_of([frame["title"], frame["body"]])), strict=True)
    )
    theirs = model.features_.transform(documents) @ model.weights_.astype(np.float64) + model.intercept_
    ours = model.score_columns([frame["title"], frame["body"]]).scores
    differing = int((theirs.argmax(axis=1) != ours.argmax(axis=1)).sum())
    say(
        f"  decisions unlike scikit-learn's: {differing} of {len(documents):,}; largest difference {np.abs(theirs - ours).max():.1e}"
    )


def stream(folder: Path, rows: int) -> None:
    """Peak memory of streaming that many distinct orders from Parquet through the shipped recipe, in a process of its own."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[3])\n"
        "from topic_speed import stream_file\n"
        "stream_file(sys.argv[1], sys.argv[2])\n"
    )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "orders.parquet"
        frame = pl.read_parquet(folder / "petitions_train.parquet")
        body = pl.concat([frame["body"].str.head(100)] * (-(-rows // len(frame)))).head(rows)
        number = pl.int_range(rows, eager=True).cast(pl.String)
        pl.DataFrame({"title": [""] * rows, "body": body + number}).write_parquet(path, row_group_size=SAMPLED)
        subprocess.run([sys.executable, "-c", script, str(path), str(folder), str(Path(__file__).parent)], check=True)


def stream_file(path: str, folder: str) -> None:
    """Score a Parquet file chunk by chunk and say how long it took and how much memory was needed."""
    model = fit(Recipe(), pl.read_parquet(Path(folder) / "petitions_train.parquet").head(1500))
    before, begin, rows = peak(), time.perf_counter(), 0
    for batch in parquet.ParquetFile(path).iter_batches(SAMPLED, columns=["title", "body"]):
        chunk = pl.DataFrame(pl.from_arrow(batch))
        rows += len(model.score_columns([chunk["title"], chunk["body"]]).scores)
    spent = time.perf_counter() - begin
    say(f"  {rows:9,} orders in {spent:5.1f} s ({rows / spent:,.0f}/s), peak {peak():,.0f} MB, {before:,.0f} MB before")


def peak() -> float:
    """Largest resident size of this process so far, MB; getrusage would count what the parent held when it started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def fit(recipe: Recipe, frame: pl.DataFrame) -> TopicModel:
    """A model of a recipe."""
    return TopicModel(recipe).fit(list(frame.select("title", "body").iter_rows()), frame["label"].to_list())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, nargs="*", default=[200_000, 2_000_000], help="orders that are streamed")
    said = parser.parse_args()
    jieba.setLogLevel(60)
    frame = pl.read_parquet(said.data / "petitions_train.parquet").with_columns(pl.col("title", "body").fill_null(""))
    labels = frame["label"].to_list()
    models = {}
    for name, recipe in RECIPES.items():
        begin = time.perf_counter()
        models[name] = fit(recipe, frame)
        say(
            f"{name}: fitted on {len(frame):,} petitions in {time.perf_counter() - begin:.1f} s, {len(models[name].features_.names):,} features"
        )
        decisions(models[name], frame)
    for title, length in (("orders of 100 characters", 100), ("whole petitions", None)):
        columns = many(frame, length)
        naive = naive_texts_a_second(frame, labels, columns)
        say(f"{title}, {megabytes(columns) * 1e6 / TEXTS:.0f} bytes each; naive {naive:,.0f} texts/s")
        for name, model in models.items():
            compare(name, model, columns, naive)
    say("streamed from Parquet, shipped recipe")
    for rows in said.rows:
        stream(said.data, rows)


if __name__ == "__main__":
    main()
