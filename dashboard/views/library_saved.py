"""Kept searches of 民生诉求库: a list to open one from, keeping this one, taking one away."""

import streamlit as st

from hotline12345.dashboard import components, library_records
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.library_records import SearchNotKeptError
from hotline12345.dashboard.views import library_filters
from hotline12345.dashboard.views.scope import Scope

WORDS, KEPT_WORDS = "library_words", "library_kept_words"
SAVED, OPENED, TOLD = "saved", "library_saved_opened", "library_saved_told"
NAME = "library_saved_name"


def open_named(viewer: Viewer) -> None:
    """The kept search that the URL names by its number, once: its words and filters are filled in."""
    named = st.query_params.get(SAVED)
    if named is None or named == st.session_state.get(OPENED):
        return
    st.session_state[OPENED] = named
    found = {str(each.event_id): each for each in library_records.mine(viewer)}.get(named)
    if found is None:
        components.empty("您没有这个编号的检索：可能已删除，或是别人保存的。")
        return
    st.session_state[WORDS] = st.session_state[KEPT_WORDS] = found.asked
    library_filters.set_values(dict(found.narrowed))


def render(scope: Scope, words: str) -> None:
    """The list of kept searches beside the words."""
    with st.popover("我保存的检索", icon=":material/bookmark:", width="stretch"):
        if told := st.session_state.pop(TOLD, None):
            components.failure(told)
        if words.strip():
            st.text_input("名称", key=NAME, max_chars=library_records.LONGEST, placeholder="给这个检索起个名")
            st.button("保存这个检索", type="primary", on_click=_keep, args=(scope.viewer, words))
        kept = library_records.mine(scope.viewer)
        if not kept:
            st.caption("还没有保存的检索。保存后只有您自己能看到和打开。")
        for search in kept:
            opening, deleting = st.columns([4, 1], vertical_alignment="center")
            with opening:
                st.button(
                    search.search_name,
                    key=f"saved_{search.event_id}",
                    type="tertiary",
                    help=f"{search.asked}　保存于 {search.at[:16]}",
                    on_click=_open,
                    args=(search.event_id,),
                )
            with deleting:
                st.button(
                    "删除", key=f"forget_{search.event_id}", on_click=_forget, args=(scope.viewer, search.event_id)
                )


def _keep(viewer: Viewer, words: str) -> None:
    try:
        number = library_records.keep(viewer, st.session_state.get(NAME, ""), words, library_filters.values())
    except SearchNotKeptError as error:
        st.session_state[TOLD] = str(error)
        return
    st.session_state.pop(NAME, None)
    st.session_state[OPENED] = st.query_params[SAVED] = str(number)


def _open(event_id: int) -> None:
    st.session_state.pop(OPENED, None)
    st.query_params[SAVED] = str(event_id)


def _forget(viewer: Viewer, event_id: int) -> None:
    library_records.forget(viewer, event_id)
    if st.query_params.get(SAVED) == str(event_id):
        st.query_params.pop(SAVED)
