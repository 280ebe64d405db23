"""`hotline check`: the rows kept aside from one batch, on the screen or as a workbook to correct."""

from pathlib import Path

import click
import polars as pl

from hotline12345.dashboard.corrections import quarantine_workbook
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.sql.dictionary import columns
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

SHOWN = ["row_number", "column_label", "value_masked", "reason", "fix", "correction_state", "corrected_batch_id"]


@click.command("check", cls=ChineseCommand)
@data_dir_option
@click.option("--batch", "batch_id", metavar="批次号", type=int, required=True, help="批次号，见 hotline batches。")
@click.option(
    "--export",
    "target",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把待改正的行写成 Excel（.xlsx）；改好后用 hotline run 导入这个文件。",
)
@format_option
def check(storage: Storage, batch_id: int, target: Path | None, output: str) -> None:
    """列出某一批的隔离行：行号、列、脱敏后的值、原因和改法，以及是否已经改正。"""
    reader = Reader(storage, current_snapshot(storage))
    found = reader.batches().filter(batch_id=batch_id)
    if found.is_empty():
        raise UserError(f"没有批次 {batch_id}。已有的批次见 hotline batches。")
    undone = f"批次 {batch_id} 已撤销，它的隔离行不必改正。" if found["undone_at"][0] else ""
    issues = reader.quarantine(batch_id)
    if target is not None:
        if undone:
            raise UserError(f"{undone}需要时请重新导入原来的文件。")
        _export(target, reader.quarantined_rows(batch_id), issues)
        return
    labels = {"": "整行", **{name: column.zh for name, column in columns().items()}}
    told = issues.with_columns(column_label=pl.col("column_name").replace(labels))
    notes = [undone or f"改正：hotline check --batch {batch_id} --export 文件.xlsx，改好后 hotline run 文件.xlsx。"]
    emit(told, output, f"批次 {batch_id} 的隔离行", SHOWN, notes if issues.height else ())


def _export(target: Path, rows: pl.DataFrame, issues: pl.DataFrame) -> None:
    name = mask_text(target.name)
    if target.suffix.lower() != ".xlsx":
        raise UserError(f"--export 的文件名须以 .xlsx 结尾，现在是“{name}”。")
    if target.exists():
        raise UserError(f"文件“{name}”已存在，没有覆盖：里面可能有改好的内容。请换一个文件名。")
    if rows.is_empty():
        raise UserError("这一批没有待改正的行。")
    target.write_bytes(quarantine_workbook(rows, issues))
    console().print(f"已把 {rows.height:,} 行写入“{name}”。在标黄的单元格中改正，保存后运行：hotline run {name}")
