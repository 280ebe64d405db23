"""`hotline audit`: whether the audit log is whole, and what stands in it."""

import re

import click
import polars as pl

from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.records.audit import CODE_LETTERS, load_audit_key, newest_entries, verify
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage

COMMANDS = {
    "verify": ("hotline12345.flows.cli.audit:verify_log", "检查审计记录有没有被改动。"),
    "list": ("hotline12345.flows.cli.audit:list_log", "列出最近的审计记录。"),
}
audit = ChineseGroup("audit", table=COMMANDS, help="审计记录：检查是否完整、列出。")
EXPECTED = re.compile(rf"(\d+):([0-9a-f]{{{CODE_LETTERS}}})")
LISTED = pl.Schema(
    {
        **{"audit_id": pl.Int64(), "audited_at": pl.String(), "who": pl.String(), "account_role": pl.String()},
        **{"audit_action": pl.String(), "audit_subject": pl.String(), "exported_row_count": pl.Int64()},
    }
)


@click.command("verify", cls=ChineseCommand)
@click.option("--expect", metavar="条数:校验码", help="以前抄下的条数和校验码，用来发现末尾的记录被整段删除。")
@data_dir_option
def verify_log(expect: str | None, storage: Storage) -> None:
    """逐条检查审计记录：改动、插入、删除、调换都会指出第一处。记录一直保留，不自动删除（要求不少于 6 个月）。

    每次检查后把打印的“条数:校验码”抄在别处（纸上或另一台计算机），下次用 --expect 核对。
    """
    known = EXPECTED.fullmatch(expect) if expect else None
    if expect and known is None:
        raise UserError(f"--expect 的写法是 条数:校验码，校验码为 {CODE_LETTERS} 位，如 120:0123456789abcdef。")
    with opened_records(storage) as records:
        key = load_audit_key(storage, records)
        found = verify(records, key, (int(known[1]), known[2]) if known else None)
    if found.wrong_at is not None:
        raise UserError(
            f"审计记录从第 {found.wrong_at} 条起被改动、缺失或与抄下的校验码不符；之前的 {found.rows} 条完整。"
            "请保留现场，从备份恢复记录库后再检查，并查明谁能改动数据目录。"
        )
    if not found.rows:
        console().print("还没有审计记录。")
        return
    console().print(f"审计记录 {found.rows} 条，完整。请把 {found.rows}:{found.code} 抄在别处，下次用 --expect 核对。")


@click.command("list", cls=ChineseCommand)
@click.option("--limit", metavar="整数", type=click.IntRange(1), default=50, show_default=True, help="最近的多少条。")
@format_option
@data_dir_option
def list_log(limit: int, output: str, storage: Storage) -> None:
    """列出最近的审计记录，新的在前：谁打开了哪张工单、下载了什么、账号有什么变化。不含检索词和工单内容。"""
    with opened_records(storage) as records:
        entries = newest_entries(records, limit)
    rows = [(one.audit_id, one.at, one.who, one.role, one.action, one.subject, one.row_count) for one in entries]
    emit(pl.DataFrame(rows, schema=LISTED, orient="row"), output, "审计记录", list(LISTED))
