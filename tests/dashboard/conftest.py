"""Published folders made by hand, and a way to run one page on them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from made_snapshot import publish_orders, storage_at
from streamlit.testing.v1 import AppTest

from hotline12345.sql.storage import Storage

Show = Callable[..., AppTest]
PAGE = """
from hotline12345.dashboard import app
from hotline12345.dashboard.access import DEMO
from hotline12345.dashboard.views import {view}
app.show(DEMO.viewer({role!r}, {role!r}, {units!r}), {view}.render)
"""


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A folder with one snapshot; tests only read it."""
    storage = storage_at(tmp_path_factory.mktemp("published"))
    publish_orders(storage)
    return storage


@pytest.fixture(scope="session")
def without_callback(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """The same orders from a file without callback columns."""
    storage = storage_at(tmp_path_factory.mktemp("without_callback"))
    publish_orders(storage, callback=False)
    return storage


@pytest.fixture
def own(published: Storage, tmp_path: Path) -> Storage:
    """A copy of the folder that a test may change."""
    shutil.copytree(published.data, tmp_path / "data")
    return Storage(tmp_path / "data", tmp_path / "data" / "config")


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """No test sees what another one has read."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Run one view on a data folder, with session state and query parameters, for a role and its units; an exception fails the test."""

    def run(
        view: str,
        storage: Storage,
        state: dict[str, object] | None = None,
        whose: tuple[str, tuple[str, ...]] = ("分析员", ()),
        **query: str,
    ) -> AppTest:
        monkeypatch.setenv("HOTLINE_DATA_DIR", str(storage.data))
        role, units = whose
        page = AppTest.from_string(PAGE.format(view=view, role=role, units=units), default_timeout=20)
        for key, value in (state or {}).items():
            page.session_state[key] = value
        for key, value in query.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception, page.exception[0].message
        return page

    return run
