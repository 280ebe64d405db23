"""The routes /login, /logout and /password. The cookie holds a random token and nothing else; a form is taken from our own pages only."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hotline12345.dashboard.access import AccessError
from hotline12345.dashboard.login_pages import login_page, logout_page, message_page, password_page
from hotline12345.dashboard.signing_in import COOKIE, SignInError, accounts_in_use, site_logins
from hotline12345.sql.key_files import KeyFileError
from hotline12345.sql.records.store import RecordsError
from hotline12345.sql.storage import Storage

LARGEST_FORM = 4_096
HASHES_AT_ONCE = 2  # each takes 64 MiB and a processor
UNUSABLE = (AccessError, KeyFileError, RecordsError)
R = TypeVar("R")


class LoginRoutes:
    """The routes of one site."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)

    @property
    def routes(self) -> list[Route]:
        """The routes for `st.App`."""
        return [
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/logout", self.logout, methods=["GET", "POST"]),
            Route("/password", self.password, methods=["GET", "POST"]),
        ]

    async def login(self, request: Request) -> Response:
        """The form; a right password sets the cookie and opens the page that was asked for."""
        if not await run_in_threadpool(accounts_in_use, self.storage):
            return RedirectResponse("/", 303)
        if request.method == "GET":
            return login_page(safe_path(request.query_params.get("next", "/")))
        form = await _form(request)
        if form is None:
            return _refused()
        next_path, login = safe_path(form.get("next", "/")), form.get("login", "")
        sign_in = partial(
            site_logins(self.storage).sign_in, login, form.get("password", ""), request.cookies.get(COOKIE)
        )
        try:
            token = await self._hash(sign_in)
        except SignInError as error:
            return login_page(next_path, str(error), login, 401)
        return _with_cookie(RedirectResponse(next_path, 303), request, token)

    async def logout(self, request: Request) -> Response:
        """The question, then the end of the login."""
        token, logins = request.cookies.get(COOKIE), site_logins(self.storage)
        if request.method == "GET":
            visitor = await run_in_threadpool(logins.visitor, token)
            return logout_page(visitor.account.shown_name) if visitor else RedirectResponse("/login", 303)
        if await _form(request) is None:
            return _refused()
        if token:
            await run_in_threadpool(logins.sign_out, token)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE)
        return answer

    async def password(self, request: Request) -> Response:
        """The form for a new password; it ends every other login of the account."""
        token, logins = request.cookies.get(COOKIE), site_logins(self.storage)
        visitor = await run_in_threadpool(logins.visitor, token)
        if visitor is None or token is None:
            return RedirectResponse("/login", 303)
        if request.method == "GET":
            return password_page(visitor.must_change)
        form = await _form(request)
        if form is None:
            return _refused()
        old, new = form.get("old", ""), form.get("new", "")
        if new != form.get("again", ""):
            return password_page(visitor.must_change, "两次输入的新密码不一样。", 400)
        try:
            fresh = await self._hash(partial(logins.change_password, token, old, new))
        except SignInError as error:
            return password_page(visitor.must_change, str(error), 400)
        return _with_cookie(RedirectResponse("/", 303), request, fresh)

    async def _hash(self, work: Callable[[], R]) -> R:
        async with self._hashing:
            return await run_in_threadpool(work)


async def unusable(request: Request, error: Exception) -> Response:
    """The page instead of a traceback where store, key or access.toml cannot be used."""
    return message_page("暂时无法登录", str(error), 503)


def safe_path(path: str) -> str:
    """A path of this site to open next; `/` for anything that a browser could take for another site."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/login", "/logout")) and "\\" not in path
    return path if is_ours and path.isprintable() and " " not in path else "/"


def is_own_page(request: Request) -> bool:
    """Whether a form comes from a page of this site, as the browser says."""
    said = request.headers.get("origin") or request.headers.get("referer")
    host = request.headers.get("host", "")
    return bool(said and host) and urlsplit(said).netloc.lower() == host.lower()


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a small form; None when it comes from elsewhere or is no form of ours."""
    length = request.headers.get("content-length", "")
    if not is_own_page(request) or not length.isdecimal() or int(length) > LARGEST_FORM:
        return None
    body = (await request.body()).decode("utf-8", errors="replace")
    return {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}


def _with_cookie(answer: Response, request: Request, token: str) -> Response:
    # Lax, not Strict: a link in the office's portal has to open the page it names; every form checks its origin.
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    return answer


def _refused() -> Response:
    return message_page("请求被拒绝", "这个请求不是从本系统的页面发出的。请从登录页重新开始。", 403)
