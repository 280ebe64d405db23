"""Who looks and what it may see and do: a Viewer, made from its role in access.toml and its units."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from hotline12345.sql.row_access import NO_ROWS, RowAccess
from hotline12345.sql.storage import Storage

EXAMPLE = Path(__file__).with_name("access.toml")
PAGES = {
    **{"overview": "总览", "mine": "我的街镇", "rates": "三率", "unit": "单位", "orders": "明细", "targets": "目标"},
    **{"reconcile": "对账", "rules": "口径", "topics": "诉求分类", "communities": "村社区", "library": "民生诉求库"},
    **{"review": "分类复核", "model": "模型", "issues": "每月一题", "health": "数据健康", "imports": "数据导入"},
    "admin": "系统状态",
}
Permission = Literal["import", "review", "edit_issues", "decide", "targets", "appeals", "export", "administer"]
PERMISSIONS = {
    **{
        "import": "导入文件",
        "review": "复核分类",
        "edit_issues": "修改问题",
        "decide": "记录决定",
        "targets": "填写目标",
    },
    **{"appeals": "登记剔挂申诉", "export": "下载", "administer": "管理系统"},
}
OTHERS: Mapping[str, Literal["shown", "anonymous", "hidden"]] = {
    "all": "shown",
    "anonymous": "anonymous",
    "leaders": "hidden",
}
Orders = Literal["all", "own", "trade", "none"]


class NoAccessError(Exception):
    """Somebody asked for what its role may not see or do; the message is Chinese."""


class AccessError(Exception):
    """access.toml cannot be used; the message is Chinese, says where, and what is allowed."""


@dataclass(frozen=True)
class Viewer:
    """Somebody at a page; without anything given it sees nothing.

    Attributes:
        role: its name in access.toml.
        who: what stands beside what it does: the login name.
        rows: which rows its figures may be made of.
        opens_orders: whether it may open single orders of these rows.
        pages: which pages it has.
        may: what it does besides looking.
    """

    role: str
    who: str
    rows: RowAccess = NO_ROWS
    opens_orders: bool = False
    pages: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()

    @property
    def units(self) -> tuple[str, ...] | None:
        """The ids of its units; None for every unit."""
        return self.rows.units

    @property
    def orders(self) -> RowAccess:
        """Which single orders it may open."""
        return self.rows if self.opens_orders else NO_ROWS

    def can(self, permission: Permission) -> bool:
        """Whether its role may do this."""
        return permission in self.may

    def needs(self, permission: Permission) -> None:
        """Raise NoAccessError unless its role may do this."""
        if not self.can(permission):
            raise NoAccessError(f"“{self.role}”没有“{PERMISSIONS[permission]}”的权限。需要时请联系管理员。")


@dataclass(frozen=True)
class LoginRules:
    """How logins are guarded: wrong passwords in a row, minutes locked then, hours a login lasts idle and at most."""

    wrong_passwords: int
    locked_minutes: int
    idle_hours: int
    longest_hours: int


@dataclass(frozen=True)
class Role:
    """What one role may see and do, as access.toml says."""

    orders: Orders
    need_to_know: bool
    pages: frozenset[str]
    may: frozenset[str]

    @property
    def has_units(self) -> bool:
        """Whether an account of this role belongs to units."""
        return self.orders in ("own", "trade")


@dataclass(frozen=True)
class AccessRules:
    """The site's access.toml."""

    others: Literal["shown", "anonymous", "hidden"]
    login: LoginRules
    roles: Mapping[str, Role]

    def viewer(self, role: str, who: str, units: Sequence[str] = ()) -> Viewer:
        """The viewer of a role; NoAccessError for one that access.toml does not know, or without the units it needs."""
        if role not in self.roles:
            raise NoAccessError(f"没有“{role}”这个角色。请管理员检查账号和 access.toml。")
        said = self.roles[role]
        if said.has_units and not units:
            raise NoAccessError(f"“{role}”的账号没有登记单位，看不到数据。请联系管理员。")
        rows = RowAccess(
            units=tuple(sorted(units)) if said.has_units else None,
            by="trade" if said.orders == "trade" else "undertaker",
            others=self.others if said.has_units else "shown",
            need_to_know=said.need_to_know,
        )
        return Viewer(role, who, rows, said.orders != "none", said.pages, said.may)


def read_access(storage: Storage) -> AccessRules:
    """The site's access.toml, or the shipped one where the site has none; AccessError says what is wrong in it."""
    path = storage.config / EXAMPLE.name
    path = path if path.exists() else EXAMPLE
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AccessError(f"无法读取 {path}：{error}。请改正后再试，或删除它以使用自带的示例。") from None
    return access_of(said)


def access_of(said: Mapping[str, Any]) -> AccessRules:
    """What a parsed access.toml says; AccessError."""
    _known("", said, {"ranking", "login", "roles"})
    others = _table("ranking", said).get("others")
    if not isinstance(others, str) or others not in OTHERS:
        raise AccessError(f"access.toml 的 ranking.others 不能是 {others!r}。可写：{'、'.join(OTHERS)}。")
    roles = _table("roles", said)
    if not roles:
        raise AccessError('access.toml 没有任何角色。请按自带的示例至少写一个 [roles."…"]。')
    return AccessRules(OTHERS[others], _login(_table("login", said)), {name: _role(name, roles) for name in roles})


def _login(said: Mapping[str, Any]) -> LoginRules:
    names = set(LoginRules.__annotations__)
    _known("login", said, names)
    for name in sorted(names):
        if type(said.get(name)) is not int or not 1 <= said[name] <= 1000:
            raise AccessError(f"access.toml 的 login.{name} 须是 1 到 1000 的整数。")
    return LoginRules(**said)


def _role(name: str, roles: Mapping[str, Any]) -> Role:
    said, where = _table(name, roles), f"roles.{name}"
    _known(where, said, {"orders", "need_to_know", "pages", "may"})
    if said.get("orders") not in get_args(Orders):
        raise AccessError(f"access.toml 的 {where}.orders 只能是：{'、'.join(get_args(Orders))}。")
    if type(said.get("need_to_know")) is not bool:
        raise AccessError(f"access.toml 的 {where}.need_to_know 只能是 true 或 false。")
    for key, allowed in (("pages", PAGES), ("may", PERMISSIONS)):
        listed = said.get(key)
        if not isinstance(listed, list) or not all(isinstance(one, str) and one in allowed for one in listed):
            raise AccessError(f"access.toml 的 {where}.{key} 须是列表，只能写：{'、'.join(allowed)}。")
    if not said["pages"]:
        raise AccessError(f"access.toml 的 {where}.pages 是空的，这个角色打不开任何页面。请至少写一个。")
    return Role(cast(Orders, said["orders"]), said["need_to_know"], frozenset(said["pages"]), frozenset(said["may"]))


def _table(name: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    found = said.get(name)
    if not isinstance(found, dict):
        raise AccessError(f"access.toml 缺少 [{name}] 一节。请参照自带的示例补上。")
    return found


def _known(where: str, said: Mapping[str, Any], names: set[str]) -> None:
    if unknown := sorted(set(said) - names):
        prefix = f"{where}." if where else ""
        raise AccessError(f"access.toml 不认识 {prefix}{unknown[0]}。可写：{'、'.join(sorted(names))}。")


DEMO = access_of(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")))
ANALYST = DEMO.viewer("分析员", "分析员")
