"""Attacks on the server's door: no page, file, upload or websocket without an open login, and no demo for other machines."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgi_client import TestClient
from made_accounts import PASSWORD, RULES, storage_with
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg

from hotline12345.dashboard.gate import INLINE_SCRIPTS, NOTHING, PLAIN_RERUN, Gate
from hotline12345.dashboard.login_routes import UNUSABLE, LoginRoutes, safe_path, unusable
from hotline12345.dashboard.signing_in import COOKIE, Logins
from hotline12345.sql.records.accounts import Account, account_named, note_account, switched
from hotline12345.sql.records.store import opened_records, writing
from hotline12345.sql.storage import Storage

HERE = "http://127.0.0.1:8501"
EVIL, SITE = "evil.example", "hotline.example"
PAGE = {"accept": "text/html,*/*"}
OWN = {"origin": HERE}
PROTECTED = [
    *("/", "/rates", "/orders?period=2026-09", "/media/0123.xlsx", "/_stcore/stream", "/_stcore/host-config"),
    *("/_stcore/upload_file/a/b", "/static/js/index.js", "/component/x", "/_stcore/metrics", "/_stcore/health/"),
    *("/login/", "/LOGIN", "/logout", "/password", "//login", "/_stcore/healthz", "/_stcore/health%2f..%2fx"),
]


async def echo(websocket: WebSocket) -> None:
    """Stands for the app: sends back what it is given."""
    await websocket.accept()
    try:
        while True:
            await websocket.send_bytes(await websocket.receive_bytes())
    except WebSocketDisconnect:
        return


def client_of(storage: Storage, address: str = HERE) -> TestClient:
    """A browser before an app of two routes behind the real gate and the real login."""
    app = Starlette(
        routes=[
            *LoginRoutes(storage).routes,
            WebSocketRoute("/_stcore/stream", echo),
            Route("/_stcore/health", lambda request: PlainTextResponse("ok")),
            Route("/{path:path}", lambda request: HTMLResponse("INSIDE"), methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=[Middleware(Gate, storage=storage)],
        exception_handlers=dict.fromkeys(UNUSABLE, unusable),
    )
    return TestClient(app, base_url=address, follow_redirects=False)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return storage_with(tmp_path, Account("fenxi", "分析岗<b>", "分析员"))


@pytest.fixture
def client(storage: Storage) -> Iterator[TestClient]:
    with client_of(storage) as client:
        yield client


def sign_in(client: TestClient, password: str = PASSWORD, **more: str):
    return client.post("/login", data={"login": "fenxi", "password": password, **more}, headers=OWN)


def connect(client: TestClient, **headers: str):
    """A websocket as the browser opens it, with its cookie."""
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return client.websocket_connect("/_stcore/stream", headers={"host": "127.0.0.1:8501", "cookie": cookie, **headers})


def switch_off(storage: Storage) -> None:
    with opened_records(storage) as records, writing(records):
        note_account(records, "管理", "disable", switched(account_named(records, "fenxi"), is_disabled=True))


@pytest.mark.parametrize("path", PROTECTED)
@pytest.mark.parametrize("cookie", [None, "x" * 43])
def test_nothing_answers_without_a_login(client, path, cookie):
    headers = PAGE | ({"cookie": f"{COOKIE}={cookie}"} if cookie else {})
    answer = client.get(HERE + path, headers=headers)
    assert answer.status_code in (303, 401)
    assert "INSIDE" not in answer.text
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_no_method_gets_around(client, method):
    assert client.request(method, "/_stcore/upload_file/a/b").status_code == 401


def test_only_health_and_login_answer_strangers(client):
    assert client.get("/_stcore/health").text == "ok"
    page = client.get("/login")
    assert page.status_code == 200
    assert "Chromium 内核 110" in page.text


def test_a_websocket_without_a_login_is_closed(client):
    for headers in ({}, {"cookie": f"{COOKIE}=forged"}):
        with pytest.raises(WebSocketDisconnect) as closed, connect(client, **headers):
            pass
        assert closed.value.code == 1008


def test_a_login_opens_the_page_that_was_asked_for(client):
    asked = client.get("/rates?period=2026-09&unit=U01", headers=PAGE)
    page = client.get(asked.headers["location"])
    wanted = re.search(r'name="next" value="([^"]+)"', page.text)[1].replace("&amp;", "&")
    answer = sign_in(client, next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/rates?period=2026-09&unit=U01")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie, "over plain http a browser would not send it"
    assert "Max-Age" not in cookie and "expires" not in cookie.lower(), "it goes with the browser"
    assert client.get("/rates", headers=PAGE).text == "INSIDE"
    with connect(client) as socket:
        socket.send_bytes(b"x")
        assert socket.receive_bytes() == b"x"


def test_behind_tls_the_cookie_is_secure(storage):
    with client_of(storage, f"https://{SITE}") as client:
        answer = client.post(
            "/login", data={"login": "fenxi", "password": PASSWORD}, headers={"origin": f"https://{SITE}"}
        )
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        *({"origin": one} for one in ("null", f"http://{EVIL}", "http://127.0.0.1:8502", f"{HERE}.{EVIL}")),
        {"referer": f"http://{EVIL}/127.0.0.1:8501"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout", "/password"])
def test_a_form_from_elsewhere_is_refused(client, path, headers):
    sign_in(client)
    data = {"login": "fenxi", "password": PASSWORD, "old": PASSWORD, "new": "taken-over-99", "again": "taken-over-99"}
    answer = client.post(path, data=data, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert client.get("/rates", headers=PAGE).text == "INSIDE", "the login goes on"


def test_a_link_alone_does_not_log_out(client):
    sign_in(client)
    page = client.get("/logout")
    assert "分析岗&lt;b&gt;" in page.text, "names are texts"
    assert client.get("/", headers=PAGE).text == "INSIDE"
    assert client.post("/logout", headers=OWN).headers["location"] == "/login"
    assert client.get("/", headers=PAGE).status_code == 303


def test_a_stolen_cookie_is_worth_nothing_after_logging_out(client, storage):
    sign_in(client)
    stolen = client.cookies[COOKIE]
    client.post("/logout", headers=OWN)
    with client_of(storage) as thief:
        thief.cookies[COOKIE] = stolen
        assert thief.get("/", headers=PAGE).status_code == 303


def test_a_planted_cookie_is_not_adopted(client, storage):
    client.cookies[COOKIE] = "planted-by-somebody-else"
    sign_in(client)
    with client_of(storage) as attacker:
        attacker.cookies[COOKIE] = "planted-by-somebody-else"
        assert attacker.get("/", headers=PAGE).status_code == 303


def test_an_open_page_of_a_switched_off_account_gets_a_plain_rerun_only(client, storage):
    """What a widget or a fragment asks for is not done: the app makes its page anew and finds no viewer."""
    sign_in(client)
    fragment = BackMsg()
    fragment.rerun_script.fragment_id = "orders"
    fragment.rerun_script.query_string = "unit=U02"
    with connect(client) as socket:
        socket.send_bytes(fragment.SerializeToString())
        assert socket.receive_bytes() == fragment.SerializeToString()
        switch_off(storage)
        socket.send_bytes(fragment.SerializeToString())
        passed = BackMsg.FromString(socket.receive_bytes())
    assert passed.WhichOneof("type") == "rerun_script"
    assert not passed.rerun_script.ListFields()
    assert passed.SerializeToString() == PLAIN_RERUN
    assert client.get("/media/0123.xlsx").status_code == 401
    with pytest.raises(WebSocketDisconnect), connect(client):
        pass


def test_a_reader_cannot_empty_the_caches_of_all(client):
    """Nor send anything else that only a developer's page sends; what pages send goes through."""
    sign_in(client)
    skills, download = BackMsg(), BackMsg()
    skills.backend_operation_request.install_skills.SetInParent()
    download.backend_operation_request.deferred_file.file_id = "f"
    forbidden = [BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True), BackMsg(set_run_on_save=True), skills]
    with connect(client) as socket:
        for message in forbidden:
            socket.send_bytes(message.SerializeToString())
            assert socket.receive_bytes() == NOTHING
        for message in (download, BackMsg(stop_script=True), BackMsg(app_heartbeat=True)):
            socket.send_bytes(message.SerializeToString())
            assert socket.receive_bytes() == message.SerializeToString()


