"""What a user says about a file: which header is which column, and where the table stands in the file."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from hotline12345.flows.ingest.contracts import ORDER_COLUMNS
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.sql.dictionary import label

IGNORE = "ignore"
CALLER_NAME = "caller_name"
TOPIC_PATH = "topic_path"
TARGETS = frozenset({*ORDER_COLUMNS, CALLER_NAME, TOPIC_PATH}) - {"row_number", "is_derived_id"}

_TITLES = {
    CALLER_NAME: "来电人",
    "caller_key": "来电号码",
}  # of what the file holds; stored is only a name's mask, a key
_IGNORED = "不导入"
_FILE_KEYS: dict[str, type] = {"sheet": str, "header_row": int, "encoding": str, "separator": str}
_EXAMPLE = '例如：\n[columns]\n"来电时间" = "created_at"\n"备注" = "ignore"'
_TOML_FAULTS = {
    "Unescaped '\\' in a string": "路径中的反斜杠要写成 \\\\",
    "Unterminated string": "引号没有配对",
    "Illegal character": "引号没有配对，或有不可见的字符",
    "Cannot overwrite a value": "同一个列名写了两次",
    "Cannot declare": "同一个段写了两次",
    "Expected newline or end of document": "一行只能写一个对应",
    "Expected '=' after a key": "列名后面缺少等号",
    "Expected ']'": "段名缺少右方括号",
    "Expected": "引号没有配对",
    "Invalid value": "等号后面的值要加英文双引号",
    "Invalid statement": "列名要加英文双引号（不是中文引号）",
    "Invalid initial character": "列名要加英文双引号（不是中文引号）",
}


@dataclass(frozen=True)
class FileMapping:
    """What is said about a file before its headers are looked up.

    Attributes:
        columns: normalised header → canonical column or "ignore".
        sheet, header_row, encoding, separator: where the table stands and how it is written, where that must be said.
        confirmed: those headers of `columns` that a saved profile says, not the user of this run.
        gone: column → header of a profile that this file no longer has.
        known: headers of saved profiles; they help to find the header row and map nothing.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    separator: str | None = None
    confirmed: frozenset[str] = frozenset()
    gone: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def normalise_header(text: str) -> str:
    """The form in which headers are compared: NFKC, no white space, no invisible characters, no * or colon around."""
    visible = (
        c
        for c in unicodedata.normalize("NFKC", text)
        if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"}
    )
    return "".join(visible).strip("*:").casefold()


def numbered_names(headers: Sequence[str | None]) -> list[str]:
    """A name for each column of the file, distinct also when normalised: empty headers by position, repeated ones
    numbered, without * and colon around."""
    names: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for place, header in enumerate(headers, start=1):
        plain = " ".join((header or "").split()).strip("*＊:： ")
        key = normalise_header(plain)
        name = plain = plain if key else f"第{place}列（无表头）"
        while normalise_header(name) in names:
            numbers[key] += 1
            name = f"{plain}（{numbers[key] + 1}）"
        names[normalise_header(name)] = name
    return list(names.values())


def target_label(name: str) -> str:
    """Chinese name of a target as a clerk knows it from files."""
    return _IGNORED if name == IGNORE else _TITLES.get(name) or label(name)


def column_title(name: str) -> str:
    """Chinese label and name of a target, as messages show it."""
    return f"{target_label(name)}（{name}）"


@cache
def _by_label() -> Mapping[str, str]:
    labels = {label(name): name for name in sorted(TARGETS - {CALLER_NAME, TOPIC_PATH})}
    return {normalise_header(word): name for word, name in labels.items()} | {
        normalise_header(target_label(name)): name for name in sorted({*TARGETS, IGNORE})
    }


def target(text: str) -> str | None:
    """The target that a user names by its name or its Chinese label; None when there is no such target."""
    plain = normalise_header(text)
    return plain if plain in TARGETS or plain == IGNORE else _by_label().get(plain)


