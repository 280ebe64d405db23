"""`hotline sample`: synthetic orders of any size."""

from pathlib import Path

import click

from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console


@click.command("sample", cls=ChineseCommand)
@click.option("--orders", metavar="整数", type=click.IntRange(min=1), required=True, help="工单数。")
@click.option(
    "--out",
    "path",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="输出文件（.parquet 或 .csv）；不写则在当前目录。",
)
@click.option(
    "--seed", metavar="整数", type=int, default=12345, show_default=True, help="随机种子；同一种子得到同样的数据。"
)
def sample(orders: int, path: Path | None, seed: int) -> None:
    """生成任意规模的模拟工单（虚构的示例区），列与区级导出表相同。"""
    from hotline12345.sample_data.generate import write_orders  # noqa: PLC0415  (numpy tables are slow to load)

    target = path or Path(f"模拟数据_{orders}.parquet")
    if target.suffix not in (".parquet", ".csv"):
        raise UserError(f"输出文件 {target.name} 的扩展名应为 .parquet 或 .csv。")
    write_orders(target, orders, seed)
    console().print(f"已生成 {orders:,} 张模拟工单：{target}")