def test_only_who_may_import_uploads(client, tmp_path):
    sign_in(client)
    assert client.put("/_stcore/upload_file/a/b").text == "INSIDE"
    storage = storage_with(tmp_path / "town", Account("fenxi", "值班", "承办单位", ("U01",)))
    with client_of(storage) as town:
        sign_in(town)
        assert town.get("/", headers=PAGE).text == "INSIDE"
        for path in ("/_stcore/upload_file/a/b", "/_stcore/upload%5ffile/a/b"):
            assert town.put(path).status_code == 403


def test_a_locked_account_stays_out(client):
    codes = [sign_in(client, "wrong").status_code for _ in range(6)]
    locked = sign_in(client)
    assert set(codes) == {401}
    assert locked.status_code == 401
    assert "锁定" in locked.text
    assert "set-cookie" not in locked.headers


def test_answers_do_not_tell_who_has_an_account(client):
    answers = [
        client.post("/login", data={"login": login, "password": "wrong"}, headers=OWN) for login in ("fenxi", "nobody")
    ]
    bodies = [re.sub(r"nonce-?=?\"?[\w-]+|value=\"(fenxi|nobody)\"", "", answer.text) for answer in answers]
    assert bodies[0] == bodies[1]
    assert answers[0].status_code == answers[1].status_code


