"""Logging in and out, new passwords, and whose login a cookie is. No page and no server in here, so that both can use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from hotline12345.dashboard.access import EXAMPLE, LoginRules, read_access
from hotline12345.sql.records import audit, passwords, sessions
from hotline12345.sql.records.accounts import Account, account_named, has_accounts, password_of, set_password
from hotline12345.sql.records.audit import Entry
from hotline12345.sql.records.store import Connection, opened_records, writing
from hotline12345.sql.storage import Storage

COOKIE = "hotline_session"
WRONG = "登录名或密码不正确。"
LONGEST_LOGIN = 100


class SignInError(Exception):
    """A login or a new password was refused; the message is Chinese and tells nothing of who has an account."""


@dataclass(frozen=True)
class Visitor:
    """Somebody with an open login; `must_change`: its password is an initial one, which opens nothing else."""

    account: Account
    must_change: bool


def accounts_in_use(storage: Storage) -> bool:
    """Whether the site has accounts: then nobody gets in without one. RecordsError."""
    if not storage.records.exists():
        return False
    with opened_records(storage) as records:
        return has_accounts(records)


def site_logins(storage: Storage) -> "Logins":
    """The logins of a site under its access.toml, which is read again when the file has changed. AccessError."""
    path = storage.config / EXAMPLE.name
    stamp = (path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else None
    return _logins_as_of(storage, stamp)


@lru_cache(maxsize=4)
def _logins_as_of(storage: Storage, stamp: tuple[int, int] | None) -> "Logins":
    return Logins(storage, read_access(storage).login)


@dataclass(frozen=True)
class Logins:
    """The logins of one site under its rules."""

    storage: Storage
    rules: LoginRules

    def sign_in(self, login: str, password: str, old_token: str | None = None) -> str:
        """Open a login and return its new token; a login that the browser still had ends. SignInError.

        A login without an account, a wrong password and a switched-off account with a wrong password take the same work
        and get the same answer; so does a locked login, whether it has an account or not.
        """
        login = login.strip()[:LONGEST_LOGIN]
        with self._records() as (records, key):
            locked = timedelta(minutes=self.rules.locked_minutes)
            if until := sessions.count_try(records, login, self.rules.wrong_passwords, locked):
                raise SignInError(f"密码连续输错，这个登录名暂时锁定，请在 {until[11:16]} 以后再试，或请管理员重置。")
            known = password_of(records, login)
            is_right = passwords.is_password(password, known[0] if known else None)
            account = account_named(records, login)
            if not is_right or account is None:
                self._note_lock(records, key, login, account)
                raise SignInError(
                    f"{WRONG}连续输错 {self.rules.wrong_passwords} 次会锁定 {self.rules.locked_minutes} 分钟。"
                )
            with writing(records):
                sessions.forget_tries(records, login)
            if not account.is_open():
                raise SignInError("这个账号已停用或已到期。请联系管理员。")
            with writing(records):
                if old_token:
                    sessions.end_session(records, old_token)
                token = sessions.begin_session(records, login, timedelta(hours=self.rules.longest_hours))
                audit.append(records, key, Entry(login, account.role, audit.SIGNED_IN))
            return token

    def sign_out(self, token: str) -> None:
        """End a login; nothing happens for a token that opens none."""
        with self._records() as (records, key):
            found = self._session(records, token)
            if found is None:
                return
            account = account_named(records, found.login)
            with writing(records):
                sessions.end_session(records, token)
                audit.append(records, key, Entry(found.login, account.role if account else "", audit.SIGNED_OUT))

    def visitor(self, token: str | None, *, is_used: bool = False) -> Visitor | None:
        """Who a token stands for at this moment; None when it opens nothing (any more). `is_used` begins the idle time anew."""
        if not token:
            return None
        with opened_records(self.storage) as records:
            found = self._session(records, token)
            account = account_named(records, found.login) if found else None
            known = password_of(records, found.login) if found else None
            if found is None or account is None or known is None or not account.is_open():
                return None
            if is_used:
                sessions.touch_session(records, token, found)
            return Visitor(account, known[1])

    def change_password(self, token: str, old: str, new: str) -> str:
        """Give the login of a token a new password; every login of the account ends and a new one is opened. SignInError."""
        visitor = self.visitor(token)
        if visitor is None:
            raise SignInError("登录已结束，请重新登录。")
        account = visitor.account
        if new == old:
            raise SignInError("新密码不能与原密码相同。")
        if weak := passwords.weakness(new, account.login):
            raise SignInError(weak)
        with self._records() as (records, key):
            locked = timedelta(minutes=self.rules.locked_minutes)
            if sessions.count_try(records, account.login, self.rules.wrong_passwords, locked):
                raise SignInError("密码连续输错，暂时锁定，请稍后再试。")
            known = password_of(records, account.login)
            if not passwords.is_password(old, known[0] if known else None):
                raise SignInError("原密码不正确。")
            password_hash = passwords.hash_password(new)
            with writing(records):
                sessions.forget_tries(records, account.login)
                set_password(records, account.login, account, password_hash, is_initial=False)
                audit.append(records, key, Entry(account.login, account.role, audit.NEW_PASSWORD))
                return sessions.begin_session(records, account.login, timedelta(hours=self.rules.longest_hours))

    def _session(self, records: Connection, token: str) -> sessions.Session | None:
        idle, longest = timedelta(hours=self.rules.idle_hours), timedelta(hours=self.rules.longest_hours)
        return sessions.open_session(records, token, idle, longest)

    @contextmanager
    def _records(self) -> Iterator[tuple[Connection, bytes]]:
        with opened_records(self.storage) as records:
            yield records, audit.load_audit_key(self.storage, records)

    def _note_lock(self, records: Connection, key: bytes, login: str, account: Account | None) -> None:
        if account is not None and sessions.locked_until(records, login):
            with writing(records):
                audit.append(records, key, Entry(login, account.role, audit.LOCKED))
