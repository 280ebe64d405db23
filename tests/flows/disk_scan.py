"""Look for planted values in every byte under a folder: raw in several encodings, decompressed, and cell by cell."""

import bz2
import gzip
import io
import lzma
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "unicode_escape")  # the last as JSON writes it
_UNPACKERS: tuple[Callable[[bytes], bytes], ...] = (
    gzip.decompress,
    zlib.decompress,
    bz2.decompress,
    lzma.decompress,
    lambda packed: pa.CompressedInputStream(io.BytesIO(packed), "zstd").read(),
)


def found_under(folder: Path, planted: Iterable[str], but: Iterable[Path] = ()) -> list[tuple[str, str]]:
    """Which planted value is in which file's name or content, as (path below the folder, value).

    Args:
        folder: scanned with everything below it, temporary and hidden files included.
        planted: values that must not be there.
        but: folders that may hold them.
    """
    needles = {value: {value.encode(encoding) for encoding in ENCODINGS} for value in planted}
    found = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if any(path.is_relative_to(allowed) for allowed in but):
            continue
        found += [(name, value) for value in needles if value in name]
        if path.is_file():
            contents = list(_contents(path))
            found += [
                (name, value)
                for value, forms in needles.items()
                if any(form in content for form in forms for content in contents)
            ]
    return found


def _contents(path: Path) -> Iterator[bytes]:
    """A file's bytes as they are, and what is in them once unpacked or read as a table."""
    raw = path.read_bytes()
    yield raw
    yield from _unpacked(raw)
    if raw.startswith(b"PAR1"):
        yield pl.read_parquet(path).write_csv().encode()
    elif raw.startswith(b"SQLite format 3"):
        yield from _sqlite(path)
    elif raw[8:12] == b"DUCK":
        yield from _duckdb(path)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    for unpack in _UNPACKERS:
        try:
            yield unpack(raw)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
            continue


def _sqlite(path: Path) -> Iterator[bytes]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        yield "\n".join(connection.iterdump()).encode()
    finally:
        connection.close()


def _duckdb(path: Path) -> Iterator[bytes]:
    """Every cell of every table: compression in the file must not hide anything; a log beside it is replayed."""
    connection = duckdb.connect(str(path), read_only=True)
    try:
        names = connection.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
        for (name,) in names:
            yield str(connection.execute(f"select * from {name}").fetchall()).encode()
    finally:
        connection.close()
