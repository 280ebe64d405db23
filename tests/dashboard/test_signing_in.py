"""Logging in: what opens, what does not, and that nobody learns from the answers who has an account."""

import sqlite3
import statistics
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from made_accounts import PASSWORD, RULES, add_account, storage_with

from hotline12345.dashboard.access import read_access
from hotline12345.dashboard.access_login import viewer_of
from hotline12345.dashboard.signing_in import COOKIE, WRONG, Logins, SignInError, accounts_in_use
from hotline12345.sql.key_files import KeyFileError
from hotline12345.sql.records import passwords, sessions
from hotline12345.sql.records.accounts import Account, account_named, note_account, switched
from hotline12345.sql.records.audit import LOCKED, NEW_PASSWORD, SIGNED_IN, SIGNED_OUT, newest_entries
from hotline12345.sql.records.passwords import weakness
from hotline12345.sql.records.store import moment, opened_records, writing
from hotline12345.sql.storage import Storage

NEW = "another-word-7"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return storage_with(tmp_path, Account("fenxi", "分析岗", "分析员"))


@pytest.fixture
def logins(storage: Storage) -> Logins:
    return Logins(storage, RULES)


def actions(storage: Storage) -> list[tuple[str, str]]:
    with opened_records(storage) as records:
        return [(entry.who, entry.action) for entry in reversed(newest_entries(records, 100))]


def refused(logins: Logins, login: str, password: str) -> str:
    with pytest.raises(SignInError) as raised:
        logins.sign_in(login, password)
    return str(raised.value)


def test_a_site_without_accounts_says_so(tmp_path):
    storage = Storage.at(tmp_path / "none", tmp_path / "none" / "config")
    assert not accounts_in_use(storage)
    assert not storage.records.exists()
    add_account(storage, Account("a1", "甲", "分析员", is_disabled=True))
    assert accounts_in_use(storage), "a switched-off account does not open the demo again"


def test_the_right_password_opens_a_login_that_ends(logins, storage):
    token = logins.sign_in(" fenxi ", PASSWORD)
    assert logins.visitor(token).account.shown_name == "分析岗"
    logins.sign_out(token)
    assert logins.visitor(token) is None
    logins.sign_out(token)
    assert actions(storage) == [("fenxi", SIGNED_IN), ("fenxi", SIGNED_OUT)]


@pytest.mark.parametrize("token", [None, "", "x", "fenxi", "0" * 43, "' or 1=1 --"])
def test_a_forged_token_opens_nothing(logins, token):
    logins.sign_in("fenxi", PASSWORD)
    assert logins.visitor(token) is None


def test_the_store_holds_neither_password_nor_token(logins, storage):
    token = logins.sign_in("fenxi", PASSWORD)
    content = b"".join(path.read_bytes() for path in storage.data.glob("records.sqlite*"))
    assert b"fenxi" in content
    assert PASSWORD.encode() not in content
    assert token.encode() not in content
    assert b"$argon2id$" in content


def test_a_token_is_never_taken_over_from_the_browser(logins):
    """Session fixation: what the browser brought is ended, never adopted."""
    planted = logins.sign_in("fenxi", PASSWORD)
    fresh = logins.sign_in("fenxi", PASSWORD, planted)
    assert fresh != planted
    assert logins.visitor(planted) is None
    assert logins.visitor(fresh) is not None
    assert logins.visitor(logins.sign_in("fenxi", PASSWORD, "chosen-by-somebody")) is not None
    assert logins.visitor("chosen-by-somebody") is None


def test_a_login_ends_when_the_account_is_switched_off_or_changed(logins, storage):
    for action, changed in (("disable", {"is_disabled": True}), ("change", {"role": "区领导"})):
        token = logins.sign_in("fenxi", PASSWORD)
        with opened_records(storage) as records, writing(records):
            note_account(records, "管理", action, Account("fenxi", "分析岗", **{"role": "分析员", **changed}))
        assert logins.visitor(token) is None
        with opened_records(storage) as records, writing(records):
            note_account(records, "管理", "enable", Account("fenxi", "分析岗", "分析员"))
        assert logins.visitor(token) is None, "a login that ended stays ended"


