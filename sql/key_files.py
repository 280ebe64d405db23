"""Keys of the site in its config folder: made once from random bytes, readable by their owner only, never in a database."""

import os
import secrets
from pathlib import Path

from hotline12345.sql.files import sync

KEY_BYTES = 32


class KeyFileError(Exception):
    """A key file holds no key; the Chinese message says what to do."""


def make_key(path: Path) -> None:
    """Write a new key aside, then give it its name: a killed run leaves no empty key behind."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(".partial")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES))
    sync(aside)
    aside.rename(path)


def read_key(path: Path) -> bytes | None:
    """The key in a file; None when the file holds none. A file restored from a backup gets its owner's rights again."""
    path.chmod(0o600)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None
