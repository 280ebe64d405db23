"""The site's HMAC key for caller keys: made once, 0600, in the config folder, never in a database or a snapshot.

A site has one key at a time: that is its epoch. A new key (the old one leaked or is lost) begins a new epoch. Caller keys of
two epochs are never equal, so a person who called in both counts twice in figures over both; docs/privacy.md says what to do.
"""

import os
import secrets

from hotline12345.sql.files import sync
from hotline12345.sql.storage import Storage

KEY_BYTES = 32


class KeyFileError(Exception):
    """The key file holds no key; the Chinese message says what to do."""


def load_key(storage: Storage) -> bytes:
    """The site's key; made on first use or in place of a deleted one, which begins a new epoch.

    KeyFileError when the file is empty or damaged: a weak key would let anyone compute callers from their keys.
    """
    path = storage.key_file
    if not path.exists():
        _make(storage)
    path.chmod(0o600)  # a file restored from a backup comes with other rights
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"密钥文件 {path.name} 已损坏，没有导入。请从备份恢复；没有备份就删除它，下次运行会生成新密钥，"
            "但新旧数据中的同一诉求人将无法对应。"
        )
    return key


def _make(storage: Storage) -> None:
    """Write a new key aside, then give it its name: a killed run leaves no empty key behind."""
    storage.make()
    aside = storage.key_file.with_suffix(".partial")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES))
    sync(aside)
    aside.rename(storage.key_file)
