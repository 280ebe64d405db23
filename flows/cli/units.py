"""`hotline units`: the site's list of units, the names it does not settle, and confirming one of them."""

import click

from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.clock import now
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.unit_aliases import add_alias

COMMANDS = {
    "list": ("hotline12345.flows.cli.units:list_units", "列出已登记的单位和全部写法。"),
    "proposals": ("hotline12345.flows.cli.units:proposals", "列出对不上单位清单的名称和建议。"),
    "alias": ("hotline12345.flows.cli.units:alias", "确认一个名称是某个单位的别名。"),
}
units = ChineseGroup("units", table=COMMANDS, help="单位清单：列出、核对名称、加别名。")
LISTED = ["unit_id", "unit_name", "unit_group", "valid_from", "valid_to", "unit_aliases"]
PROPOSED = [
    *("name_role", "found_name", "name_issue", "order_count", "proposed_unit_id", "proposed_unit_name"),
    *("proposal_reason", "candidate_count", "first_at", "last_at"),
]


@click.command("list", cls=ChineseCommand)
@data_dir_option
@format_option
def list_units(storage: Storage, output: str) -> None:
    """列出单位清单（units.csv）中的单位、有效期和全部写法，以最近一次发布时为准。"""
    reader = Reader(storage, current_snapshot(storage))
    emit(reader.listed_units(), output, "已登记的单位", LISTED)


@click.command("proposals", cls=ChineseCommand)
@data_dir_option
@format_option
def proposals(storage: Storage, output: str) -> None:
    """列出承办单位、被反映街乡镇两列中对不上单位清单的名称，以及名称最相近的单位。

    建议只供核对：确认之前，每个名称各算各的，不会合并。
    """
    reader = Reader(storage, current_snapshot(storage))
    notes = ["建议正确时运行：hotline units alias 名称 建议单位编号。新单位请在 units.csv 中登记一行。"]
    emit(reader.name_proposals(), output, "需要核对的名称", PROPOSED, notes)


@click.command("alias", cls=ChineseCommand)
@click.argument("name", metavar="名称")
@click.argument("unit_id", metavar="单位编号")
@data_dir_option
def alias(storage: Storage, name: str, unit_id: str) -> None:
    """把一个名称记为某个单位的别名：写入配置目录的 units.csv，并在 note 列记下日期。

    重新发布后，用这个名称的工单归入该单位；删去别名再发布就恢复原状。
    """
    if add_alias(storage, name, unit_id, now().date()):
        console().print(f"已在 units.csv 中把“{name.strip()}”记为 {unit_id} 的别名。运行 hotline publish 后生效。")
    else:
        console().print(f"“{name.strip()}”已经是 {unit_id} 的名称，没有改变。")
