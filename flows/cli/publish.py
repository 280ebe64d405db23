"""`hotline publish`: bring the figures up to date without a new file, after a change of the config or of the program."""

import click

from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.output import console, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.refreshing import STEPS, refresh
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse


@click.command("publish", cls=ChineseCommand)
@data_dir_option
def publish(storage: Storage) -> None:
    """按现在的规则、单位清单和程序重新计算并发布；没有变化时什么都不做。"""
    connection = open_warehouse(storage)
    try:
        with progress(len(STEPS)) as report:
            snapshot = refresh(connection, storage, report)
    finally:
        connection.close()
    console().print(f"已发布的数据：{snapshot.run_id}")
