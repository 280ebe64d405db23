"""Sites with accounts for tests: cheap hashes are not possible, so each test makes as few as it can."""

from functools import cache
from pathlib import Path

from hotline12345.dashboard.access import LoginRules
from hotline12345.sql.records.accounts import Account, note_account, set_password
from hotline12345.sql.records.passwords import hash_password
from hotline12345.sql.records.store import opened_records, writing
from hotline12345.sql.storage import Storage

PASSWORD = "invented-word-42"
RULES = LoginRules(wrong_passwords=3, locked_minutes=15, idle_hours=8, longest_hours=12)


@cache
def password_hash() -> str:
    """The hash of PASSWORD."""
    return hash_password(PASSWORD)


def add_account(storage: Storage, account: Account, *, is_initial: bool = False) -> None:
    """An account whose password is PASSWORD."""
    with opened_records(storage) as records, writing(records):
        note_account(records, "管理", "add", account)
        set_password(records, "管理", account, password_hash(), is_initial=is_initial)


def storage_with(folder: Path, *accounts: Account, is_initial: bool = False) -> Storage:
    """A site below a folder with these accounts and nothing else."""
    storage = Storage.at(folder / "data", folder / "data" / "config")
    for account in accounts:
        add_account(storage, account, is_initial=is_initial)
    return storage
