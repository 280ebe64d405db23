"""The app behind its gate: `streamlit run serving.py` serves the pages, the routes of the login, and nothing to strangers."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

import hotline12345.dashboard.app  # noqa: F401  # or the first reader waits for seconds of imports
from hotline12345.dashboard import long_running
from hotline12345.dashboard.gate import Gate
from hotline12345.dashboard.login_routes import UNUSABLE, LoginRoutes, unusable
from hotline12345.sql.records.passwords import is_password
from hotline12345.sql.storage import Storage

STORAGE = Storage.at()
is_password("", None)  # the first hash of nobody takes twice as long: not while somebody measures
app = st.App(
    Path(__file__).with_name("app.py"),
    routes=LoginRoutes(STORAGE).routes,
    middleware=[Middleware(Gate, storage=STORAGE)],
    exception_handlers=dict.fromkeys(UNUSABLE, unusable),
)
long_running.settle()
