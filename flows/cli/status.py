"""`hotline status`: how the installation is, for its keeper and for monitoring."""

import json
from dataclasses import asdict

import click
from rich.table import Table

from hotline12345.dashboard.system_status import FINE, Line, status, worst
from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.clock import now
from hotline12345.sql.storage import Storage


@click.command("status", cls=ChineseCommand)
@data_dir_option
@click.option(
    "--format", "output", type=click.Choice(["table", "json"]), default="table", help="输出格式。", show_default=True
)
def status_command(storage: Storage, output: str) -> None:
    """系统状态：最近一次导入、已发布的数据、磁盘、请求队列、近期错误、模型和版本。不含工单内容和个人信息。

    状态为“正常”“注意”或“异常”；后两种附有处理办法。JSON 中 value 为原始值（大小为字节，时间为文字），供监控使用。
    """
    lines = status(storage, now())
    if output == "json":
        shown = {"state": worst(lines), "lines": [asdict(line) for line in lines]}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        _print(lines)


def _print(lines: list[Line]) -> None:
    table = Table(title=f"系统状态：{worst(lines)}", title_justify="left", title_style="bold")
    for heading in ("类别", "项目", "现状", "状态"):
        table.add_column(heading)
    area = ""
    for line in lines:
        if area and line.area != area:
            table.add_section()
        table.add_row("" if line.area == area else line.area, line.title, line.shown, line.state)
        area = line.area
    printed = console()
    printed.print(table)
    for line in lines:
        if line.state != FINE and line.advice:
            printed.print(f"{line.state}　{line.title}：{line.advice}")
