"""`hotline accounts`, `hotline audit` and where `hotline dashboard` listens."""

import json
import re
import socket
from pathlib import Path

import pytest
from called import Hotline
from openpyxl import Workbook

from hotline12345.dashboard.access import read_access
from hotline12345.dashboard.signing_in import Logins
from hotline12345.flows.cli import dashboard as command
from hotline12345.sql.records.accounts import account_named, all_accounts
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage

HEADERS = ("登录名", "姓名或岗位", "角色", "单位", "到期日")
UNITS = (
    "unit_id,unit_name,unit_group,aliases\nU01,栖云街道,街镇,栖云|栖云街道办\nU02,锦川街道,街镇,\nB01,城管局,部门,\n"
)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    storage = Storage.at(tmp_path / "data", tmp_path / "data" / "config")
    storage.make()
    (storage.config / "units.csv").write_text(UNITS, encoding="utf-8")
    return storage


@pytest.fixture
def call(hotline: Hotline, storage: Storage) -> Hotline:
    """`hotline` on the test's folder."""
    return lambda *arguments: hotline(*arguments, "--data-dir", storage.data)


def workbook(path: Path, rows: list[tuple[object, ...]], headers: tuple[str, ...] = HEADERS) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(("账号登记表",))
    for row in (headers, *rows):
        sheet.append(row)
    book.save(path)
    return path


def logins_of(storage: Storage) -> list[str]:
    with opened_records(storage) as records:
        return [account.login for account in all_accounts(records)]


def sign_in(storage: Storage, login: str, password: str) -> str:
    return Logins(storage, read_access(storage).login).sign_in(login, password)


def test_an_account_from_the_command_opens_with_its_initial_password(call, storage):
    made = call(
        "accounts", "add", "qiyun-01", "--name", "值班", "--role", "承办单位", "--unit", "栖云", "--format", "json"
    )
    assert made.code == 0, made.err
    (row,) = json.loads(made.out)
    visitor = Logins(storage, read_access(storage).login).visitor(sign_in(storage, "qiyun-01", row["initial_password"]))
    assert visitor.must_change
    assert visitor.account.unit_ids == ("U01",)
    (listed,) = json.loads(call("accounts", "list", "--format", "json").out)
    assert listed["account_units"] == "栖云街道"
    assert listed["account_state"] == "初始密码未改"
    assert set(listed) == {"login", "shown_name", "account_role", "account_units", "expires_date", "account_state"}


