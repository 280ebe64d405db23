"""`hotline undo`: take a batch out of force and publish what remains."""

import click

from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.output import console, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.clock import now
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.refreshing import STEPS, refresh
from hotline12345.sql.storage import Storage
from hotline12345.sql.undo import undo_batch
from hotline12345.sql.warehouse import open_warehouse


@click.command("undo", cls=ChineseCommand)
@click.argument("batch_id", metavar="批次号", type=int)
@click.option("--reason", metavar="文字", default="", help="撤销原因，会与撤销时间一起记录。")
@data_dir_option
def undo(batch_id: int, reason: str, storage: Storage) -> None:
    """撤销一个批次：它的内容不再计入，有关工单回到以前的版本，然后重新发布。

    撤销是一条带时间的记录，不删除数据；撤销之前的数字仍可用 --as-of 查到。撤销后的文件可以重新导入。
    """
    connection = open_warehouse(storage)
    try:
        concerned = undo_batch(connection, batch_id, now(), mask_text(reason))
        with progress(len(STEPS)) as report:
            refresh(connection, storage, report)
    finally:
        connection.close()
    console().print(f"已撤销批次 {batch_id}，涉及 {concerned:,} 件工单；已重新发布。")
