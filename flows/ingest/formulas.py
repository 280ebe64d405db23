"""Formulas of a workbook that hold no result: their cells read as empty, and only the file itself says that they are not."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

_LETTERS = re.compile("[A-Z]+")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def empty_formulas(path: Path, sheet: str) -> list[tuple[int, int]]:
    """Cells of one sheet with a formula that was never calculated; 1-based row and 0-based column, in file order.

    Programs that write workbooks leave the result out, Excel fills it in when it saves. Old workbooks (.xls) always
    hold a result, and so none is found in them; nor in a workbook that only the Excel parser understands.
    """
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive, suppress(ElementTree.ParseError, LookupError, ValueError):
        return list(_uncalculated(archive, _part_of(archive, sheet)))
    return []


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The member that holds a sheet; LookupError when the workbook does not say."""
    book, links = (_parsed(archive, member) for member in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    (found,) = [each for each in book.iterfind("{*}sheets/{*}sheet") if each.get("name") == sheet]
    return str(PurePosixPath("/xl") / targets[found.get(_RELATION) or found.get(_STRICT_RELATION)]).lstrip("/")


def _parsed(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(member))  # noqa: S314, expat bounds how far entities grow since 2.4


def _uncalculated(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int]]:
    row = column = 0
    with archive.open(part) as file:
        for event, element in ElementTree.iterparse(file, ("start", "end")):  # noqa: S314, as above
            name = element.tag.rpartition("}")[2]
            if name == "row" and event == "start":
                row, column = int(element.get("r") or row + 1), 0
            elif name == "c" and event == "end":
                letters = _LETTERS.match(element.get("r") or "")
                column = _column_number(letters[0]) if letters else column + 1
                if _has_no_result(element):
                    yield row, column - 1
                element.clear()


def _has_no_result(cell: ElementTree.Element) -> bool:
    if cell.find("{*}f") is None:
        return False
    value = cell.find("{*}v")
    return value is None or (not value.text and cell.get("t") != "str")  # a calculated text may be empty


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
