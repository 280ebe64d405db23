"""One reader of the app without a browser: Streamlit's own messages over a websocket.

A view is timed from the request to its first figure (a metric, chart, table or list of the page) and to the end of the page.
"""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

STANDING = ("demo_role", "demo_unit")  # who looks: stays chosen from page to page
FIGURES = ("metric", "vega_lite_chart", "dataframe", "table")
PATIENCE = 120.0


class PageError(Exception):
    """The page showed an error or did not end."""


@dataclass
class View:
    """One view of a page: seconds to its first figure (to its end where it has none) and to its end, and bytes sent."""

    first: float
    whole: float
    size: int
    messages: int


@dataclass
class Reader:
    """A session of the app.

    `page` opens a page as its address does, `turn_to` as a click in the navigation; `choose` and `write` change a filter.
    """

    address: str
    connection: ClientConnection = field(init=False)
    widgets: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    page_hash: str = ""
    query: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        host = self.address.removeprefix("http://")
        self.connection = connect(f"ws://{host}/_stcore/stream", subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]

    def close(self) -> None:
        """Leave."""
        self.connection.close()

    def page(self, name: str, **query: str) -> View:
        """Open a page by its address."""
        self.query, self.page_hash = query, ""
        self._leave()
        message = self._rerun()
        message.rerun_script.page_name = name
        return self._sent(message)

    def turn_to(self, name: str) -> View:
        """Click a page in the navigation."""
        self.page_hash = self.pages[name]
        self._leave()
        return self._sent(self._rerun())

    def choose(self, key: str, number: int) -> View:
        """Choose the option of this number in the selector of this key."""
        option = list(self.widgets[key].options)[number]
        return self.write(key, option if isinstance(option, str) else option.content)

    def write(self, key: str, value: str) -> View:
        """Choose this option in the selector of this key, or write this text into the field."""
        widget = self.widgets[key]
        self.chosen[key] = (widget, value)
        if widget.query_param_key:
            self.query[widget.query_param_key] = value
        return self._sent(self._rerun())

    def forget(self) -> None:
        """Empty the server's caches, as they are when a snapshot was just published."""
        self.connection.send(BackMsg(clear_cache=True).SerializeToString())

    def _leave(self) -> None:
        self.chosen = {key: said for key, said in self.chosen.items() if key in STANDING}

    def _rerun(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = urlencode(self.query)
        message.rerun_script.page_script_hash = self.page_hash
        for widget, value in self.chosen.values():
            state = message.rerun_script.widget_states.widgets.add(id=widget.id)
            if widget.DESCRIPTOR.name == "ButtonGroup":
                state.string_array_value.data.append(value)
            else:
                state.string_value = value
        return message

    def _sent(self, message: BackMsg) -> View:
        self.widgets = {}
        start = time.perf_counter()
        self.connection.send(message.SerializeToString())
        view = View(0.0, 0.0, 0, 0)
        while True:
            content = self.connection.recv(timeout=PATIENCE)
            told = ForwardMsg.FromString(content)  # type: ignore[arg-type]
            view.size, view.messages = view.size + len(content), view.messages + 1
            if self._is_figure(told) and not view.first:
                view.first = time.perf_counter() - start
            if told.WhichOneof("type") == "script_finished" and told.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                view.whole = time.perf_counter() - start
                view.first = view.first or view.whole
                return view

    def _is_figure(self, told: ForwardMsg) -> bool:
        kind = told.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = told.new_session.page_script_hash
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in told.navigation.app_pages}
            self.page_hash = told.navigation.page_script_hash or self.page_hash
        elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
            element = told.delta.new_element
            name = element.WhichOneof("type")
            if name == "exception":
                raise PageError(f"{element.exception.type}: {element.exception.message}")
            if name in ("selectbox", "button_group", "text_input"):
                widget = getattr(element, name)
                self.widgets[widget.id.rpartition("-")[2]] = widget
            return name in FIGURES or (name == "html" and "<table" in element.html.body)
        return False
