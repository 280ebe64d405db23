"""`hotline run`, `batches` and `check`: files in, the accounting of their rows, and the rows kept aside."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
import polars as pl

from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.file_options import column_option, mapping_option, stated_mapping
from hotline12345.flows.cli.output import console, emit, format_option, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.rates import print_rates_or_volumes
from hotline12345.flows.clock import now
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.loading import DEFAULTS, MAX_BAD_SHARE, LoadOptions, Outcome, load_files
from hotline12345.flows.refreshing import STEPS, Report, refresh
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".parquet")  # of files taken from a folder
ACCOUNTING = [
    "batch_id",
    "file_name",
    "rows_read",
    "rows_new",
    "rows_revised",
    "rows_unchanged",
    "rows_repeated",
    "rows_not_data",
    "rows_quarantined",
]


@click.command("run", cls=ChineseCommand)
@click.argument("files", metavar="文件…", nargs=-1, required=True, type=click.Path(path_type=Path))
@data_dir_option
@mapping_option
@column_option
@click.option(
    "--exported-at",
    metavar="时间",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]),
    help="文件的导出时间，如 2026-03-05；不写则取文件中最晚的时间。",
)
@click.option(
    "--max-bad",
    metavar="百分数",
    type=click.IntRange(0, 100),
    default=round(MAX_BAD_SHARE * 100),
    show_default=True,
    help="坏行超过这个百分数的文件整个拒绝。",
)
def run_command(
    files: tuple[Path, ...],
    storage: Storage,
    mapping: Path | None,
    columns: tuple[str, ...],
    exported_at: datetime | None,
    max_bad: int,
) -> int:
    """导入工单文件（xlsx、xls、csv、tsv、parquet）或整个文件夹，计算三率、诉求分类和反复问题，然后发布。

    坏行进入隔离区并写明原因，不影响其余行；整个文件无法读取时拒绝导入，什么都不改变。
    """
    paths = _files(files)
    if exported_at and exported_at > now():
        raise UserError("--exported-at 晚于现在。请写文件真正的导出时间：以后的导出都会排在它前面。")
    options = LoadOptions(stated_mapping(mapping, columns), exported_at, max_bad / 100)
    with progress(len(paths) + len(STEPS)) as report:
        refused = load_and_refresh(storage, paths, report, options)
    if refused < len(paths):
        print_rates_or_volumes(storage)
    return 2 if refused else 0


def _files(named: Sequence[Path]) -> list[Path]:
    """The named files; a folder stands for the tables in it, in the order of their names."""
    found: list[Path] = []
    for path in named:
        inside = (
            sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES)
            if path.is_dir()
            else [path]
        )
        if not inside:
            raise IngestError(
                "E01", f"文件夹“{mask_text(path.resolve().name)}”中没有可以导入的表格（{'、'.join(SUFFIXES)}）。"
            )
        found += inside
    return found


def load_and_refresh(storage: Storage, files: Sequence[Path], report: Report, options: LoadOptions = DEFAULTS) -> int:
    """Load each file, then publish once; a file that cannot be read is refused and the others go on.

    Returns how many were refused.
    """
    outcomes: list[Outcome] = []
    connection = open_warehouse(storage)
    try:
        report("导入第 1 个文件")
        for outcome in load_files(connection, storage, files, options):
            outcomes.append(outcome)
            if outcome.error:
                click.echo(str(outcome.error), err=True)
            if len(outcomes) < len(files):
                report(f"导入第 {len(outcomes) + 1} 个文件")
        loaded = [outcome for outcome in outcomes if outcome.accounting]
        if loaded:
            refresh(connection, storage, report)
    finally:
        connection.close()
    if loaded:
        _print_accounting(loaded)
    refused = [outcome.path for outcome in outcomes if outcome.error]
    if refused:
        click.echo(f"{len(refused)} 个文件没有导入：{'、'.join(mask_text(path.name) for path in refused)}", err=True)
    return len(refused)


def _print_accounting(loaded: Sequence[Outcome]) -> None:
    rows = [
        {**outcome.accounting.__dict__, "file_name": mask_text(outcome.path.name)}
        for outcome in loaded
        if outcome.accounting
    ]
    emit(pl.DataFrame(rows), "table", "导入结果（读取 = 新增 + 修订 + 未变 + 文件内重复 + 非数据 + 隔离）", ACCOUNTING)
    for outcome, row in zip(loaded, rows, strict=True):
        for sentence in outcome.said:
            console().print(f"批次 {row['batch_id']}：{sentence}")
        if row["rows_quarantined"]:
            console().print(
                f"批次 {row['batch_id']}：{row['rows_quarantined']} 行进入隔离区，"
                f"其余不受影响；原因见 hotline check --batch {row['batch_id']}。"
            )


@click.command("batches", cls=ChineseCommand)
@data_dir_option
@format_option
def batches(storage: Storage, output: str) -> None:
    """列出已导入的批次：文件、数据时点和每批行数的去向。"""
    reader = Reader(storage, current_snapshot(storage))
    emit(reader.batches(), output, "数据批次", [*ACCOUNTING, "known_at", "loaded_at", "undone_at"])
