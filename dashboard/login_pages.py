"""The pages outside the app, made by the server: they work without JavaScript and in browsers that cannot show the app."""

import secrets
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

FLOOR = "需要 Chromium 内核 110（2023 年 2 月）或更新的浏览器。"
_PAGE = Template(Path(__file__).with_name("login_page.html").read_text(encoding="utf-8"))
_POLICY = (
    "default-src 'none'; style-src 'nonce-{0}'; script-src 'nonce-{0}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def login_page(next_path: str, error: str = "", login: str = "", status: int = 200) -> HTMLResponse:
    """The form for login and password; `next_path` is opened after it."""
    return _page(
        "登录",
        f'{_error(error)}<form method="post" action="/login">'
        f'<input type="hidden" name="next" value="{escape(next_path)}">'
        f'<label>登录名<input name="login" autocomplete="username" required maxlength="100" value="{escape(login)}"></label>'
        '<label>密码<input name="password" type="password" autocomplete="current-password" required maxlength="200"></label>'
        "<button>登录</button></form>"
        '<p class="note">账号和初始密码由本单位管理员发给；忘记密码请管理员重置。打开工单和下载会留下审计记录。</p>',
        status,
    )


def password_page(is_initial: bool, error: str = "", status: int = 200) -> HTMLResponse:
    """The form for a new password; an initial one has to be changed before anything else opens."""
    first = "<p>这是初始密码，请先改成自己的密码。</p>" if is_initial else ""
    return _page(
        "修改密码",
        f'{_error(error)}{first}<form method="post" action="/password">'
        '<label>原密码<input name="old" type="password" autocomplete="current-password" required maxlength="200"></label>'
        '<label>新密码<input name="new" type="password" autocomplete="new-password" required maxlength="200"></label>'
        '<label>再输一次新密码<input name="again" type="password" autocomplete="new-password" required maxlength="200"></label>'
        "<button>保存</button></form>"
        '<p class="note">至少 10 个字符，含字母、数字、符号中的至少两种，不含登录名。</p>'
        f"{'' if is_initial else _link('/', '不修改，返回')}{_link('/logout', '退出登录')}",
        status,
    )


def logout_page(shown_name: str) -> HTMLResponse:
    """The question before logging out: a link on a foreign page must not end a login."""
    return _page(
        "退出登录",
        f"<p>当前登录：{escape(shown_name)}</p>"
        '<form method="post" action="/logout"><button>退出登录</button></form>'
        f"{_link('/password', '修改密码')}{_link('/', '返回')}",
    )


def message_page(title: str, text: str, status: int) -> HTMLResponse:
    """A page that says why there is no other one."""
    return _page(title, f'<p class="error">{escape(text)}</p>{_link("/login", "重新登录")}', status)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    page = _PAGE.substitute(title=escape(title), body=body, floor=FLOOR, nonce=nonce)
    return HTMLResponse(page, status, {"Content-Security-Policy": _POLICY.format(nonce)})


def _error(text: str) -> str:
    return f'<p class="error" role="alert">{escape(text)}</p>' if text else ""


def _link(path: str, text: str) -> str:
    return f'<p><a href="{path}">{text}</a></p>'
