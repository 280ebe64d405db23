"""The viewer behind a browser's cookie, asked anew at each rerun: an account that is switched off sees nothing more."""

from collections.abc import Mapping

from hotline12345.dashboard.access import AccessRules, Viewer
from hotline12345.dashboard.signing_in import COOKIE, Logins
from hotline12345.sql.storage import Storage


def viewer_of(rules: AccessRules, cookies: Mapping[str, str]) -> Viewer | None:
    """The viewer of the login in the cookies; None when there is none, it ended, or its password is an initial one.

    NoAccessError when the account's role is gone from access.toml or it has no unit; RecordsError.
    """
    visitor = Logins(Storage.at(), rules.login).visitor(cookies.get(COOKIE), is_used=True)
    if visitor is None or visitor.must_change:
        return None
    account = visitor.account
    return rules.viewer(account.role, account.login, account.unit_ids)