def test_an_account_opens_until_its_last_day(logins, storage):
    token = logins.sign_in("fenxi", PASSWORD)
    today, yesterday = moment()[:10], moment(timedelta(days=-1))[:10]
    with opened_records(storage) as records:
        for day, is_open in ((today, True), (yesterday, False)):
            with writing(records):
                note_account(records, "管理", "enable", Account("fenxi", "分析岗", "分析员", expires_date=day))
            assert (logins.visitor(token) is not None) is is_open
    assert "到期" in refused(logins, "fenxi", PASSWORD)
    assert refused(logins, "fenxi", "wrong").startswith(WRONG), "only who knows the password learns of the account"


@pytest.mark.parametrize(
    ("column", "hours", "is_open"),
    [
        ("seen_at", RULES.idle_hours, False),
        ("seen_at", RULES.idle_hours - 1, True),
        ("created_at", RULES.longest_hours, False),
        ("created_at", RULES.longest_hours - 1, True),
    ],
)
def test_a_login_ends_idle_and_at_the_latest(logins, storage, column, hours, is_open):
    token = logins.sign_in("fenxi", PASSWORD)
    with opened_records(storage) as records:
        records.execute(f"update login_sessions set {column} = ?", (moment(timedelta(hours=-hours)),))
    assert (logins.visitor(token, is_used=True) is not None) is is_open


def test_use_begins_the_idle_time_anew_and_an_old_login_is_swept(logins, storage):
    token = logins.sign_in("fenxi", PASSWORD)
    with opened_records(storage) as records:
        before = moment(timedelta(hours=-RULES.idle_hours + 1))
        records.execute("update login_sessions set seen_at = ?", (before,))
        assert logins.visitor(token) is not None
        assert records.execute("select seen_at from login_sessions").fetchone()[0] == before
        logins.visitor(token, is_used=True)
        assert records.execute("select seen_at from login_sessions").fetchone()[0] > before
        records.execute("update login_sessions set created_at = ?", (moment(timedelta(hours=-RULES.longest_hours)),))
        logins.sign_in("fenxi", PASSWORD)
        assert records.execute("select count(*) from login_sessions").fetchone()[0] == 1


def test_wrong_passwords_lock_for_a_while_also_names_without_account(logins, storage):
    answers = {}
    for login in ("fenxi", "nobody"):
        said = [refused(logins, login, "wrong") for _ in range(RULES.wrong_passwords + 1)]
        assert len(set(said[:-1])) == 1
        answers[login] = (said[0], "锁定，请在" in said[-1])
        assert "锁定" in refused(logins, login, PASSWORD), "not even the right password"
    assert answers["fenxi"] == answers["nobody"]
    assert actions(storage) == [("fenxi", LOCKED)], "what was typed as a name without account is not noted"
    with opened_records(storage) as records:
        records.execute("update login_failures set locked_until = ?", (moment(timedelta(minutes=-1)),))
    assert logins.sign_in("fenxi", PASSWORD)


def test_a_right_password_begins_to_count_anew(logins):
    for _ in range(3):
        for _ in range(RULES.wrong_passwords - 1):
            refused(logins, "fenxi", "wrong")
        assert logins.sign_in("fenxi", PASSWORD)


def test_a_name_without_account_costs_the_same_work(logins, storage, monkeypatch):
    """Counted, not only timed: one argon2 check each, so that a slow machine does not decide."""
    checked = []
    verify = passwords._HASHER.verify
    monkeypatch.setattr(
        passwords,
        "_HASHER",
        type(
            "Counting",
            (),
            {"verify": lambda _, *args: checked.append(args[0][:31]) or verify(*args), "hash": passwords._HASHER.hash},
        )(),
    )
    times = {}
    for login in ("fenxi", "nobody"):
        spent = []
        for _ in range(RULES.wrong_passwords - 1):
            started = time.perf_counter()
            refused(logins, login, "wrong")
            spent.append(time.perf_counter() - started)
        times[login] = statistics.median(spent)
    assert len(checked) == 2 * (RULES.wrong_passwords - 1)
    assert len(set(checked)) == 1, "the same parameters"
    assert max(times.values()) < 5 * min(times.values())


