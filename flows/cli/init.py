"""`hotline init`: the data and config folders with the example tables to start from."""

import shutil

import click

from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.keys import load_key
from hotline12345.sql.reference import SEEDS
from hotline12345.sql.rules import EXAMPLES
from hotline12345.sql.storage import Storage

TEMPLATES = ("units.csv", "topics.csv", "freezes.csv")


@click.command("init", cls=ChineseCommand)
@data_dir_option
def init(storage: Storage) -> None:
    """建立数据目录和配置目录：放入示例规则、示例分类目录、示例渠道分组和空的单位表；已有的文件不会被覆盖。"""
    storage.make()
    storage.rules.mkdir(exist_ok=True)
    load_key(storage)
    sources = [*((SEEDS / name, storage.config / name) for name in (*TEMPLATES, "channels.csv"))]
    sources += [(path, storage.rules / path.name) for path in sorted(EXAMPLES.glob("*.toml"))]
    for source, target in sources:
        if not target.exists():
            shutil.copyfile(source, target)
    console().print(f"数据目录：{storage.data}\n配置目录：{storage.config}")
    console().print("请在 units.csv 填入本区单位（名称、分组、别名），在 rules/ 中核对考核规则；示例规则不是正式规则。")
