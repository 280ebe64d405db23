"""Who looks at this rerun: somebody who logged in, or in the demo, where no account exists, the role that is chosen."""

import streamlit as st

from hotline12345.dashboard import components, data, snapshots
from hotline12345.dashboard.access import ANALYST, AccessRules, Viewer
from hotline12345.dashboard.access_login import viewer_of
from hotline12345.dashboard.signing_in import accounts_in_use
from hotline12345.dashboard.views import opened
from hotline12345.sql.publish import NothingPublishedError
from hotline12345.sql.storage import Storage

ROLE, OWN_UNIT = "demo_role", "demo_unit"


def viewer(rules: AccessRules) -> Viewer | None:
    """The viewer of this rerun; None when the page has said what is missing. Raises NoAccessError, RecordsError."""
    if not accounts_in_use(Storage.at()):
        return _demo(rules)
    found = viewer_of(rules, st.context.cookies)
    if found is None:
        components.login_ended()
        return None
    with st.sidebar:
        components.account(found.who, found.role)
    return found


def _demo(rules: AccessRules) -> Viewer | None:
    """Any role, on this machine only; says so on every page."""
    # Held over the change to the role's first page, which would forget what was just chosen.
    for key in (ROLE, OWN_UNIT):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    with st.sidebar:
        role = st.selectbox("演示角色", list(rules.roles), key=ROLE, on_change=opened.close_all)
        units: tuple[str, ...] = ()
        if rules.roles[role].has_units:
            names = _unit_names()
            if not names:
                components.empty("还没有登记单位，这个角色没有可看的数据。")
                return None
            chosen = st.selectbox(
                "所属单位", list(names), format_func=names.__getitem__, key=OWN_UNIT, on_change=opened.close_all
            )
            units = (chosen,)
    components.demo_banner(role)
    return rules.viewer(role, f"演示·{role}", units)


def _unit_names() -> dict[str, str]:
    try:
        return data.unit_names(ANALYST, snapshots.current())
    except (NothingPublishedError, snapshots.SnapshotGoneError):
        return {}