def stated_columns(options: Iterable[str]) -> dict[str, str]:
    """`--column` options such as "来电类别=channel" as normalised header → target.

    Raises:
        IngestError: E10 without =, without a header, or with a target that does not exist.
    """
    columns: dict[str, str] = {}
    for option in options:
        header, equals, said = option.replace("＝", "=").rpartition("=")
        if not equals or not normalise_header(header) or not said.strip():
            raise IngestError(
                "E10", '--column 的写法是 --column "文件中的列名=目标列"，例如 --column "来电类别=channel"。'
            )
        _add(columns, header, said, "--column")
    return columns


def _add(columns: dict[str, str], header: str, said: object, where: str) -> None:
    """Add an entry; E10 when the target does not exist or the header already has another one."""
    found = target(said) if isinstance(said, str) else None
    name = mask_text(header.strip())
    if found is None:
        near = get_close_matches(str(said), sorted({*TARGETS, *_by_label()}), n=1)
        meant = f"是不是 {target(near[0])}？" if near else ""
        allowed = "、".join(f"{column}（{target_label(column)}）" for column in sorted(TARGETS))
        raise IngestError(
            "E10", f"{where}中，列“{name}”对应的目标列不存在。{meant}可用：{allowed}；不导入这一列写 {IGNORE}。"
        )
    key = normalise_header(header)
    if columns.setdefault(key, found) != found:
        raise IngestError("E10", f"{where}中，列“{name}”写了两次，对应不同的目标列。请只留一处。")


def load_mapping(path: Path) -> FileMapping:
    """Read a mapping file (TOML: `[columns]`, optional `[file]`); a saved profile is one too.

    Raises:
        IngestError: E10 unreadable, unknown column, unknown or wrongly typed key.
    """
    name = mask_text(path.name)
    content = read_toml(path)
    columns, file = content.get("columns", {}), content.get("file", {})
    if unknown := sorted(set(content) - {"columns", "file", "profile"}):
        listed = "、".join(mask_text(word) for word in unknown)
        raise IngestError("E10", f"映射文件“{name}”中有不认识的段：{listed}。只能有 [columns] 和 [file]。")
    if not isinstance(columns, dict) or not isinstance(file, dict):
        raise IngestError("E10", f"映射文件“{name}”的 [columns] 和 [file] 须写成段。{_EXAMPLE}")
    return FileMapping(_checked_columns(name, columns), **_checked_file(name, file))


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file a person wrote.

    Raises:
        IngestError: E10 with the line where it is no TOML.
    """
    name = mask_text(path.name)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise IngestError("E10", f"读不到映射文件“{name}”。请检查文件名和所在文件夹。") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise IngestError(
            "E10", f"映射文件“{name}”第 {line} 行：不是 UTF-8 编码。请用记事本另存，编码选 UTF-8。"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise IngestError("E10", f"映射文件“{name}”{_toml_fault(str(error))}。{_EXAMPLE}") from None


def _toml_fault(message: str) -> str:
    place = re.search(r"at line ([0-9]+)", message)
    reason = next((zh for en, zh in _TOML_FAULTS.items() if message.startswith(en)), "写法有误")
    return f"{f'第 {place[1]} 行' if place else '末尾'}不是有效的 TOML：{reason}"


def _checked_columns(name: str, columns: dict[str, Any]) -> dict[str, str]:
    checked: dict[str, str] = {}
    for header, said in columns.items():
        _add(checked, header, said, f"映射文件“{name}”")
    return checked


def _checked_file(name: str, file: dict[str, Any]) -> dict[str, Any]:
    for key, value in file.items():
        typed = key in _FILE_KEYS and type(value) is _FILE_KEYS[key]
        if not typed or value == "" or (key == "header_row" and value < 1) or (key == "separator" and len(value) != 1):
            raise IngestError(
                "E10",
                f"映射文件“{name}”的 [file] 中，“{mask_text(key)}”无法识别。"
                '可用：sheet = "工作表名"、header_row = 3、encoding = "gb18030"、separator = ","。',
            )
    return file