def test_a_new_password_ends_every_login_and_the_initial_state(tmp_path):
    storage = storage_with(tmp_path, Account("fenxi", "分析岗", "分析员"), is_initial=True)
    logins = Logins(storage, RULES)
    token, other = logins.sign_in("fenxi", PASSWORD), logins.sign_in("fenxi", PASSWORD)
    assert logins.visitor(token).must_change
    for old, new, why in (("wrong", NEW, "原密码"), (PASSWORD, PASSWORD, "相同"), (PASSWORD, "short1", "至少")):
        with pytest.raises(SignInError, match=why):
            logins.change_password(token, old, new)
    fresh = logins.change_password(token, PASSWORD, NEW)
    assert not logins.visitor(fresh).must_change
    assert logins.visitor(token) is None
    assert logins.visitor(other) is None
    assert logins.sign_in("fenxi", NEW)
    refused(logins, "fenxi", PASSWORD)
    assert ("fenxi", NEW_PASSWORD) in actions(storage)


def test_an_open_page_is_no_way_to_guess_the_old_password(logins):
    token = logins.sign_in("fenxi", PASSWORD)
    for _ in range(RULES.wrong_passwords):
        with pytest.raises(SignInError):
            logins.change_password(token, "wrong", NEW)
    with pytest.raises(SignInError, match="锁定"):
        logins.change_password(token, PASSWORD, NEW)


@pytest.mark.parametrize(
    "password", ["abc12345", "abcdefghijk", "12345678901", "xFENXI-2026", "aaaaaaaaa1", "a1" * 150]
)
def test_weak_passwords_are_named(password):
    assert weakness(password, "fenxi")


@pytest.mark.parametrize("password", [NEW, "春江花月夜12345", "long enough words"])
def test_fit_passwords_pass(password):
    assert weakness(password, "fenxi") is None


def test_the_viewer_of_a_cookie_has_the_rights_of_the_account(tmp_path, monkeypatch):
    storage = storage_with(tmp_path, Account("qiyun", "值班", "承办单位", ("U02", "U01")))
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(storage.data))
    rules = read_access(storage)
    token = Logins(storage, rules.login).sign_in("qiyun", PASSWORD)
    viewer = viewer_of(rules, {COOKIE: token})
    assert (viewer.role, viewer.who, viewer.units) == ("承办单位", "qiyun", ("U01", "U02"))
    assert viewer == rules.viewer("承办单位", "qiyun", ("U01", "U02"))
    for cookies in ({}, {COOKIE: ""}, {COOKIE: token + "x"}, {COOKIE.upper(): token}):
        assert viewer_of(rules, cookies) is None
    with opened_records(storage) as records, writing(records):
        note_account(records, "管理", "disable", switched(account_named(records, "qiyun"), is_disabled=True))
    assert viewer_of(rules, {COOKIE: token}) is None


def test_an_initial_password_opens_no_page(tmp_path, monkeypatch):
    storage = storage_with(tmp_path, Account("fenxi", "分析岗", "分析员"), is_initial=True)
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(storage.data))
    rules = read_access(storage)
    assert viewer_of(rules, {COOKIE: Logins(storage, rules.login).sign_in("fenxi", PASSWORD)}) is None


def test_without_the_audit_key_nobody_gets_in_unnoted(logins, storage):
    logins.sign_in("fenxi", PASSWORD)
    storage.audit_key.unlink()
    with pytest.raises(KeyFileError, match="备份"):
        logins.sign_in("fenxi", PASSWORD)
    assert not storage.audit_key.exists()


def test_tries_at_the_same_moment_all_count(storage):
    with opened_records(storage) as records:
        limit = timedelta(minutes=RULES.locked_minutes)
        tries = [
            sessions.count_try(records, "fenxi", RULES.wrong_passwords, limit) for _ in range(RULES.wrong_passwords)
        ]
        assert tries == [None] * RULES.wrong_passwords, "each may be looked at"
        assert sessions.count_try(records, "fenxi", RULES.wrong_passwords, limit)


def test_only_what_is_in_force_is_kept_of_logins(logins, storage):
    token = logins.sign_in("fenxi", PASSWORD)
    logins.sign_out(token)
    with closing(sqlite3.connect(storage.records)) as records:
        assert records.execute("select count(*) from login_sessions").fetchone()[0] == 0
        assert records.execute("select count(*) from login_failures").fetchone()[0] == 0
