"""Open logins and wrong passwords: only what is in force is kept, since who logged in when is nobody's figure.

A login is known by a random token in the browser's cookie; the store keeps its SHA-256 alone. Whoever reads the store
cannot make a cookie of it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from hotline12345.sql.records.store import Connection, moment, writing

TOKEN_BYTES = 32
FORGOTTEN = timedelta(days=1)  # a wrong password this old no longer counts
BETWEEN_TOUCHES = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """An open login: whose, since when, last used when (texts as the store keeps times)."""

    login: str
    created_at: str
    seen_at: str


def begin_session(connection: Connection, login: str, longest: timedelta) -> str:
    """Open a login inside `writing` and return its token, always a new one; those past their time are swept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    at = moment()
    connection.execute("delete from login_sessions where created_at <= ?", (moment(-longest),))
    connection.execute(
        "insert into login_sessions (token_hash, login, created_at, seen_at) values (?, ?, ?, ?)",
        (_hash(token), login, at, at),
    )
    return token


def open_session(connection: Connection, token: str, idle: timedelta, longest: timedelta) -> Session | None:
    """The login of a token; None for an unknown or ended one, one unused for `idle`, one older than `longest`."""
    row = connection.execute(
        "select login, created_at, seen_at from login_sessions where token_hash = ? and seen_at > ? and created_at > ?",
        (_hash(token), moment(-idle), moment(-longest)),
    ).fetchone()
    return None if row is None else Session(**dict(row))


def touch_session(connection: Connection, token: str, session: Session) -> None:
    """Say that a login was used; at most once a minute it costs a write."""
    if session.seen_at <= moment(-BETWEEN_TOUCHES):
        with writing(connection):
            connection.execute("update login_sessions set seen_at = ? where token_hash = ?", (moment(), _hash(token)))


def end_session(connection: Connection, token: str) -> None:
    """End one login inside `writing`."""
    connection.execute("delete from login_sessions where token_hash = ?", (_hash(token),))


def count_try(connection: Connection, login: str, wrong_passwords: int, locked: timedelta) -> str | None:
    """Count a try before its password is looked at, so that tries at the same moment count too.

    Returns until when the login is locked (as text) when this try must not be looked at; None when it may. The try that
    reaches `wrong_passwords` locks the login for `locked` unless `forget_tries` follows.
    """
    key, at = _hash(login), moment()
    with writing(connection):
        connection.execute("delete from login_failures where last_at <= ?", (moment(-FORGOTTEN),))
        row = connection.execute(
            "select wrong_count, locked_until from login_failures where login_hash = ?", (key,)
        ).fetchone()
        until = row["locked_until"] if row else None
        if until and until > at:
            return str(until)
        count = 1 if row is None or until else row["wrong_count"] + 1
        connection.execute(
            "insert into login_failures (login_hash, wrong_count, last_at, locked_until) values (?, ?, ?, ?) "
            "on conflict (login_hash) do update set wrong_count = excluded.wrong_count, last_at = excluded.last_at, "
            "locked_until = excluded.locked_until",
            (key, count, at, moment(locked) if count >= wrong_passwords else None),
        )
    return None


def forget_tries(connection: Connection, login: str) -> None:
    """Begin to count anew, inside `writing`: the password was right, or an administrator lifted the lock."""
    connection.execute("delete from login_failures where login_hash = ?", (_hash(login),))


def locked_until(connection: Connection, login: str) -> str | None:
    """Until when a login is locked, as text; None when it is not."""
    row = connection.execute(
        "select locked_until from login_failures where login_hash = ? and locked_until > ?", (_hash(login), moment())
    ).fetchone()
    return None if row is None else str(row["locked_until"])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
