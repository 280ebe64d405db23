"""The audit log: who opened or took away what. Rows are appended for ever, each sealed by a keyed hash over itself and the hash before.

The key lies in the config folder, not beside the rows: who can edit the store cannot seal what was changed. What a chain
cannot show is that its newest rows are gone; for that the number and the code of the last row are noted elsewhere.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hotline12345.sql.key_files import KeyFileError, make_key, read_key
from hotline12345.sql.records.store import Connection, moment
from hotline12345.sql.storage import Storage

OPENED, EXPORTED = "打开工单", "下载"
SIGNED_IN, SIGNED_OUT, LOCKED, NEW_PASSWORD = "登录", "退出", "锁定", "改密码"
ACCOUNT_ADDED, ACCOUNT_CHANGED, ACCOUNT_DISABLED = "新增账号", "修改账号", "停用账号"
ACCOUNT_ENABLED, ACCOUNT_RESET = "启用账号", "重置密码"
CODE_LETTERS = 16  # of the hash, to be noted on paper
_BEGINNING = "0" * 64
_TEXTS = ("at", "who", "role", "action", "subject", "chain_hash")
_COLUMNS = "audit_id, at, who, role, action, subject, row_count, chain_hash"


@dataclass(frozen=True)
class Entry:
    """What was done.

    Attributes:
        who: the login, or what stands for it in the demo.
        role: in which role.
        action: one of the constants above.
        subject: an order id, the name of an export, a login; never words of a search, never a text.
        row_count: rows of an export; None otherwise.
    """

    who: str
    role: str
    action: str
    subject: str = ""
    row_count: int | None = None


@dataclass(frozen=True, kw_only=True)
class NotedEntry(Entry):
    """An entry as it stands in the log: its number, when (as text), its seal."""

    audit_id: int
    at: str
    chain_hash: str


@dataclass(frozen=True)
class Verdict:
    """What a check of the log found.

    Attributes:
        rows: how many rows were looked at and found right.
        code: the seal of the last right row, shortened; with `rows` what to note elsewhere. '' for an empty log.
        wrong_at: the number of the first row that is wrong or missing; None when all is right.
    """

    rows: int
    code: str
    wrong_at: int | None = None


def load_audit_key(storage: Storage, connection: Connection) -> bytes:
    """The key of the log; made before its first row. KeyFileError when it is gone or damaged: nothing is sealed anew."""
    path = storage.audit_key
    if not path.exists():
        if connection.execute("select 1 from audit limit 1").fetchone():
            raise KeyFileError(
                f"审计密钥 {path.name} 不在配置目录中，但已有审计记录。请从备份恢复这个文件；在此之前不能打开工单、下载或登录。"
            )
        make_key(path)
    key = read_key(path)
    if key is None:
        raise KeyFileError(f"审计密钥 {path.name} 已损坏。请从备份恢复这个文件；在此之前不能打开工单、下载或登录。")
    return key


def append(connection: Connection, key: bytes, entry: Entry) -> int:
    """Add one row inside `writing`; its number."""
    last = connection.execute("select audit_id, chain_hash from audit order by audit_id desc limit 1").fetchone()
    number, before = (last["audit_id"] + 1, last["chain_hash"]) if last else (1, _BEGINNING)
    row = (number, moment(), entry.who, entry.role, entry.action, entry.subject, entry.row_count)
    connection.execute(
        f"insert into audit ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", (*row, _seal(key, row, before))
    )
    return number


def verify(connection: Connection, key: bytes, expected: tuple[int, str] | None = None) -> Verdict:
    """Look at every row in order and stop at the first that was changed, added, moved or taken away.

    `expected` is a number and code noted earlier: the row must still be there with that code.
    """
    before, rows = _BEGINNING, 0
    # texts as their bytes: somebody who writes other bytes than text into a row is told its number, too
    texts = ", ".join(f"cast({name} as blob)" for name in _TEXTS)
    for number, count, *written in connection.execute(
        f"select audit_id, row_count, {texts} from audit order by audit_id"
    ):
        *told, chain_hash = (str(text, errors="replace") for text in written)
        said = (number, *told, count)
        due = _seal(key, said, before)
        if said[0] != rows + 1 or not hmac.compare_digest(due.encode(), str(chain_hash).encode()):
            return Verdict(rows, _code(before, rows), rows + 1)
        before, rows = due, rows + 1
        if (
            expected
            and expected[0] == rows
            and not hmac.compare_digest(expected[1].encode(), _code(due, rows).encode())
        ):
            return Verdict(rows - 1, "", rows)
    missing = expected is not None and expected[0] > rows
    return Verdict(rows, _code(before, rows), rows + 1 if missing else None)


def newest_entries(connection: Connection, limit: int) -> list[NotedEntry]:
    """The newest rows of the log, newest first."""
    found = connection.execute(f"select {_COLUMNS} from audit order by audit_id desc limit ?", (limit,))
    return [NotedEntry(**dict(row)) for row in found]


def _seal(key: bytes, row: Iterable[Any], before: str) -> str:
    text = json.dumps([*row, before], ensure_ascii=False, separators=(",", ":"), default=repr)
    return hmac.digest(key, text.encode(), "sha256").hex()


def _code(chain_hash: str, rows: int) -> str:
    return chain_hash[:CODE_LETTERS] if rows else ""
