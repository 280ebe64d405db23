"""`hotline`: the command's table of contents. Each command's module is imported only when it is called."""

import io
import sys

from hotline12345.flows.cli.chinese import ChineseGroup, run

COMMANDS = {
    "demo": ("hotline12345.flows.cli.demo:demo", "在模拟样例上跑完全部流程，并打开看板。"),
    "init": ("hotline12345.flows.cli.init:init", "建立数据目录和配置目录，放入示例配置。"),
    "run": ("hotline12345.flows.cli.load:run_command", "导入工单文件，算三率、分类和反复问题，并发布。"),
    "undo": ("hotline12345.flows.cli.undo:undo", "撤销一个批次并重新发布。"),
    "inspect": ("hotline12345.flows.cli.inspect:inspect", "看一个文件会怎样读取，不导入任何数据。"),
    "publish": ("hotline12345.flows.cli.publish:publish", "改了配置后重新计算并发布。"),
    "batches": ("hotline12345.flows.cli.load:batches", "列出已导入的批次及每批行数去向。"),
    "check": ("hotline12345.flows.cli.check:check", "列出某一批的隔离行及原因，或写成 Excel 改正。"),
    "units": ("hotline12345.flows.cli.units:units", "单位清单：列出、核对名称、加别名。"),
    "rates": ("hotline12345.flows.cli.rates:rates", "打印各单位三率。"),
    "explain": ("hotline12345.flows.cli.explain:explain", "说明一张工单的来龙去脉，在各规则下怎样计入三率。"),
    "rules": ("hotline12345.flows.cli.rules:rules", "考核规则：列出、说明、比较、换规则重算。"),
    "reconcile": ("hotline12345.flows.cli.reconcile:reconcile", "对账：导入正式通报，与本系统测算对照。"),
    "targets": ("hotline12345.flows.cli.targets:targets", "目标：列出、录入、撤回。"),
    "topics": ("hotline12345.flows.cli.topics:topics", "诉求分类模型：训练、评估。"),
    "issues": ("hotline12345.flows.cli.issues:issues", "反复出现的问题：列出、说明、挖掘。"),
    "sample": ("hotline12345.flows.cli.sample:sample", "生成任意规模的模拟工单。"),
    "serve": ("hotline12345.flows.cli.serve:serve_command", "执行网页提交的导入请求（一直运行）。"),
    "watch": ("hotline12345.flows.cli.serve:watch_command", "监视一个目录，自动导入新的导出文件。"),
    "status": ("hotline12345.flows.cli.status:status_command", "系统状态：导入、发布、磁盘、队列、错误、版本。"),
    "accounts": ("hotline12345.flows.cli.accounts:accounts", "看板的账号：新增、批量导入、列出、停用、重置密码。"),
    "audit": ("hotline12345.flows.cli.audit:audit", "审计记录：检查是否完整、列出。"),
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
