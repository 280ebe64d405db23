"""The encoding of a text file: guessed from its first non-ASCII megabytes, verified while the file is decoded."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline12345.flows.ingest.errors import IngestError

BLOCK_BYTES = 1 << 22  # larger ones are slower: their memory is fetched anew for each
UNDECODED = "\ufdd0"  # a noncharacter: stands for bytes that the encoding does not know
DECODE_ERRORS = "hotline12345.undecoded"
MAX_BAD_SHARE = 0.05  # of the foreign characters; text in another encoding lies far above, cut cells far below
_FIRST_PART = 1 << 18
_FEW_BAD = 1000  # so many undecodable places may stand at the beginning of a file that is good as a whole
_MIN_ASCII = 0.03  # of the characters of a table: its separators, digits and line ends
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_STATED = {"gbk": "gb18030", "gb2312": "gb18030"}  # GB18030 contains both
_ALLOWED = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")
_SAVE_AGAIN = (
    "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入；或在映射文件的 [file] 中写明 encoding（"
    + "、".join(_ALLOWED)
    + "）。"
)


def _mark_undecoded(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODED, error.end


codecs.register_error(DECODE_ERRORS, _mark_undecoded)


def stated_encoding(name: str, stated: str) -> str:
    """The Python codec for what the user says.

    Raises:
        IngestError: E05 when it is none of those that exports come in.
    """
    try:
        codec = codecs.lookup(stated).name
    except (LookupError, ValueError):
        codec = ""
    codec = _STATED.get(codec, codec)
    if codec not in _ALLOWED:
        raise IngestError("E05", f"为“{name}”写明的编码无效。可用：{'、'.join(_ALLOWED)}。")
    return codec


def utf16_without_bom(head: bytes) -> str | None:
    """The byte order of UTF-16 text that has no mark; None when the bytes are something else.

    A table has separators, digits and line ends, whose other byte is zero; no other text has such bytes, and no
    program or picture decodes without a fault.
    """
    if 0 not in head:
        return None
    shares = {encoding: _ascii_share(head, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    likely = max(shares, key=lambda encoding: shares[encoding])
    return likely if shares[likely] >= _MIN_ASCII else None


def _ascii_share(head: bytes, encoding: str) -> float:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return 0.0
    has_controls = any(c < " " and c not in "\t\r\n" for c in text)
    if has_controls or not any(c in ",;|\t\r\n" for c in text):
        return 0.0
    return sum(c < "\x80" for c in text) / len(text)


def guess_encoding(head: bytes, sample: bytes) -> str | None:
    """The Python codec of a text file; None when no known one decodes it.

    Args:
        head: the first bytes of the file.
        sample: megabytes from the first non-ASCII block on; empty when the whole file is ASCII.
    """
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return encoding
    if unmarked := utf16_without_bom(head):
        return unmarked
    for encoding in ("utf-8", "gb18030"):
        # The first part nearly always decides, and decoding megabytes of the wrong encoding is slow.
        if all(_is_mostly(encoding, part) for part in (sample[:_FIRST_PART], sample)):
            return encoding
    return None


def _is_mostly(encoding: str, part: bytes) -> bool:
    text = codecs.getincrementaldecoder(encoding)(DECODE_ERRORS).decode(part)
    return _bad_share(text.count(UNDECODED), len(part) - len(text)) <= MAX_BAD_SHARE


def _bad_share(bad: int, more_bytes: int) -> float:
    """Undecodable places among the foreign characters, whose number is known by the bytes they take above one."""
    return bad / max(bad + more_bytes, 1)


def unknown_encoding(name: str) -> IngestError:
    """E05 for a file that no known encoding decodes."""
    return IngestError("E05", f"无法识别文件“{name}”的文字编码（不是 UTF-8、GB18030 或 UTF-16）。{_SAVE_AGAIN}")


@contextmanager
def opened(path: Path, name: str) -> Iterator[io.BufferedReader]:
    """A file opened for reading; E01 when the place it lies in fails, at any time until it is closed."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        reason = "没有读取权限" if isinstance(error, PermissionError) else "磁盘或网络位置读取出错"
        raise IngestError("E01", f"无法读取文件“{name}”：{reason}。请把文件复制到本机后再试。") from None


def decoded(path: Path, name: str, encoding: str) -> Iterator[tuple[str, bool]]:
    """The text of a file block by block, without its byte order mark, and whether the block is the last.

    Raises:
        IngestError: E01 the file cannot be read to its end, E05 too much of it is not in this encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    bad = more_bytes = 0
    first, last = True, False
    with opened(path, name) as file:
        while not last:
            block, last = file.read(BLOCK_BYTES), not file.peek(1)
            text, faults = _decode(decoder, block, last)
            bad, more_bytes = bad + faults, more_bytes + len(block) - len(text)
            if (last or bad > _FEW_BAD) and _bad_share(bad, more_bytes) > MAX_BAD_SHARE:
                raise IngestError(
                    "E05",
                    f"文件“{name}”中有大量文字不是 {encoding} 编码，可能由不同编码的文件拼接而成，或写明的编码不对。{_SAVE_AGAIN}",
                )
            yield text.removeprefix("\ufeff") if first else text, last
            first = False


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, last: bool) -> tuple[str, int]:
    """The next text, and at how many places in it bytes could not be decoded; nearly always none."""
    state = decoder.getstate()
    try:
        decoder.errors = "strict"
        return decoder.decode(block, last), 0
    except UnicodeDecodeError:
        decoder.setstate(state)
        decoder.errors = DECODE_ERRORS
        text = decoder.decode(block, last)
        return text, text.count(UNDECODED)
