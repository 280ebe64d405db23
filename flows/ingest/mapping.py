"""A user's mapping file: which header is which column, and where the table stands in the file."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotline12345.flows.ingest.contracts import ORDER_COLUMNS
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.sql.dictionary import label

IGNORE = "ignore"
CALLER_NAME = "caller_name"
TOPIC_PATH = "topic_path"
TARGETS = frozenset({*ORDER_COLUMNS, CALLER_NAME, TOPIC_PATH}) - {"row_number"}

_FILE_KEYS: dict[str, type] = {"sheet": str, "header_row": int, "encoding": str, "separator": str}
_EXAMPLE = '例如：\n[columns]\n"来电时间" = "created_at"\n"备注" = "ignore"'


@dataclass(frozen=True)
class FileMapping:
    """What the user says about a file: normalised header → canonical column or "ignore"; the rest where needed."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    separator: str | None = None


def normalise_header(text: str) -> str:
    """The form in which headers are compared: NFKC, no white space, no invisible characters, no * or colon around."""
    visible = (
        c
        for c in unicodedata.normalize("NFKC", text)
        if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"}
    )
    return "".join(visible).strip("*:").casefold()


def column_title(name: str) -> str:
    """Chinese label and name of a target, as messages show it."""
    return f"{'来电人' if name == CALLER_NAME else label(name)}（{name}）"


def load_mapping(path: Path) -> FileMapping:
    """Read a mapping file (TOML: `[columns]`, optional `[file]`).

    Raises:
        IngestError: E10 unreadable, unknown column, unknown or wrongly typed key.
    """
    name = mask_text(path.name)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise IngestError("E10", f"读不到映射文件“{name}”。请检查文件名和所在文件夹。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise IngestError("E10", f"映射文件“{name}”不是有效的 TOML（须为 UTF-8 编码）。{_EXAMPLE}") from None
    columns, file = content.get("columns", {}), content.get("file", {})
    if unknown := sorted(set(content) - {"columns", "file"}):
        raise IngestError("E10", f"映射文件“{name}”中有不认识的段：{'、'.join(unknown)}。只能有 [columns] 和 [file]。")
    if not isinstance(columns, dict) or not isinstance(file, dict):
        raise IngestError("E10", f"映射文件“{name}”的 [columns] 和 [file] 须写成段。{_EXAMPLE}")
    return FileMapping(_checked_columns(name, columns), **_checked_file(name, file))


def _checked_columns(name: str, columns: dict[str, Any]) -> dict[str, str]:
    wrong = [header for header, target in columns.items() if target != IGNORE and target not in TARGETS]
    if wrong:
        allowed = "、".join(sorted(TARGETS))
        raise IngestError("E10", f"映射文件“{name}”中，列“{wrong[0]}”对应的目标列不存在。可用：{allowed}、{IGNORE}。")
    return {normalise_header(header): target for header, target in columns.items()}


def _checked_file(name: str, file: dict[str, Any]) -> dict[str, Any]:
    for key, value in file.items():
        typed = key in _FILE_KEYS and isinstance(value, _FILE_KEYS[key])
        if not typed or value in ("", 0) or (key == "separator" and len(value) != 1):
            raise IngestError(
                "E10",
                f"映射文件“{name}”的 [file] 中，“{key}”无法识别。"
                '可用：sheet = "工作表名"、header_row = 3、encoding = "gb18030"、separator = ","。',
            )
    return file
