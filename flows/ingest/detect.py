"""What a file really is: its content hash, its format by magic bytes, the encoding of a text file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from hotline12345.flows.ingest.decoding import (
    guess_encoding,
    opened,
    stated_encoding,
    unknown_encoding,
    utf16_without_bom,
)
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.office import ALLOWED, check_ole, check_zip

HEAD_BYTES = 4096
BLOCK_BYTES = 1 << 18
SAMPLE_BYTES = 1 << 22  # of a text file, from its first non-ASCII block on, for guessing the encoding
MAX_CONTROL_SHARE = 0.05  # of the first bytes; a program or a picture has more, a text table a stray one at most

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r"))
_PICTURES = {b"\x89PNG": "PNG 图片", b"\xff\xd8\xff": "JPEG 图片", b"GIF8": "GIF 图片", b"BM": "BMP 图片"}
_OTHERS = {b"%PDF": "PDF 文件", b"Rar!": "RAR 压缩包", b"7z\xbc\xaf": "7z 压缩包", b"\x1f\x8b": "gzip 压缩包"}
_WEB_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<style", b"mime-version:")


@dataclass(frozen=True)
class Source:
    """One file on disk. `format` is xlsx, xls, csv or parquet; `encoding` is a Python codec name, text files only."""

    path: Path
    name: str
    format: str
    encoding: str | None
    content_hash: str


def detect(path: Path, encoding: str | None = None) -> Source:
    """Identify a file by its content.

    Args:
        path: the file.
        encoding: what the user says the text encoding is; otherwise it is found.

    Raises:
        IngestError: E01 not a readable file, E02 empty, E03 not a table format, E04 encrypted or damaged, E05 unknown
            encoding.
    """
    name = mask_text(path.name or path.resolve().name)
    if path.is_dir():
        raise IngestError("E01", f"“{name}”是一个文件夹，不是文件。请指定其中的表格文件，例如 {name}/工单.xlsx。")
    if not path.is_file():
        raise IngestError("E01", f"找不到文件“{name}”。请检查文件名和所在文件夹。")
    head, sample, content_hash = _look(path, name)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise IngestError("E02", f"文件“{name}”是空的，没有任何内容。请重新导出后再导入。")
    file_format = _format_of(path, name, head)
    if file_format != "csv":
        return Source(path, name, file_format, None, content_hash)
    codec = guess_encoding(head, sample) if encoding is None else stated_encoding(name, encoding)
    if codec is None:
        raise unknown_encoding(name)
    return Source(path, name, file_format, codec, content_hash)


def _look(path: Path, name: str) -> tuple[bytes, bytes, str]:
    """The first bytes, a sample from the first non-ASCII block on, and the SHA-256 of the whole file, in one pass."""
    digest, head, sample = hashlib.sha256(), b"", bytearray()
    with opened(path, name) as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            head = head or block[:HEAD_BYTES]
            if len(sample) < SAMPLE_BYTES and (sample or not block.isascii()):
                sample += block
    return head, bytes(sample), digest.hexdigest()


def _format_of(path: Path, name: str, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        check_zip(path, name)
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        check_ole(path, name)
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, what in (_PICTURES | _OTHERS).items():
        if head.startswith(magic):
            raise IngestError(
                "E03", f"文件“{name}”的内容是 {what}，不是表格，改扩展名没有用。请选择热线系统导出的表格；{ALLOWED}"
            )
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGES):
        raise IngestError(
            "E03",
            f"文件“{name}”的内容是网页表格，不是真正的 Excel 文件。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。",
        )
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > len(head) * MAX_CONTROL_SHARE and not _is_utf16(head):
        raise IngestError("E03", f"文件“{name}”不是能识别的表格。{ALLOWED}")
    return "csv"


def _is_utf16(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_bom(head) is not None
