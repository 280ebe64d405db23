"""Text to the letters that features are made of: full-width forms, case and invisible characters resolved, one by one.

Every character is folded alone, so that a table of code points says it all: the compiled scorer reads the same table.
"""

import unicodedata
from typing import Final

SEPARATOR: Final = " "
HIGHEST: Final = 0x40000  # code points from here on are separators
_INVISIBLE: Final = frozenset([0xAD, *range(0x200B, 0x2010), *range(0x2028, 0x202F), 0x2060, 0xFEFF])
_LETTERS: Final = ((0x41, 0x5A), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, HIGHEST - 1))


class _Folds(dict[int, str]):
    """code point → letter, `SEPARATOR`, or nothing; filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _fold(code)
        return found


def fold(text: str) -> str:
    """Upper-case Latin and Chinese letters; each other character becomes a separator, an invisible one nothing."""
    return text.translate(_FOLDS)


def fold_code(code: int) -> str:
    """What one code point becomes: a letter, `SEPARATOR` or the empty string."""
    return _FOLDS[code]


def positions(text: str) -> list[int]:
    """For each character of `fold(text)` its position in the text."""
    return [position for position, character in enumerate(text) if _FOLDS[ord(character)]]


def _fold(code: int) -> str:
    if code in _INVISIBLE:
        return ""
    if code >= HIGHEST:
        return SEPARATOR
    letter = unicodedata.normalize("NFKC", chr(code)).upper()
    is_letter = len(letter) == 1 and any(first <= ord(letter) <= last for first, last in _LETTERS)
    return letter if is_letter else SEPARATOR


_FOLDS: Final = _Folds()
