"""What a file really is: its content hash, its format by magic bytes, the encoding of a text file."""

import codecs
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text

BLOCK_BYTES = 1 << 18
UNDECODED = "\ufdd0"  # a noncharacter: stands for bytes that the encoding does not know
DECODE_ERRORS = "hotline12345.undecoded"
MAX_BAD_SHARE = (
    0.05  # of the non-ASCII characters; text in another encoding lies far above, cells cut inside a character far below
)
MAX_NUL_SHARE = 0.1  # of the first bytes; a program or a picture has more, a text table a stray one at most

_PICTURES = {b"\x89PNG": "PNG 图片", b"\xff\xd8\xff": "JPEG 图片", b"GIF8": "GIF 图片", b"BM": "BMP 图片"}
_OTHERS = {b"%PDF": "PDF 文件", b"Rar!": "RAR 压缩包", b"7z\xbc\xaf": "7z 压缩包", b"\x1f\x8b": "gzip 压缩包"}
_WEB_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ALLOWED = "支持的格式：.xlsx、.xlsm、.xls、.csv、.tsv、.parquet。"


def _mark_undecoded(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODED, error.end


codecs.register_error(DECODE_ERRORS, _mark_undecoded)


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
        IngestError: E01 not a readable file, E02 empty, E03 not a table format, E04 encrypted, E05 unknown encoding.
    """
    name = mask_text(path.name)
    if path.is_dir():
        raise IngestError("E01", f"“{name}”是一个文件夹，不是文件。请指定其中的表格文件，例如 {name}/工单.xlsx。")
    if not path.is_file():
        raise IngestError("E01", f"找不到文件“{name}”。请检查文件名和所在文件夹。")
    try:
        return _identify(path, name, encoding)
    except OSError as error:
        reason = "没有读取权限" if isinstance(error, PermissionError) else "磁盘或网络位置读取出错"
        raise IngestError("E01", f"无法读取文件“{name}”：{reason}。请把文件复制到本机后再试。") from None


def _identify(path: Path, name: str, encoding: str | None) -> Source:
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise IngestError("E02", f"文件“{name}”是空的，没有任何内容。请重新导出后再导入。")
    file_format = _format_of(path, name, head)
    if file_format == "csv":
        encoding = _encoding_of(path, name, head, encoding)
    return Source(path, name, file_format, encoding if file_format == "csv" else None, digest.hexdigest())


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def _format_of(path: Path, name: str, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _zip_format(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if any("EncryptedPackage".encode("utf-16-le") in block for block in _blocks(path)):
            raise IngestError(
                "E04", f"文件“{name}”设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码后另存，再导入。"
            )
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, what in (_PICTURES | _OTHERS).items():
        if head.startswith(magic):
            raise IngestError("E03", f"文件“{name}”的内容是{what}，不是表格（扩展名不能说明内容）。{_ALLOWED}")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGES):
        raise IngestError(
            "E03",
            f"文件“{name}”的内容是网页表格，不是真正的 Excel 文件。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。",
        )
    if head.count(0) > len(head) * MAX_NUL_SHARE and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise IngestError("E03", f"文件“{name}”不是能识别的表格。{_ALLOWED}")
    return "csv"


def _zip_format(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except zipfile.BadZipFile:
        raise IngestError(
            "E04", f"文件“{name}”已损坏或没有复制完整，无法打开。请重新导出或重新复制后再导入。"
        ) from None
    if "xl/workbook.xml" not in members:
        raise IngestError("E03", f"文件“{name}”是压缩包或其他 Office 文件，不是 Excel 表格。{_ALLOWED}")
    return "xlsx"


def _encoding_of(path: Path, name: str, head: bytes, stated: str | None) -> str:
    if stated is not None:
        return _checked_encoding(name, stated)
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _bad_share(path, encoding) <= MAX_BAD_SHARE:
            return encoding
    raise IngestError(
        "E05",
        f"无法识别文件“{name}”的文字编码（既不是 UTF-8，也不是 GB18030）。"
        "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入；或在映射文件的 [file] 中写明 encoding。",
    )


def _checked_encoding(name: str, stated: str) -> str:
    try:
        codec = codecs.lookup(stated).name
    except LookupError:
        raise IngestError(
            "E05", f"映射文件为“{name}”写明的编码无效。可用：utf-8、utf-8-sig、gb18030、utf-16。"
        ) from None
    return "gb18030" if codec in {"gbk", "gb2312"} else codec  # GB18030 contains both


def _bad_share(path: Path, encoding: str) -> float:
    """Share of undecodable places among the non-ASCII characters of a file."""
    decoder = codecs.getincrementaldecoder(encoding)(DECODE_ERRORS)
    bad = foreign = 0
    for block in _blocks(path):
        text = decoder.decode(block)
        bad += text.count(UNDECODED)
        foreign += len(text) - len(text.encode("ascii", "ignore"))
        if bad > 1000 and bad > foreign * MAX_BAD_SHARE:
            break
    bad += decoder.decode(b"", final=True).count(UNDECODED)
    return bad / max(foreign, 1)
