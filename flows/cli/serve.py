"""`hotline serve` and `hotline watch`: the long-lived writers."""

from pathlib import Path

import click

from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.errors import describe
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.clock import now
from hotline12345.flows.serve import serve
from hotline12345.flows.watching import Watch, watch
from hotline12345.sql.storage import Storage

once_option = click.option("--once", is_flag=True, help="做完正在等待的就结束，供定时任务使用。")


@click.command("serve", cls=ChineseCommand)
@data_dir_option
@click.option(
    "--watch",
    "folder",
    metavar="目录",
    type=click.Path(path_type=Path),
    help="空闲时监视这个目录，自动导入新的导出文件。",
)
@once_option
def serve_command(storage: Storage, folder: Path | None, once: bool) -> None:
    """执行网页“数据导入”提交的请求：识别、导入、发布，一次一个。一直运行，按 Ctrl+C 结束（做完手上的一个）。

    只在工作时占用数据仓库，空闲时可以照常使用 hotline run。
    """
    if not once:
        say(f"正在等待网页提交的请求（数据目录 {storage.data}）。按 Ctrl+C 结束。")
    serve(storage, describe, once, Watch(storage, folder, say, describe) if folder else None)


@click.command("watch", cls=ChineseCommand)
@click.argument("folder", metavar="目录", type=click.Path(path_type=Path))
@data_dir_option
@once_option
def watch_command(storage: Storage, folder: Path, once: bool) -> None:
    """监视一个目录，自动导入其中新的导出文件并发布。每个文件只导入一次，不移动、不删除任何文件。

    只看目录本身，不看子目录。正在复制的文件等它不再变化才导入；无法导入的文件说明原因后不再重复，改动后自动再试。
    """
    if not once:
        say(f"正在监视 {folder.absolute()}。按 Ctrl+C 结束。")
    watch(Watch(storage, folder, say, describe), once)


def say(line: str) -> None:
    """One line with the time in Shanghai, as the batches carry it."""
    console().print(f"{now():%H:%M:%S}　{line}")
