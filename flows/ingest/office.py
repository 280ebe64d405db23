"""Office files before they are opened: is it a workbook, is it whole, is it open to read, is it of a sane size.

The Excel parser allocates the whole rectangle that the cells span and ends the process when memory does not suffice, so
what a workbook claims is checked first.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import olefile

from hotline12345.flows.ingest.decoding import opened
from hotline12345.flows.ingest.errors import IngestError

ALLOWED = "支持的格式：.xlsx、.xlsm、.xls、.csv、.tsv、.txt、.parquet。"
MAX_UNPACKED_BYTES = 1 << 32
MAX_CELLS = 100_000_000  # of the rectangle from A1 to the last cell: some 3 GB
BLOCK_BYTES = 1 << 20
_LONGEST_REFERENCE = 64
_XLS_COLUMNS = 256
_WORKBOOKS = ("Workbook", "Book")
_OTHER_OLE = {"WordDocument": "Word 文档", "PowerPoint Document": "PowerPoint 演示文稿"}
_RECORD = struct.Struct("<HHHH")  # kind, length; of a cell also row and column
_PASSWORD = 0x002F
_SEVERAL_CELLS = 0x00BD
_CELL_RECORDS = frozenset(
    (0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406, _SEVERAL_CELLS)
)  # fmt: skip
_EXCEL_ROWS, _EXCEL_COLUMNS = 1_048_576, 16_384

# Only a sheet with such a reference, or one written in an unusual way, is looked at cell by cell: all others span 999,999
# rows of 78 columns at most. The literal beginning makes this search three times as fast.
_FAR = re.compile(rb' r(?:="(?:[A-Za-z]{3}|[C-Zc-z][A-Za-z]|[A-Za-z]*[0-9]{7})|\s|=[^"])')
_UNUSUAL = (b"\tr", b"\nr", b"\rr")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]*)""")
_OTHER_OFFICE = {
    "word/": "Word 文档",
    "ppt/": "PowerPoint 演示文稿",
    "xl/workbook.bin": ".xlsb 工作簿，请在 Excel 或 WPS 中另存为 .xlsx 后再导入",
    "content.xml": "OpenDocument 文件，请另存为 .xlsx 后再导入",
}


def check_zip(path: Path, name: str) -> None:
    """Refuse a zip file that is no whole workbook of a sane size.

    Raises:
        IngestError: E03 not a workbook, E04 damaged, encrypted or absurdly large.
    """
    try:
        with opened(path, name) as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _require_workbook({member.filename for member in members}, name)
            if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
                raise _too_large(name, "解压后超过 4 GB")
            for member in members:
                if member.filename.endswith(".xml"):
                    _check_member(archive, member, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, ValueError):
        raise _damaged(name) from None
    except RuntimeError:  # zipfile's word for a member that needs a password
        raise _locked(name) from None


def _require_workbook(members: set[str], name: str) -> None:
    if "xl/workbook.xml" in members:
        return
    what = next((zh for part, zh in _OTHER_OFFICE.items() if any(m.startswith(part) for m in members)), "")
    raise IngestError("E03", f"文件“{name}”是{what or '压缩包或其他 Office 文件'}，不是 Excel 表格。{ALLOWED}")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """Read a member to its end, which proves its size and checksum, and look how far the cells of a sheet reach."""
    is_sheet = "sheet" in member.filename.lower()
    if not any([is_sheet and _needs_a_look(part) for part in _parts(archive, member)]):
        return
    rows = columns = 0
    for part in _parts(archive, member):
        for letters, digits in _REFERENCE.findall(part):
            columns, rows = max(columns, _column_number(letters)), max(rows, int(digits[:12] or b"0"))
    if rows > _EXCEL_ROWS or columns > _EXCEL_COLUMNS or rows * columns > MAX_CELLS:
        raise _too_large(name, f"有一张工作表的内容一直到第 {columns} 列、第 {rows} 行")


def _needs_a_look(part: bytes) -> bool:
    return _FAR.search(part) is not None or any(start in part for start in _UNUSUAL)


def _parts(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member, cut so that every reference is whole in one of the parts."""
    tail = b""
    with archive.open(member) as file:
        while block := file.read(BLOCK_BYTES):
            yield tail + block
            tail = block[-_LONGEST_REFERENCE:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number


def check_ole(path: Path, name: str) -> None:
    """Refuse an old Office file that is no whole workbook or needs a password.

    Raises:
        IngestError: E03 not a workbook, E04 damaged or encrypted.
    """
    with opened(path, name) as file:
        content = file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked(name)
    try:
        with olefile.OleFileIO(content) as ole:
            book = next((stream for stream in _WORKBOOKS if ole.exists(stream)), None)
            other = next((zh for stream, zh in _OTHER_OLE.items() if ole.exists(stream)), None)
            ole.loadminifat()
            is_sound = not (_has_cycle(ole.fat) or _has_cycle(ole.minifat) or _has_cycle(_sector_lists(ole, content)))
            records = ole.openstream(book).read() if book and is_sound else b""
    except Exception:  # the container is damaged in one of many ways
        raise _damaged(name) from None
    if other and not book:
        raise IngestError("E03", f"文件“{name}”是{other}，不是 Excel 表格。{ALLOWED}")
    if not records:
        raise _damaged(name)
    _check_records(records, name)


def _has_cycle(following: Sequence[int]) -> bool:
    """Whether a chain of sectors, each naming the next, comes back to itself: the Excel parser would never end."""
    ends = np.append(np.minimum(np.asarray(following, dtype=np.int64), len(following)), len(following))
    for _ in range(len(following).bit_length()):
        ends = ends[ends]  # twice as many steps at once
    return bool((ends != len(following)).any())


def _sector_lists(ole: olefile.OleFileIO, content: bytes) -> list[int]:
    """For each sector, which one continues it if it is a list of sectors (the last number in it)."""
    size = ole.sector_size
    sectors = [content[at : at + size] for at in range(size, len(content), size)]
    found = [len(sectors)] * len(sectors)
    sector = ole.first_difat_sector
    while sector < len(sectors) and found[sector] == len(sectors):
        found[sector] = sector = int.from_bytes(sectors[sector][-4:], "little")
    return found


def _check_records(records: bytes, name: str) -> None:
    """Refuse an .xls workbook that is encrypted or has a cell beyond its 256 columns."""
    at, end = 0, len(records) - 8
    while at <= end:
        kind, length, _, column = _RECORD.unpack_from(records, at)
        if kind in _CELL_RECORDS and column + (length // 6 if kind == _SEVERAL_CELLS else 1) > _XLS_COLUMNS + 1:
            raise _damaged(name)
        if kind == _PASSWORD:
            raise _locked(name)
        at += 4 + length


def _locked(name: str) -> IngestError:
    return IngestError("E04", f"文件“{name}”设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码后另存，再导入。")


def _damaged(name: str) -> IngestError:
    return IngestError("E04", f"文件“{name}”已损坏或没有复制完整，无法打开。请重新导出或重新复制后再导入。")


def _too_large(name: str, why: str) -> IngestError:
    return IngestError(
        "E04", f"文件“{name}”大得不正常（{why}），没有打开。请在 Excel 或 WPS 中删去多余的行和列，另存后再导入。"
    )
