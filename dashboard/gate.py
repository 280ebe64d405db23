"""What stands before every request: without an open login nothing answers, neither a page nor a file nor the websocket.

Where no account was ever made (the demo) the site answers this machine alone: no foreign host name, no proxy in between.
"""

import re
from base64 import b64encode
from collections.abc import MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import streamlit
from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from hotline12345.dashboard.access import read_access
from hotline12345.dashboard.addresses import is_loopback
from hotline12345.dashboard.login_pages import message_page
from hotline12345.dashboard.login_routes import UNUSABLE
from hotline12345.dashboard.signing_in import COOKIE, Visitor, accounts_in_use, site_logins
from hotline12345.sql.storage import Storage

HEALTH, LOGIN, PASSWORD, LOGOUT = "/_stcore/health", "/login", "/password", "/logout"
FILES = ("/_stcore/", "/media/", "/static/", "/component/")
UPLOAD = "/_stcore/upload_file/"
PROXIED = ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip")
REFUSED = 1008
_INDEX = Path(str(streamlit.__file__)).parent / "static" / "index.html"
INLINE_SCRIPTS = " ".join(
    f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
    for script in re.findall(r"<script>(.*?)</script>", _INDEX.read_text(encoding="utf-8"), re.DOTALL)
)  # those of Streamlit's own page; no other inline script runs
_PLAIN_RERUN = BackMsg()
_PLAIN_RERUN.rerun_script.SetInParent()
PLAIN_RERUN = _PLAIN_RERUN.SerializeToString()  # the page from its beginning, with no value of a widget
# What no page of ours sends: with these a single reader would empty the caches of all, or write into the program's folder.
DEVELOPER_ONLY = {
    *("clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime"),
    *("install_skills", "dismiss_skills_nudge"),
}
NOTHING = BackMsg(app_heartbeat=True).SerializeToString()  # in place of a message that is not passed on


class Gate:
    """ASGI middleware: lets through who may come in, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, storage: Storage) -> None:
        self.app = app
        self.storage = storage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, _guarded(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._instead(HTTPConnection(scope))
        except UNUSABLE as error:
            answer = message_page("暂时无法使用", str(error), 503)
        await (answer or self.app)(scope, receive, send)

    async def _instead(self, request: HTTPConnection) -> Response | None:
        """The answer to somebody who may not have what it asks for; None for who may."""
        path = request.url.path
        if path == HEALTH:
            return None
        if not await run_in_threadpool(accounts_in_use, self.storage):
            return None if is_from_here(request.headers) else message_page("不能打开", NO_ACCOUNTS, 403)
        if path == LOGIN:
            return None
        visitor = await run_in_threadpool(self._visitor, request)
        if visitor is not None and (not visitor.must_change or path in (PASSWORD, LOGOUT)):
            return Response(status_code=403) if path.startswith(UPLOAD) and not self._may_import(visitor) else None
        if path.startswith(FILES) or "text/html" not in request.headers.get("accept", ""):
            return Response(status_code=401)
        return RedirectResponse(PASSWORD if visitor else _login_for(request), 303)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        try:
            is_open = await run_in_threadpool(self._opens_app, connection)
        except UNUSABLE:
            is_open = False
        if not is_open:
            await send({"type": "websocket.close", "code": REFUSED})
            return

        async def checked() -> Message:
            """The next message; once the login has ended, nothing but a rerun, whose page says that it has ended."""
            message = await receive()
            if message["type"] == "websocket.receive":
                try:
                    is_open = await run_in_threadpool(self._opens_app, connection)
                except UNUSABLE:
                    is_open = False
                if not is_open:
                    return {"type": "websocket.receive", "bytes": PLAIN_RERUN, "text": None}
                if is_developers(message.get("bytes") or b"") and await run_in_threadpool(
                    accounts_in_use, self.storage
                ):
                    return {"type": "websocket.receive", "bytes": NOTHING, "text": None}
            return message

        await self.app(scope, checked, send)

    def _opens_app(self, connection: HTTPConnection) -> bool:
        if not accounts_in_use(self.storage):
            return is_from_here(connection.headers)
        visitor = self._visitor(connection)
        return visitor is not None and not visitor.must_change

    def _may_import(self, visitor: Visitor) -> bool:
        """An upload lies in memory until a page takes it: not from somebody who has no such page."""
        role = read_access(self.storage).roles.get(visitor.account.role)
        return role is not None and "import" in role.may

    def _visitor(self, connection: HTTPConnection) -> Visitor | None:
        return site_logins(self.storage).visitor(connection.cookies.get(COOKIE))


NO_ACCOUNTS = (
    "还没有账号，看板只能在运行它的这台计算机上直接打开。请信息技术人员先用 hotline accounts add 建立账号，"
    "再让其他计算机访问。"
)


def is_from_here(headers: Headers) -> bool:
    """Whether a request names this machine itself and came without a proxy: a foreign page can name neither."""
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return not any(name in headers for name in PROXIED) and is_loopback(host)


def is_developers(content: bytes) -> bool:
    """Whether a message to Streamlit is one of `DEVELOPER_ONLY`."""
    try:
        said = BackMsg.FromString(content)
    except DecodeError:
        return False  # Streamlit refuses it
    kind = said.WhichOneof("type")
    if kind == "backend_operation_request":
        return said.backend_operation_request.WhichOneof("payload") in DEVELOPER_ONLY
    return kind in DEVELOPER_ONLY


def _login_for(request: HTTPConnection) -> str:
    path, query = request.url.path, request.url.query
    return f"{LOGIN}?next={quote(path + (f'?{query}' if query else ''), safe='')}" if path != "/" or query else LOGIN


def _guarded(scope: Scope, send: Send) -> Send:
    """Headers on every answer. `blob:` because Streamlit hands the script of our own component on that way."""
    host = Headers(scope=scope).get("host", "")
    sockets = f" ws://{host} wss://{host}" if host.replace(":", "").replace(".", "").replace("-", "").isalnum() else ""
    policy = (
        f"default-src 'self'; script-src 'self' blob: {INLINE_SCRIPTS}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{sockets}; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", policy)
            headers["X-Frame-Options"] = "DENY"
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "same-origin"  # no-referrer would make a form's Origin `null`
            if not scope["path"].startswith("/static/"):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending
