"""`hotline run`, `batches` and `check`: files in, the accounting of their rows, and the rows kept aside."""

from datetime import datetime
from pathlib import Path

import click
import polars as pl

from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.rates import print_rates_or_volumes
from hotline12345.flows.clock import now
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.prepare import FileMapping, Prepared, load_mapping
from hotline12345.flows.loading import load_file
from hotline12345.flows.refreshing import STEPS, Report, refresh
from hotline12345.sql.dictionary import columns
from hotline12345.sql.landing import Accounting
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

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
@click.option(
    "--mapping", metavar="文件", type=click.Path(path_type=Path), help="列对应关系（TOML），用于列名不常见的文件。"
)
@click.option(
    "--exported-at",
    metavar="时间",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]),
    help="文件的导出时间，如 2026-03-05；不写则取文件中最晚的时间。",
)
def run_command(files: tuple[Path, ...], storage: Storage, mapping: Path | None, exported_at: datetime | None) -> int:
    """导入工单文件（xlsx、xls、csv、tsv、parquet），计算三率、诉求分类和反复问题，然后发布。

    坏行进入隔离区并写明原因，不影响其余行；整个文件无法读取时拒绝导入，什么都不改变。
    """
    if exported_at and exported_at > now():
        raise UserError("--exported-at 晚于现在。请写文件真正的导出时间：以后的导出都会排在它前面。")
    reading = load_mapping(mapping) if mapping else None
    with progress(len(files) + len(STEPS)) as report:
        refused = load_and_refresh(storage, files, reading, exported_at, report)
    if len(refused) < len(files):
        print_rates_or_volumes(storage)
    return 2 if refused else 0


def load_and_refresh(
    storage: Storage,
    files: tuple[Path, ...],
    mapping: FileMapping | None,
    exported_at: datetime | None,
    report: Report,
) -> list[Path]:
    """Load each file, then publish once; a file that cannot be read is refused and the others go on."""
    refused: list[Path] = []
    loaded: list[tuple[Accounting, Prepared]] = []
    connection = open_warehouse(storage)
    try:
        for path in files:
            report(f"导入第 {len(loaded) + len(refused) + 1} 个文件")
            try:
                loaded.append(load_file(connection, storage, path, mapping, exported_at))
            except IngestError as error:
                refused.append(path)
                click.echo(str(error), err=True)
        if loaded:
            refresh(connection, storage, report)
    finally:
        connection.close()
    if loaded:
        _print_accounting(loaded)
    if refused:
        click.echo(f"{len(refused)} 个文件没有导入：{'、'.join(mask_text(path.name) for path in refused)}", err=True)
    return refused


def _print_accounting(loaded: list[tuple[Accounting, Prepared]]) -> None:
    rows = [{**accounting.__dict__, "file_name": prepared.file_name} for accounting, prepared in loaded]
    emit(pl.DataFrame(rows), "table", "导入结果（读取 = 新增 + 修订 + 未变 + 文件内重复 + 非数据 + 隔离）", ACCOUNTING)
    for accounting, prepared in loaded:
        if accounting.already_loaded:
            console().print(f"批次 {accounting.batch_id}：这个文件以前导入过，内容相同，没有改变任何数据。")
        if prepared.unmapped:
            console().print(
                f"批次 {accounting.batch_id}：未导入的列：{'、'.join(prepared.unmapped)}。如需要，请用 --mapping 指定。"
            )
        if not prepared.has_callback:
            console().print(
                f"批次 {accounting.batch_id}：没有“是否有效回访”列；新出现的工单不进三率，只计诉求量，已有回访结果的保持不变。"
            )
        if accounting.rows_late:
            console().print(
                f"批次 {accounting.batch_id}：{accounting.rows_late} 行修订的数据时点早于已有内容，已存档，但不改变现状。"
                "如果这是新导出的文件，请加 --exported-at 导出时间 再导入一次。"
            )
        if accounting.rows_conflicting:
            console().print(
                f"批次 {accounting.batch_id}：{accounting.rows_conflicting} 行与同一工单编号的后面一行内容不同，以最后一行为准。"
            )
        if accounting.rows_quarantined:
            console().print(
                f"批次 {accounting.batch_id}：{accounting.rows_quarantined} 行进入隔离区，"
                f"其余不受影响；原因见 hotline check --batch {accounting.batch_id}。"
            )


@click.command("batches", cls=ChineseCommand)
@data_dir_option
@format_option
def batches(storage: Storage, output: str) -> None:
    """列出已导入的批次：文件、数据时点和每批行数的去向。"""
    reader = Reader(storage, current_snapshot(storage))
    emit(reader.batches(), output, "数据批次", [*ACCOUNTING, "known_at", "loaded_at"])


@click.command("check", cls=ChineseCommand)
@data_dir_option
@click.option("--batch", "batch_id", metavar="批次号", type=int, required=True, help="批次号，见 hotline batches。")
@format_option
def check(storage: Storage, batch_id: int, output: str) -> None:
    """列出某一批的隔离行：行号、列、脱敏后的值、原因和改法。"""
    reader = Reader(storage, current_snapshot(storage))
    if batch_id not in reader.batches()["batch_id"]:
        raise UserError(f"没有批次 {batch_id}。已有的批次见 hotline batches。")
    rows = reader.quarantine(batch_id).with_columns(
        column_label=pl.col("column_name").replace(
            {"": "整行", **{name: column.zh for name, column in columns().items()}}
        )
    )
    names = ["row_number", "column_label", "value_masked", "reason", "fix"]
    emit(rows, output, f"批次 {batch_id} 的隔离行", names)
