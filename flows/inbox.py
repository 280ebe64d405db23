"""The inbox of the daily flow, apart from Prefect: importing Prefect sets its home for the whole process."""

from pathlib import Path

from hotline12345.sql.storage import Storage


def waiting_files(storage: Storage) -> list[Path]:
    """The files of the inbox in the order of their names."""
    return sorted(path for path in storage.inbox.glob("*") if path.is_file() and not path.name.startswith("."))
