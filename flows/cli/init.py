"""`hotline init`: the data and config folders with the example tables to start from."""

import shutil

import click

from hotline12345.dashboard.access import EXAMPLE as ROLES
from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.keys import load_key
from hotline12345.models.topics.scorer import warm_up
from hotline12345.sql.reference import SEEDS
from hotline12345.sql.rules import EXAMPLES, VARIANTS
from hotline12345.sql.storage import Storage
from hotline12345.sql.taxonomy_checks import CATALOGUE

TEMPLATES = ("units.csv", *CATALOGUE, "freezes.csv", "limits.csv", "population.csv")
DEFAULTS = (
    "channels.csv",
    "calendar.csv",
    "hours.csv",
    "targets.csv",
    "seasons.csv",
    "appeal_deadlines.csv",
    "issues.toml",
)  # without them the examples in the package count


@click.command("init", cls=ChineseCommand)
@data_dir_option
def init(storage: Storage) -> None:
    """建立数据目录和配置目录：放入示例规则、示例分类目录、示例渠道分组、示例时限和作息、示例目标、示例季节、示例申诉期限、示例角色、空的单位表和人口表；已有的文件不会被覆盖。"""
    storage.make()
    (storage.rules / VARIANTS).mkdir(parents=True, exist_ok=True)
    load_key(storage)
    sources = [*((SEEDS / name, storage.config / name) for name in (*TEMPLATES, *DEFAULTS))]
    sources.append((ROLES, storage.config / ROLES.name))
    sources += [(path, storage.rules / path.relative_to(EXAMPLES)) for path in sorted(EXAMPLES.rglob("*.toml"))]
    for source, target in sources:
        if not target.exists():
            shutil.copyfile(source, target)
    warm_up()
    console().print(f"数据目录：{storage.data}\n配置目录：{storage.config}")
    console().print(
        "请在 units.csv 填入本区单位（名称、分组、别名），在 rules/ 中核对考核规则，在 limits.csv、hours.csv 中核对时限和作息；示例不是正式规定。"
    )
    console().print(f"rules/{VARIANTS}/ 中是备用的规则，不参与计算；说明见 hotline rules list，启用时复制到 rules/。")
