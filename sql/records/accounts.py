"""Accounts: append-only events, the newest of a login is its state; and the one password hash in force.

Everything that writes is called inside `store.writing`, so that an account and its audit row are kept together.
"""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from hotline12345.sql.records.store import Connection, moment

Action = Literal["add", "change", "disable", "enable", "reset", "password"]
_NEWEST = "select * from account_events where event_id in (select max(event_id) from account_events group by login)"


@dataclass(frozen=True)
class Account:
    """Somebody who may log in.

    Attributes:
        login: what is typed; the key.
        shown_name: a name or a post.
        role: a role of access.toml.
        unit_ids: the units it belongs to; empty for roles without units.
        expires_date: `YYYY-MM-DD`, the last day on which it opens; None for none.
        is_disabled: whether it is switched off.
    """

    login: str
    shown_name: str
    role: str
    unit_ids: tuple[str, ...] = ()
    expires_date: str | None = None
    is_disabled: bool = False

    def is_open(self, today: str | None = None) -> bool:
        """Whether it opens anything on a day (`YYYY-MM-DD`, today when not given)."""
        day = today or moment()[:10]
        return not self.is_disabled and (self.expires_date is None or day <= self.expires_date)


def account_named(connection: Connection, login: str) -> Account | None:
    """The account of a login as it is now; None for a login that never was."""
    row = connection.execute(
        "select * from account_events where login = ? order by event_id desc limit 1", (login,)
    ).fetchone()
    return None if row is None else _account(row)


def all_accounts(connection: Connection) -> list[Account]:
    """Every account as it is now, by login."""
    return [_account(row) for row in connection.execute(f"{_NEWEST} order by login")]


def has_accounts(connection: Connection) -> bool:
    """Whether any account was ever made: from then on nobody gets in without one."""
    return connection.execute("select 1 from account_events limit 1").fetchone() is not None


def password_of(connection: Connection, login: str) -> tuple[str, bool] | None:
    """The hash of a login's password and whether it is an initial one; None without one."""
    row = connection.execute(
        "select password_hash, must_change from account_passwords where login = ?", (login,)
    ).fetchone()
    return None if row is None else (row["password_hash"], bool(row["must_change"]))


def note_account(connection: Connection, who: str, action: Action, account: Account) -> None:
    """Append the state of an account after `action`; when it lost rights, its open logins end."""
    connection.execute(
        "insert into account_events (at, who, login, action, shown_name, role, unit_ids, expires_date, is_disabled) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(moment(), who, account.login, action, account.shown_name, account.role),
            *(json.dumps(account.unit_ids, ensure_ascii=False), account.expires_date, account.is_disabled),
        ),
    )
    if action in ("change", "disable"):
        connection.execute("delete from login_sessions where login = ?", (account.login,))


def set_password(connection: Connection, who: str, account: Account, password_hash: str, *, is_initial: bool) -> None:
    """Put a password in the place of the one before; open logins end, a lock is lifted."""
    connection.execute(
        "insert into account_passwords (login, password_hash, must_change) values (?, ?, ?) "
        "on conflict (login) do update set password_hash = excluded.password_hash, must_change = excluded.must_change",
        (account.login, password_hash, is_initial),
    )
    connection.execute("delete from login_sessions where login = ?", (account.login,))
    note_account(connection, who, "reset" if is_initial else "password", account)


def switched(account: Account, *, is_disabled: bool) -> Account:
    """The account switched off or on."""
    return replace(account, is_disabled=is_disabled)


def _account(row: Any) -> Account:
    return Account(
        login=row["login"],
        shown_name=row["shown_name"],
        role=row["role"],
        unit_ids=tuple(json.loads(row["unit_ids"])),
        expires_date=row["expires_date"],
        is_disabled=bool(row["is_disabled"]),
    )
