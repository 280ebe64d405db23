"""Printing: one frame as a Chinese table, as JSON with the contract's names, or as CSV."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from hotline12345.dashboard.labels import shown
from hotline12345.sql.dictionary import columns, label

format_option = click.option(
    "--format",
    "output",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="输出格式。",
    show_default=True,
)


def console(to_error: bool = False) -> Console:
    """A console that prints texts as they are and never cuts a table when the output is a file or a pipe."""
    target = Console(stderr=to_error, highlight=False, markup=False, emoji=False)
    if not target.is_terminal:
        target.width = 200
    return target


def emit(frame: pl.DataFrame, output: str, title: str, names: Sequence[str], notes: Sequence[str] = ()) -> None:
    """Print the columns `names` of a frame in the chosen format; notes stand under a table only."""
    chosen = frame.select(names)
    if output == "json":
        click.echo(json.dumps(chosen.to_dicts(), ensure_ascii=False, indent=2, default=_plain))
    elif output == "csv":
        renamed = inert(chosen).rename({name: label(name) for name in names})
        text = "\ufeff" + renamed.write_csv(datetime_format="%Y-%m-%d %H:%M:%S")
        click.echo(text.encode("utf-8"), nl=False)  # Excel needs UTF-8 with its mark, whatever the terminal speaks
    else:
        table = Table(title=title, title_justify="left", title_style="bold")
        for name in names:
            is_number = chosen.schema[name].is_numeric() or columns()[name].type in ("rate", "score")
            table.add_column(label(name), justify="right" if is_number else "left")
        for row in chosen.iter_rows(named=True):
            table.add_row(*(shown(name, value) for name, value in row.items()))
        target = console()
        target.print(table)
        for note in notes:
            target.print(note, style="dim")


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """Texts that a spreadsheet would run as a formula get an apostrophe in front."""
    return frame.with_columns(pl.col(pl.String).str.replace(r"^([=+\-@\t\r])", "'${1}"))


def _plain(value: Any) -> Any:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error; call the yielded function with the name of each step as it begins."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        console=console(to_error=True),
    )
    with bar:
        task = bar.add_task("准备", total=total)

        def step(name: str) -> None:
            bar.update(task, description=name, advance=0 if bar.tasks[task].description == "准备" else 1)

        yield step
        bar.update(task, description="完成", completed=total)
