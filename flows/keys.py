"""The site's HMAC key for caller keys: made once, 0600, in the config folder, never in a database or a snapshot."""

import os
import secrets

from hotline12345.sql.storage import Storage


def load_key(storage: Storage) -> bytes:
    """The site's key; made on first use. Losing it makes earlier caller keys incomparable with later ones."""
    path = storage.key_file
    if not path.exists():
        storage.make()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
