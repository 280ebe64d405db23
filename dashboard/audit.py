"""Noting in the audit log what somebody opened or took away: before it is shown, so that nothing is shown unnoted.

NoAccessError leaves these functions when the row cannot be written.
"""

import streamlit as st

from hotline12345.dashboard.access import NoAccessError, Viewer
from hotline12345.dashboard.views import opened as opening
from hotline12345.sql.key_files import KeyFileError
from hotline12345.sql.records.audit import EXPORTED, OPENED, Entry, append, load_audit_key
from hotline12345.sql.records.store import RecordsError, opened_records, writing
from hotline12345.sql.storage import Storage

NOTED = "order_noted"


def opened(viewer: Viewer, order_id: str) -> None:
    """Note that an order's page was opened: once each time, however often the page is drawn again."""
    this = (viewer.who, order_id, opening.times_opened())
    if st.session_state.get(NOTED) != this:
        _note(Entry(viewer.who, viewer.role, OPENED, order_id))
        st.session_state[NOTED] = this


def exported(viewer: Viewer, name: str, rows: int) -> None:
    """Note that a table or document was taken away: its name, without ids or words of a search, and how many rows."""
    _note(Entry(viewer.who, viewer.role, EXPORTED, name, rows))


def _note(entry: Entry) -> None:
    storage = Storage.at()
    try:
        with opened_records(storage) as records:
            key = load_audit_key(storage, records)
            with writing(records):
                append(records, key, entry)
    except (KeyFileError, RecordsError) as error:
        raise NoAccessError(f"审计记录写不进去，所以不能打开或下载。{error}") from None
