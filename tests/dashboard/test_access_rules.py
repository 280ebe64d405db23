"""access.toml: the shipped roles, what is wrong in it said in Chinese, and what a viewer of each role may."""

import tomllib

import pytest

from hotline12345.dashboard.access import (
    DEMO,
    EXAMPLE,
    PAGES,
    AccessError,
    NoAccessError,
    Viewer,
    access_of,
    read_access,
)
from hotline12345.sql.row_access import NO_ROWS, RowAccess
from hotline12345.sql.storage import Storage

SAID = EXAMPLE.read_text(encoding="utf-8")


def changed(old: str, new: str):
    assert old in SAID
    return access_of(tomllib.loads(SAID.replace(old, new, 1)))


def test_a_viewer_of_which_nothing_is_said_sees_nothing():
    nobody = Viewer("谁", "谁")
    assert nobody.rows == nobody.orders == NO_ROWS
    assert not nobody.pages | nobody.may


@pytest.mark.parametrize(
    ("role", "units", "rows", "opens"),
    [
        ("分析员", (), RowAccess(None, "undertaker", "shown", False), True),
        ("承办单位", ("U2", "U1"), RowAccess(("U1", "U2"), "undertaker", "anonymous", False), True),
        ("行业部门", ("B1",), RowAccess(("B1",), "trade", "anonymous", False), True),
        ("区领导", (), RowAccess(None, "undertaker", "shown", False), False),
        ("专题会", (), RowAccess(None, "undertaker", "shown", False), False),
        ("管理员", (), RowAccess(None, "undertaker", "shown", False), False),
        ("举报专办", (), RowAccess(None, "undertaker", "shown", True), True),
    ],
)
def test_what_the_shipped_roles_may_see(role, units, rows, opens):
    viewer = DEMO.viewer(role, "somebody", units)
    assert (viewer.rows, viewer.opens_orders) == (rows, opens)
    assert viewer.orders == (rows if opens else NO_ROWS)
    assert viewer.pages <= set(PAGES)


def test_units_of_a_role_without_units_change_nothing():
    assert DEMO.viewer("区领导", "x", ("U1",)).units is None


def test_only_the_named_role_knows_restricted_texts():
    assert [name for name, role in DEMO.roles.items() if role.need_to_know] == ["举报专办"]


def test_no_role_of_a_unit_decides_imports_or_administers():
    for role in ("承办单位", "行业部门"):
        viewer = DEMO.viewer(role, "x", ("U1",))
        for permission in ("decide", "import", "administer", "review", "edit_issues"):
            with pytest.raises(NoAccessError, match="没有"):
                viewer.needs(permission)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('others = "anonymous"', 'others = "some"', "ranking.others"),
        ("idle_hours = 8 ", 'idle_hours = "8" ', "login.idle_hours"),
        ("locked_minutes = 15", "locked_minutes = 0", "login.locked_minutes"),
        ('orders = "own"', 'orders = "mine"', "承办单位.orders"),
        ("need_to_know = false", "need_to_know = 0", "need_to_know"),
        ('pages = ["issues", "topics", "rules"]', 'pages = ["issue"]', "专题会.pages"),
        ('pages = ["issues", "topics", "rules"]', "pages = []", "专题会.pages"),
        ('may = ["appeals", "targets", "export"]', 'may = ["everything"]', "承办单位.may"),
        ("[ranking]", "[rankings]", "rankings"),
    ],
)
def test_mistakes_are_named(old, new, said):
    with pytest.raises(AccessError, match=said.replace(".", r"\.")):
        changed(old, new)


def test_an_unknown_role_and_a_unit_s_account_without_unit_see_nothing():
    for role, said in (("访客", "访客"), ("承办单位", "没有登记单位")):
        with pytest.raises(NoAccessError, match=said):
            DEMO.viewer(role, "x")


def test_the_site_s_own_file_counts_and_a_broken_one_opens_nothing(tmp_path):
    storage = Storage(tmp_path, tmp_path / "config")
    assert read_access(storage).others == "anonymous"
    storage.config.mkdir()
    (storage.config / "access.toml").write_text(
        SAID.replace('others = "anonymous"', 'others = "all"'), encoding="utf-8"
    )
    assert read_access(storage).others == "shown"
    (storage.config / "access.toml").write_text("[", encoding="utf-8")
    with pytest.raises(AccessError, match=r"access\.toml"):
        read_access(storage)
