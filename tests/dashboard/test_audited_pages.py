"""What pages note in the audit log, and that the app itself is closed to a browser without a login, also without the gate."""

from pathlib import Path

import pytest
from made_accounts import PASSWORD, add_account
from page_words import words
from streamlit.testing.v1 import AppTest

from hotline12345.dashboard import app
from hotline12345.dashboard.access import read_access
from hotline12345.dashboard.signing_in import COOKIE, Logins
from hotline12345.dashboard.views import looking
from hotline12345.sql.records.accounts import Account, account_named, note_account, switched
from hotline12345.sql.records.audit import EXPORTED, OPENED, load_audit_key, newest_entries, verify
from hotline12345.sql.records.store import opened_records, writing
from hotline12345.sql.storage import Storage

NOTING = """
import streamlit as st
from hotline12345.dashboard import audit
from hotline12345.dashboard.access import ANALYST
from hotline12345.dashboard.views import opened
st.button("again")
if st.button("other"):
    st.session_state["times_opened"] = opened.times_opened() + 1
audit.opened(ANALYST, "GD1")
if st.button("take"):
    audit.exported(ANALYST, "失分工单", 12)
"""
APP = str(Path(str(app.__file__)))


@pytest.fixture
def site(tmp_path, monkeypatch) -> Storage:
    """An empty folder that pages look into."""
    storage = Storage.at(tmp_path / "data", tmp_path / "data" / "config")
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(storage.data))
    return storage


def noted(storage: Storage) -> list[tuple[str, str, int | None]]:
    with opened_records(storage) as records:
        assert verify(records, load_audit_key(storage, records)).wrong_at is None
        return [(one.action, one.subject, one.row_count) for one in reversed(newest_entries(records, 50))]


def test_an_opening_is_noted_once_and_each_export(site):
    page = AppTest.from_string(NOTING, default_timeout=20).run()
    page.button[0].click().run()
    assert noted(site) == [(OPENED, "GD1", None)], "a page drawn again is no second opening"
    page.button[1].click().run()
    page.button[2].click().run()
    assert noted(site) == [(OPENED, "GD1", None), (OPENED, "GD1", None), (EXPORTED, "失分工单", 12)]


def test_nothing_is_shown_that_could_not_be_noted(site):
    AppTest.from_string(NOTING, default_timeout=20).run()
    site.audit_key.unlink()
    page = AppTest.from_string(NOTING, default_timeout=20).run()
    assert "审计密钥" in page.exception[0].message
    assert len(page.button) == 2, "what follows is not drawn"


def looked_at(monkeypatch, cookies: dict[str, str]) -> AppTest:
    monkeypatch.setattr(looking, "viewer_of", lambda rules, _: _VIEWER_OF(rules, cookies))
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception
    return page


_VIEWER_OF = looking.viewer_of


def test_with_accounts_the_app_alone_shows_nothing_without_a_login(own, monkeypatch):
    """As when somebody starts app.py without its gate."""
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    add_account(own, Account("fenxi", "分析岗", "分析员"))
    token = Logins(own, read_access(own).login).sign_in("fenxi", PASSWORD)
    inside = words(looked_at(monkeypatch, {COOKIE: token}))
    assert "本系统测算，以正式通报为准" in inside
    assert "演示方式" not in inside
    with opened_records(own) as records, writing(records):
        note_account(records, "管理", "disable", switched(account_named(records, "fenxi"), is_disabled=True))
    for cookies in ({}, {COOKIE: "forged"}, {COOKIE: token}):
        page = looked_at(monkeypatch, cookies)
        assert "登录已结束" in words(page)
        assert "正式通报" not in words(page)
        assert not page.sidebar.selectbox, "no role to choose"
