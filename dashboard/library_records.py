"""Saved searches of the page 民生诉求库: each viewer's own, by its login name. Nothing is cached."""

from collections.abc import Mapping

from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.written_texts import has_personal_number
from hotline12345.sql.records import saved_searches
from hotline12345.sql.records.saved_searches import SavedSearch
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage

LONGEST = 40  # characters of a name


class SearchNotKeptError(Exception):
    """A search cannot be kept; the message is Chinese and says what to do."""


def mine(viewer: Viewer) -> list[SavedSearch]:
    """The viewer's searches, the newest first."""
    with opened_records(Storage.at()) as records:
        return saved_searches.saved_searches(records, viewer.who)


def keep(viewer: Viewer, name: str, asked: str, narrowed: Mapping[str, str]) -> int:
    """Keep a search under a name; its number. SearchNotKeptError for no name, a long one, or a personal number."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise SearchNotKeptError(f"请写一个名称，不超过 {LONGEST} 个字。")
    if has_personal_number(f"{name} {asked}"):
        raise SearchNotKeptError("名称或检索词里有手机号或身份证号，不能保存。请去掉号码后再保存；不保存也可以检索。")
    with opened_records(Storage.at()) as records:
        return saved_searches.save_search(records, viewer.who, name, asked, narrowed)


def forget(viewer: Viewer, event_id: int) -> bool:
    """Take away one of the viewer's searches; False when it has none under this number."""
    with opened_records(Storage.at()) as records:
        return saved_searches.withdraw_search(records, viewer.who, event_id)
