"""`hotline topics predict`: any table through the model in use, chunk by chunk."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

import click
import polars as pl
from pyarrow import parquet

from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, inert
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.tables import stream_columns
from hotline12345.flows.ingest.read import ROW
from hotline12345.flows.topic_predicting import UNCLASSIFIED, answers
from hotline12345.models.topics.store import load
from hotline12345.sql.dictionary import label
from hotline12345.sql.publish import NothingPublishedError, current_snapshot, pointed
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

SUFFIXES: Final = (".csv", ".parquet")
TOLD: Final = 8  # topics that the last line names
RECORD: Final = "record_id"


@click.command("predict", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--text", metavar="列名", required=True, help="文本列，逗号分隔，第一列作为标题，如 title,body。")
@click.option("--id", "id_column", metavar="列名", help="编号列，原样写进结果；不写则用行号。")
@click.option(
    "--out",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="结果写到这个文件（.csv 或 .parquet）；不写则作为 CSV 打印。",
)
@data_dir_option
def predict(file: Path, text: str, id_column: str | None, out: Path | None, storage: Storage) -> None:
    """用数据目录中现用的模型给任意一张表（xlsx、csv、parquet）分类：分段读取，文件再大内存也不增长。"""
    _check_out(file, out)
    model_id = pointed(storage.topic_models)
    if model_id is None:
        raise UserError(
            f"目录 {storage.data} 中还没有分类模型。请先运行 hotline topics train 训练，或用 --data-dir 指明有模型的数据目录。"
        )
    texts = list(dict.fromkeys(text.split(",")))
    rows = stream_columns(file, list(dict.fromkeys([*([id_column] if id_column else []), *texts])))
    tree, manifest = load(storage.topic_models / model_id)
    names = _names(storage)
    number = pl.col(id_column).alias(RECORD) if id_column else pl.col(ROW)
    counts = Counter[str]()
    answered = (chunk.select(number).hstack(answers(chunk, texts, tree, manifest.thresholds, names)) for chunk in rows)
    _save(_counted(answered, counts, out is not None), out)
    console(to_error=True).print(_summary(counts, model_id, out))


def _check_out(file: Path, out: Path | None) -> None:
    if out is None:
        return
    if out.suffix.lower() not in SUFFIXES:
        raise UserError(f"--out 的文件名应以 .csv 或 .parquet 结尾，现为“{out.suffix or '没有扩展名'}”。")
    if out.exists() and file.exists() and out.samefile(file):
        raise UserError("--out 不能是正在读取的文件本身。请写另一个文件名。")


def _names(storage: Storage) -> dict[str, str]:
    """Names of the topic codes; none before the first publication, and codes stand for themselves."""
    try:
        snapshot = current_snapshot(storage)
    except NothingPublishedError:
        return {}
    with closing(Reader(storage, snapshot)) as reader:
        return reader.topic_names()


def _counted(frames: Iterable[pl.DataFrame], counts: Counter[str], is_told: bool) -> Iterator[pl.DataFrame]:
    """The frames as they are, their rows counted by level-1 topic; told on standard error meanwhile if `is_told`."""
    topic = pl.when(pl.col("topic_code") == UNCLASSIFIED).then(pl.lit(UNCLASSIFIED)).otherwise("level1_name")
    with console(to_error=True).status("正在分类") if is_told else nullcontext() as status:
        for frame in frames:
            counts.update(frame.select(topic).to_series().to_list())
            if status:
                status.update(f"已分类 {counts.total():,} 条")
            yield frame


def _summary(counts: Counter[str], model_id: str, out: Path | None) -> str:
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = "、".join(f"{name} {n:,} 条" for name, n in largest[:TOLD]) + ("等" if len(largest) > TOLD else "")
    where = f"，结果在 {out}" if out else ""
    return f"已用模型 {model_id} 分类 {counts.total():,} 条{where}" + (f"：{listed}。" if listed else "。")


def _save(frames: Iterator[pl.DataFrame], out: Path | None) -> None:
    """Write a file, aside and renamed when it is complete; without one print CSV."""
    if out is None:
        _write_csv(frames, partial(click.echo, nl=False))
        return
    aside = out.with_name(f"{out.name}.partial")
    try:
        if out.suffix.lower() == ".csv":
            with aside.open("wb") as file:
                _write_csv(frames, file.write)
        else:
            _write_parquet(frames, aside)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def _write_csv(frames: Iterator[pl.DataFrame], write: Callable[[bytes], object]) -> None:
    """UTF-8 with its mark, so that Excel reads the Chinese; headings from the data dictionary."""
    for number, frame in enumerate(frames):
        text = inert(frame).rename(label).write_csv(include_header=number == 0, float_precision=4)
        write(text.encode("utf-8-sig" if number == 0 else "utf-8"))


def _write_parquet(frames: Iterator[pl.DataFrame], path: Path) -> None:
    first = next(frames)
    with parquet.ParquetWriter(path, first.to_arrow().schema, compression="zstd") as writer:
        for frame in chain([first], frames):
            writer.write_table(frame.to_arrow())
