"""`hotline accounts`: who may log in to the pages. An initial password is printed once and kept as a hash only."""

from pathlib import Path

import click
import polars as pl

from hotline12345.dashboard.access import read_access
from hotline12345.flows.account_forms import AccountForm, accounts_in, desk_of
from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.clock import now
from hotline12345.sql.records import accounts as store
from hotline12345.sql.records import audit, sessions
from hotline12345.sql.records.accounts import Account
from hotline12345.sql.records.passwords import hash_password, initial_password
from hotline12345.sql.records.store import Connection, opened_records, writing
from hotline12345.sql.storage import Storage

COMMANDS = {
    "add": ("hotline12345.flows.cli.accounts:add", "新增一个账号。"),
    "import": ("hotline12345.flows.cli.accounts:import_accounts", "从 Excel 新增或更新一批账号。"),
    "list": ("hotline12345.flows.cli.accounts:list_accounts", "列出账号。"),
    "disable": ("hotline12345.flows.cli.accounts:disable", "停用账号，已登录的立即退出。"),
    "enable": ("hotline12345.flows.cli.accounts:enable", "重新启用账号。"),
    "reset": ("hotline12345.flows.cli.accounts:reset", "重置密码并解除锁定。"),
}
accounts = ChineseGroup("accounts", table=COMMANDS, help="看板的账号：新增、批量导入、列出、停用、重置密码。")
WHO = "命令行"
ISSUED = pl.Schema(dict.fromkeys(("login", "shown_name", "account_role", "initial_password"), pl.String()))
LISTED = pl.Schema(
    dict.fromkeys(
        ("login", "shown_name", "account_role", "account_units", "expires_date", "account_state"), pl.String()
    )
)
HANDING_OVER = ["初始密码只显示这一次，请当面交给本人；第一次登录须改成自己的密码。"]
login_argument = click.argument("login", metavar="登录名")


@click.command("add", cls=ChineseCommand)
@login_argument
@click.option("--name", "shown_name", metavar="姓名或岗位", required=True, help="页面上显示的称呼。")
@click.option("--role", metavar="角色", required=True, help="access.toml 中的一个角色，如 分析员、承办单位。")
@click.option("--unit", "units", metavar="单位", multiple=True, help="单位编号、简称或别名；属于几个单位就写几次。")
@click.option("--expires", metavar="日期", default="", help="最后可用的一天，如 2026-12-31；不写则不限期。")
@format_option
@data_dir_option
def add(
    login: str, shown_name: str, role: str, units: tuple[str, ...], expires: str, output: str, storage: Storage
) -> None:
    """新增一个账号，如 hotline accounts add qiyun-01 --name 栖云街道值班 --role 承办单位 --unit 栖云街道。

    有了第一个账号，看板就要登录才能打开。
    """
    desk = desk_of(storage, read_access(storage), now().date())
    account = desk.account(AccountForm(login.strip(), shown_name.strip(), role, "、".join(units), expires))
    with opened_records(storage) as records:
        if store.account_named(records, account.login):
            raise UserError(
                f"已有账号 {login}。改角色或单位请用 hotline accounts import，改密码请用 hotline accounts reset。"
            )
        _issue(storage, records, [account], output)


