"""Whatever bytes come in: either a clear refusal, or every row is accounted for. Never a fault, a hang or a lost row."""

import faulthandler
import io
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mangled_files import mangled, mangled_members, small_table, written

from hotline12345.flows.ingest.decoding import DECODE_ERRORS
from hotline12345.flows.ingest.detect import detect
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.mapping import FileMapping
from hotline12345.flows.ingest.prepare import prepare
from hotline12345.flows.ingest.read import ROW, read_table
from hotline12345.flows.ingest.rows import broken_rows, data_rows

LONGEST_SECONDS = 20
MOST_MEMORY_KB = 6_000_000
PREPARED = 40  # every so many inputs go the whole way, the others through the reader only

Input = tuple[bytes, int | None]  # the file, and how many rows it has where that is certain


def random_bytes(dice: random.Random) -> Input:
    magic = dice.choice(
        (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1", b"\xff\xfe", b"\xef\xbb\xbf", b"\xfe\xff")
    )
    return magic + dice.randbytes(int(2 ** dice.uniform(0, 12))), None


def damaged_text(dice: random.Random) -> Input:
    return mangled(written(small_table(dice), "csv", dice), dice), None


def damaged_xlsx(dice: random.Random) -> Input:
    return mangled(written(small_table(dice), "xlsx", dice), dice), None


def damaged_members(dice: random.Random) -> Input:
    return mangled_members(written(small_table(dice), "xlsx", dice), dice), None


def damaged_xls(dice: random.Random) -> Input:
    return mangled(written(small_table(dice), "xls", dice), dice), None


def damaged_parquet(dice: random.Random) -> Input:
    return mangled(written(small_table(dice), "parquet", dice), dice), None


def odd_table(dice: random.Random) -> Input:
    table, form = small_table(dice), dice.choice(("csv", "csv", "xlsx", "xls"))
    return written(table, form, dice), len(table)


KINDS = (random_bytes, damaged_text, damaged_xlsx, damaged_members, damaged_xls, damaged_parquet, odd_table)


def read_rows(path: Path) -> int:
    """Rows that the reader gives; each is a title, no data, broken or an order."""
    table = read_table(detect(path), FileMapping())
    rows = 0
    for chunk in table.chunks():
        assert chunk[ROW].to_list() == list(range(rows + 1, rows + 1 + chunk.height))
        data = data_rows(chunk, table, 0)
        broken = broken_rows(data)
        assert data.height <= chunk.height
        assert broken[ROW].is_in(data[ROW].implode()).all()
        assert broken[ROW].is_unique().all()
        rows += chunk.height
    return rows


def prepared_rows(path: Path) -> int:
    rows = prepare(path, b"key").rows
    assert rows.rows_read == rows.orders.height + rows.rows_quarantined + rows.rows_not_data
    return rows.rows_read


def lines_of(path: Path, data: bytes) -> int | None:
    """Lines of a text file, which are its rows when it has no quotes."""
    source = detect(path)
    text = data.decode(source.encoding, DECODE_ERRORS) if source.encoding else '"'
    return None if '"' in text else len(list(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def fault_of(path: Path, data: bytes, expected: int | None, read: Callable[[Path], int]) -> str:
    """What goes wrong with a file; empty when nothing does."""
    path.write_bytes(data)
    began = time.monotonic()
    try:
        rows = read(path)
        wanted = lines_of(path, data) if expected is None else expected
        if wanted is not None and rows != wanted:
            return f"{rows} rows instead of {wanted}"
    except IngestError as error:
        if error.code == "E99" or "\n  File" in error.message:
            return error.message
    except BaseException as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    seconds = time.monotonic() - began
    return f"{seconds:.0f} s" if seconds > LONGEST_SECONDS else ""


@pytest.fixture
def watchdog() -> Iterator[None]:
    """Ends the run when one input hangs."""
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.parametrize(
    ("first", "inputs"), [(0, 80), pytest.param(80, 28_520, marks=pytest.mark.slow)], ids=["some", "many"]
)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.usefixtures("watchdog")
def test_no_input_brings_the_reader_down(kind, first: int, inputs: int, tmp_path: Path) -> None:
    faults = []
    for seed in range(first, first + inputs):
        faulthandler.dump_traceback_later(10 * LONGEST_SECONDS, exit=True)
        dice = random.Random(f"{kind.__name__} {seed}")
        data, expected = kind(dice)
        read = read_rows if seed % PREPARED else prepared_rows
        if fault := fault_of(tmp_path / "f.bin", data, expected, read):
            faults.append((seed, fault))
    assert faults == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY_KB