def test_an_initial_password_is_shown_once_only(call, storage):
    made = call("accounts", "add", "fenxi", "--name", "分析岗", "--role", "分析员")
    password = re.search(r"\b[a-z2-9]{12}\b", made.out)[0]
    assert "只显示这一次" in made.out
    for later in (call("accounts", "list"), call("audit", "list"), call("accounts", "list", "--format", "json")):
        assert password not in later.printed
    assert password.encode() not in storage.records.read_bytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("fenxi", "--name", "甲", "--role", "处长"), "没有角色“处长”。可写：分析员、"),
        (("fenxi", "--name", "甲", "--role", "承办单位"), "须写单位"),
        (("fenxi", "--name", "甲", "--role", "分析员", "--unit", "U01"), "单位一栏须留空"),
        (("fenxi", "--name", "甲", "--role", "承办单位", "--unit", "栖霞街道"), "您是不是要写“栖云街道”"),
        (("f", "--name", "甲", "--role", "分析员"), "2 到 40 个"),
        (("a b", "--name", "甲", "--role", "分析员"), "2 到 40 个"),
        (("12800001234", "--name", "甲", "--role", "分析员"), "2 到 40 个|改用岗位或拼音"),
        (("fenxi", "--name", " ", "--role", "分析员"), "缺少姓名或岗位"),
        (("fenxi", "--name", "甲", "--role", "分析员", "--expires", "明年"), "2026-12-31"),
        (("fenxi", "--name", "甲", "--role", "分析员", "--expires", "2020-01-01"), "已经过去"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(call, storage, options, said):
    refused = call("accounts", "add", *options)
    assert refused.code == 2
    assert re.search(said, refused.err), refused.err
    assert logins_of(storage) == []


def test_an_account_is_made_once(call):
    new = ("accounts", "add", "fenxi", "--name", "分析岗", "--role", "分析员")
    assert call(*new).code == 0
    again = call(*new)
    assert (again.code, "已有账号 fenxi" in again.err) == (2, True)


def test_a_workbook_makes_and_changes_accounts(call, storage, tmp_path):
    call("accounts", "add", "fenxi", "--name", "旧称呼", "--role", "分析员")
    call("accounts", "disable", "fenxi")
    rows = [
        ("fenxi", "分析岗", "分析员", None, None),
        ("qiyun", "值班", "承办单位", "栖云街道办、U02", "2099/12/31"),
        (None, None, None, None, None),
        ("cheng", "信息科", "行业部门", "城管局", "2099-01-02"),
    ]
    path = workbook(tmp_path / "users.xlsx", rows)
    made = call("accounts", "import", path)
    assert made.code == 0, made.err
    assert "新增 2 个账号，更新 1 个，未变 0 个" in made.out
    with opened_records(storage) as records:
        qiyun, fenxi = account_named(records, "qiyun"), account_named(records, "fenxi")
    assert (qiyun.unit_ids, qiyun.expires_date) == (("U01", "U02"), "2099-12-31")
    assert (fenxi.shown_name, fenxi.is_disabled) == ("分析岗", True), "a file does not switch an account on"
    assert "新增 0 个账号，更新 0 个，未变 3 个" in call("accounts", "import", path).out


def test_a_workbook_with_a_wrong_row_makes_nothing(call, storage, tmp_path):
    rows = [
        ("fenxi", "分析岗", "分析员", None, None),
        ("qiyun", "值班", "承办", "栖云", None),
        ("fenxi", "又一个", "分析员", None, None),
        ("jin", "值班", "承办单位", "不存在的单位", None),
        ("late", "值班", "分析员", None, "2026-13-45"),
    ]
    refused = call("accounts", "import", workbook(tmp_path / "users.xlsx", rows))
    assert refused.code == 2
    for said in (
        "4 行不能导入",
        "第 4 行：没有角色",
        "第 5 行：登录名与第 3 行重复",
        "第 6 行：单位清单",
        "第 7 行：到期日",
    ):
        assert said in refused.err
    assert logins_of(storage) == []


def test_files_that_are_no_account_table_are_named(call, tmp_path):
    text = tmp_path / "users.xlsx"
    text.write_text("no workbook", encoding="utf-8")
    assert "另存为 .xlsx" in call("accounts", "import", text).err
    other = workbook(tmp_path / "other.xlsx", [("fenxi", "甲", "分析员")], ("登录名", "姓名", "角色"))
    assert "缺少列：姓名或岗位、单位、到期日" in call("accounts", "import", other).err
    assert "下面没有账号" in call("accounts", "import", workbook(tmp_path / "empty.xlsx", [])).err


def test_disable_enable_and_reset(call, storage):
    made = json.loads(call("accounts", "add", "fenxi", "--name", "甲", "--role", "分析员", "--format", "json").out)
    token = sign_in(storage, "fenxi", made[0]["initial_password"])
    logins = Logins(storage, read_access(storage).login)
    assert call("accounts", "disable", "fenxi").code == 0
    assert logins.visitor(token) is None
    assert call("accounts", "disable", "fenxi").code == 2
    assert call("accounts", "enable", "fenxi").code == 0
    anew = json.loads(call("accounts", "reset", "fenxi", "--format", "json").out)
    assert anew[0]["initial_password"] != made[0]["initial_password"]
    assert sign_in(storage, "fenxi", anew[0]["initial_password"])
    actions = [row["audit_action"] for row in json.loads(call("audit", "list", "--format", "json").out)]
    assert actions == ["登录", "重置密码", "启用账号", "停用账号", "登录", "新增账号"]
    for name in ("disable", "enable", "reset"):
        missing = call("accounts", name, "nobody")
        assert (missing.code, "没有这个账号" in missing.err) == (2, True)


def test_the_log_is_checked_by_the_command(call, storage):
    assert "还没有审计记录" in call("audit", "verify").out
    for login in ("aa", "bb", "cc"):
        call("accounts", "add", login, "--name", "甲", "--role", "分析员")
    noted = re.search(r"(\d+:[0-9a-f]{16})", call("audit", "verify").out)[1]
    assert noted.startswith("3:")
    assert call("audit", "verify", "--expect", noted).code == 0
    assert "写法" in call("audit", "verify", "--expect", "3").err
    with opened_records(storage) as records:
        records.execute("drop trigger audit_is_never_deleted")
        records.execute("delete from audit where audit_id = 3")
    assert call("audit", "verify").code == 0
    found = call("audit", "verify", "--expect", noted)
    assert (found.code, "第 3 条" in found.err) == (2, True)
    with opened_records(storage) as records:
        records.execute("drop trigger audit_is_never_changed")
        records.execute("update audit set subject = 'zz' where audit_id = 1")
    found = call("audit", "verify")
    assert (found.code, "第 1 条起被改动" in found.err) == (2, True)


# where the dashboard listens


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would be run."""
    commands: list[list[str]] = []

    class Process:
        def __init__(self, arguments: list[str], **_: object) -> None:
            commands.append(arguments)

        def __enter__(self) -> "Process":
            return self

        def __exit__(self, *_: object) -> None: ...

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(command.subprocess, "Popen", Process)
    monkeypatch.setattr(command.signal, "signal", lambda *_: None)
    return commands


def test_the_dashboard_listens_here_alone_by_default(call, started):
    assert call("dashboard", "--port", free_port()).code == 0
    (arguments,) = started
    assert "--server.address=127.0.0.1" in arguments
    assert "--server.enableXsrfProtection=true" in arguments
    assert any(argument.endswith("serving.py") for argument in arguments)


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_another_address_needs_an_account_that_opens(call, started, address):
    ask = ("dashboard", "--address", address, "--port", free_port())
    refused = call(*ask)
    assert (refused.code, started) == (2, [])
    assert "hotline accounts add" in refused.err
    call("accounts", "add", "fenxi", "--name", "甲", "--role", "分析员")
    call("accounts", "disable", "fenxi")
    assert call(*ask).code == 2, "a switched-off account is none"
    call("accounts", "enable", "fenxi")
    listening = call(*ask)
    assert listening.code == 0, listening.err
    assert "不加密" in listening.out
    assert f"--server.address={address}" in started[0]


def test_an_address_that_is_not_ours_is_named(call, started):
    call("accounts", "add", "fenxi", "--name", "甲", "--role", "分析员")
    assert "没有地址 192.0.2.7" in call("dashboard", "--address", "192.0.2.7", "--port", free_port()).err
    assert started == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
