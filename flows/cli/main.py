"""`hotline`: the command's table of contents. Each command's module is imported only when it is called."""

import io
import sys

from hotline12345.flows.cli.chinese import ChineseGroup, run

COMMANDS = {
    "demo": ("hotline12345.flows.cli.demo:demo", "在模拟样例上跑完全部流程，并打开看板。"),
    "init": ("hotline12345.flows.cli.init:init", "建立数据目录和配置目录，放入示例配置。"),
    "run": ("hotline12345.flows.cli.load:run_command", "导入工单文件，算三率、分类和反复问题，并发布。"),
    "batches": ("hotline12345.flows.cli.load:batches", "列出已导入的批次及每批行数去向。"),
    "check": ("hotline12345.flows.cli.load:check", "列出某一批的隔离行及原因。"),
    "rates": ("hotline12345.flows.cli.rates:rates", "打印各单位三率。"),
    "explain": ("hotline12345.flows.cli.rates:explain", "说明一张工单是否计入三率及原因。"),
    "topics": ("hotline12345.flows.cli.topics:topics", "诉求分类模型：训练、评估。"),
    "issues": ("hotline12345.flows.cli.issues:issues", "反复出现的问题：列出、挖掘。"),
    "sample": ("hotline12345.flows.cli.sample:sample", "生成任意规模的模拟工单。"),
    "dashboard": ("hotline12345.flows.cli.dashboard:dashboard", "打开看板（只读已发布的数据）。"),
}


def cli() -> ChineseGroup:
    """The whole command."""
    return ChineseGroup("hotline", table=COMMANDS, help="12345 热线工单分析：导入工单，得到三率、诉求分类和反复问题。")


def main() -> None:
    """Entry point: exit code 0 for success, 2 for a user's mistake, 1 for a fault of the program."""
    from hotline12345.flows.cli.errors import translate  # noqa: PLC0415  (imports the packages that raise)

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese prints ?, no traceback
    sys.exit(run(cli(), translate))