def test_an_initial_password_opens_the_password_page_only(tmp_path):
    storage = storage_with(tmp_path, Account("fenxi", "分析岗", "分析员"), is_initial=True)
    with client_of(storage) as client:
        sign_in(client)
        assert client.get("/rates", headers=PAGE).headers["location"] == "/password"
        assert client.get("/media/0123.xlsx").status_code == 401
        with pytest.raises(WebSocketDisconnect), connect(client):
            pass
        form = {"old": PASSWORD, "new": "my-own-word-8", "again": "my-own-word-9"}
        assert "两次输入" in client.post("/password", data=form, headers=OWN).text
        assert client.post("/password", data=form | {"again": form["new"]}, headers=OWN).headers["location"] == "/"
        assert client.get("/rates", headers=PAGE).text == "INSIDE"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        f"https://{EVIL}",
        "/\\evil.example",
        "\\\\evil",
        "javascript:x",
        "",
        "/a\nb",
        "/login",
        "/\x00",
    ],
)
def test_a_login_leads_to_no_other_site(client, path):
    assert safe_path(path) == "/"
    assert sign_in(client, next=path).headers["location"] == "/"


def test_headers_guard_every_answer(client):
    for answer in (
        client.get("/login"),
        client.get("/x", headers=PAGE),
        sign_in(client),
        client.get("/", headers=PAGE),
    ):
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert INLINE_SCRIPTS, "Streamlit's own page has an inline script"


def test_a_host_name_cannot_write_into_the_policy(client):
    answer = client.get("/login2", headers={"host": "a; script-src *", **PAGE})
    assert "script-src *" not in answer.headers["content-security-policy"]


def test_a_large_or_endless_form_is_not_read(client):
    assert client.post("/login", data={"login": "x" * 5000}, headers=OWN).status_code == 403
    assert client.post("/login", content=iter([b"login=a"]), headers=OWN).status_code == 403


# without accounts: the demo


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestClient]:
    with client_of(Storage.at(tmp_path / "demo", tmp_path / "demo" / "config")) as client:
        yield client


def test_the_demo_is_open_on_this_machine(demo):
    assert demo.get("/", headers=PAGE).text == "INSIDE"
    assert demo.get("/login").headers["location"] == "/"
    with connect(demo, host="localhost:8501") as socket:
        socket.send_bytes(b"x")
        assert socket.receive_bytes() == b"x"


@pytest.mark.parametrize(
    "headers",
    [
        *({"host": name} for name in ("evil.example", "10.0.0.5:8501", "127.0.0.1.evil.example")),
        *({name: "10.0.0.9"} for name in ("x-forwarded-for", "forwarded", "x-real-ip")),
    ],
)
def test_the_demo_answers_no_other_machine(demo, headers):
    """Neither through a proxy that somebody put before it, nor through a foreign name that points to this machine."""
    answer = demo.get("/", headers=PAGE | headers)
    assert answer.status_code == 403
    assert "hotline accounts add" in answer.text
    with pytest.raises(WebSocketDisconnect), connect(demo, **headers):
        pass


def test_the_first_account_closes_the_demo_at_once(tmp_path):
    storage = Storage.at(tmp_path / "data", tmp_path / "data" / "config")
    with client_of(storage) as client:
        assert client.get("/", headers=PAGE).text == "INSIDE"
        storage_with(tmp_path, Account("fenxi", "分析岗", "分析员"))
        assert client.get("/", headers=PAGE).status_code == 303


def test_a_broken_site_is_closed_and_says_why(client, storage):
    sign_in(client)
    storage.config.mkdir(exist_ok=True)
    (storage.config / "access.toml").write_text("[login", encoding="utf-8")
    answer = client.get("/", headers=PAGE)
    assert answer.status_code == 503
    assert "access.toml" in answer.text
    with pytest.raises(WebSocketDisconnect), connect(client):
        pass
    assert Logins(storage, RULES).visitor(client.cookies[COOKIE])
