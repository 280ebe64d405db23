"""Whether newer data were published while a page stood open. Nothing moves under the reader: a button brings it."""

import streamlit as st

from hotline12345.dashboard import snapshots
from hotline12345.sql.publish import Snapshot

EVERY_SECONDS = 30


@st.fragment(run_every=EVERY_SECONDS)
def offer_newer(shown: Snapshot) -> None:
    """Look now and then whether another snapshot than the one shown is in force, and offer it. Costs a look at one small file."""
    if snapshots.is_in_force(shown):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="newer"):
        st.html('<div class="simulated" role="status"><b>有新数据</b>　本页仍是先前发布的数据。</div>')
        if st.button("点此刷新", icon=":material/refresh:", key="newer_shown"):
            st.rerun()