@click.command("import", cls=ChineseCommand)
@click.argument("path", metavar="文件.xlsx", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
@data_dir_option
def import_accounts(path: Path, output: str, storage: Storage) -> None:
    """从 Excel 的第一张表新增或更新一批账号；列：登录名、姓名或岗位、角色、单位、到期日。

    有一行不对就一个也不建。已有的登录名更新称呼、角色、单位、到期日，密码不变；文件里没有的账号不受影响。
    """
    found = accounts_in(path, desk_of(storage, read_access(storage), now().date()))
    with opened_records(storage) as records:
        _issue(storage, records, found, output)


def _issue(storage: Storage, records: Connection, wanted: list[Account], output: str) -> None:
    """Make what is new, change what differs, in one transaction; print the initial passwords."""
    known = {account.login: account for account in store.all_accounts(records)}
    issued = {account.login: initial_password() for account in wanted if account.login not in known}
    hashes = {login: hash_password(password) for login, password in issued.items()}
    kept = [
        store.switched(account, is_disabled=known[account.login].is_disabled)
        for account in wanted
        if account.login in known
    ]
    changed = [account for account in kept if account != known[account.login]]
    key = audit.load_audit_key(storage, records)
    with writing(records):
        for account in wanted:
            if account.login in issued:
                store.note_account(records, WHO, "add", account)
                store.set_password(records, WHO, account, hashes[account.login], is_initial=True)
                _note(records, key, audit.ACCOUNT_ADDED, account.login)
        for account in changed:
            store.note_account(records, WHO, "change", account)
            _note(records, key, audit.ACCOUNT_CHANGED, account.login)
    rows = [
        {
            "login": one.login,
            "shown_name": one.shown_name,
            "account_role": one.role,
            "initial_password": issued[one.login],
        }
        for one in wanted
        if one.login in issued
    ]
    if rows or output != "table":
        emit(pl.DataFrame(rows, schema=ISSUED), output, "新账号", list(ISSUED), HANDING_OVER)
    if output == "table":
        console().print(f"新增 {len(rows)} 个账号，更新 {len(changed)} 个，未变 {len(kept) - len(changed)} 个。")


@click.command("list", cls=ChineseCommand)
@format_option
@data_dir_option
def list_accounts(output: str, storage: Storage) -> None:
    """列出全部账号及状态。程序不统计谁登录过、登录了几次。"""
    names = desk_of(storage, read_access(storage), now().date()).unit_names
    with opened_records(storage) as records:
        rows = [
            {
                "login": account.login,
                "shown_name": account.shown_name,
                "account_role": account.role,
                "account_units": "、".join(names.get(unit_id, unit_id) for unit_id in account.unit_ids),
                "expires_date": account.expires_date,
                "account_state": _state(records, account),
            }
            for account in store.all_accounts(records)
        ]
    emit(pl.DataFrame(rows, schema=LISTED), output, "账号", list(LISTED))


def _state(records: Connection, account: Account) -> str:
    if account.is_disabled:
        return "已停用"
    if not account.is_open():
        return "已到期"
    if until := sessions.locked_until(records, account.login):
        return f"锁定至 {until[11:16]}"
    known = store.password_of(records, account.login)
    return "初始密码未改" if known and known[1] else "使用中"


@click.command("disable", cls=ChineseCommand)
@login_argument
@data_dir_option
def disable(login: str, storage: Storage) -> None:
    """停用一个账号：不能再登录，已打开的页面在下一次操作时退出。账号和记录都保留。"""
    _switch(storage, login, is_disabled=True)
    console().print(f"已停用 {login}。")


@click.command("enable", cls=ChineseCommand)
@login_argument
@data_dir_option
def enable(login: str, storage: Storage) -> None:
    """重新启用一个停用的账号；密码不变。"""
    _switch(storage, login, is_disabled=False)
    console().print(f"已启用 {login}。")


def _switch(storage: Storage, login: str, *, is_disabled: bool) -> None:
    with opened_records(storage) as records:
        account = _known(records, login)
        if account.is_disabled == is_disabled:
            raise UserError(f"账号 {login} {'已经停用' if is_disabled else '没有停用'}。")
        key = audit.load_audit_key(storage, records)
        with writing(records):
            switched = store.switched(account, is_disabled=is_disabled)
            store.note_account(records, WHO, "disable" if is_disabled else "enable", switched)
            _note(records, key, audit.ACCOUNT_DISABLED if is_disabled else audit.ACCOUNT_ENABLED, login)


@click.command("reset", cls=ChineseCommand)
@login_argument
@format_option
@data_dir_option
def reset(login: str, output: str, storage: Storage) -> None:
    """发一个新的初始密码并解除锁定；已登录的立即退出。"""
    with opened_records(storage) as records:
        account = _known(records, login)
        password = initial_password()
        password_hash = hash_password(password)
        key = audit.load_audit_key(storage, records)
        with writing(records):
            store.set_password(records, WHO, account, password_hash, is_initial=True)
            sessions.forget_tries(records, login)
            _note(records, key, audit.ACCOUNT_RESET, login)
    row = (account.login, account.shown_name, account.role, password)
    emit(pl.DataFrame([row], schema=ISSUED, orient="row"), output, "新的初始密码", list(ISSUED), HANDING_OVER)


def _known(records: Connection, login: str) -> Account:
    account = store.account_named(records, login)
    if account is None:
        raise UserError("没有这个账号。已有的账号见 hotline accounts list。")
    return account


def _note(records: Connection, key: bytes, action: str, login: str) -> None:
    audit.append(records, key, audit.Entry(WHO, WHO, action, login))
