"""Cells of an officially published table as figures: counts, rates, ranks; how a column of rates is scaled."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from hotline12345.sql.dictionary import label
from hotline12345.sql.official import COUNTS, FIGURES, RANKS, RATES

NO_FIGURE = frozenset({"无", "无有效回访", "无回访", "不参评", "不参与排名", "不排名", "免评", "不适用"})
MAX_COUNT, MAX_SCORE, MAX_RANK, MAX_BONUS = 10_000_000, 120, 10_000, 100  # a score may hold a bonus above 100
_COUNT = re.compile(r"^([0-9][0-9,]*)(?:\.0+)?[件个次]?$")
_RATE = re.compile(r"^([0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]{1,3})?)(%?)$")
_SCORE = re.compile(r"^([0-9]+(?:\.[0-9]+)?)分?$")
_BONUS = re.compile(r"^([+-]?[0-9]+(?:\.[0-9]+)?)分?$")
_RANK = re.compile(r"^(?:并列)?第?([0-9]+)(?:\.0+)?[名位]?(?:\(?并列\)?)?$")
_PLAIN = str.maketrans({"％": "%", "，": ",", "（": "(", "）": ")", " ": None})
ALLOWED = {
    **dict.fromkeys(COUNTS, f"0 到 {MAX_COUNT:,} 的整数"),
    **dict.fromkeys(RATES, "99.1%、99.1 或 0.991，在 0% 到 100% 之间"),
    "score": f"0 到 {MAX_SCORE} 的数字，如 90.1",
    **dict.fromkeys(RANKS, f"1 到 {MAX_RANK:,} 的名次，如 3 或 第3名"),
    "bonus_points": f"-{MAX_BONUS} 到 {MAX_BONUS} 的数字，如 0.5",
}
_FORMS: Mapping[str, tuple[re.Pattern[str], int, int]] = {  # how a figure is written, its smallest and largest value
    **dict.fromkeys(COUNTS, (_COUNT, 0, MAX_COUNT)),
    "score": (_SCORE, 0, MAX_SCORE),
    **dict.fromkeys(RANKS, (_RANK, 1, MAX_RANK)),
    "bonus_points": (_BONUS, -MAX_BONUS, MAX_BONUS),
}
_PARTS = {"valid": "received", **dict.fromkeys(COUNTS[2:], "valid")}  # a count and what it is a part of


def plain(cell: str | None) -> str | None:
    """A cell as it is compared; None for an empty one and for words that say there is no figure."""
    text = (cell or "").translate(_PLAIN)
    return None if not text or text in NO_FIGURE else text


def writes_shares(cells: Iterable[str | None]) -> bool:
    """Whether the bare numbers of a column of rates are shares (0.991) and not percentages (99.1).

    Decided once for the whole column: they are percentages as soon as one of them is above 1. Numbers with a percent
    sign speak for themselves and have no say.
    """
    found = [_RATE.match(text) for text in map(plain, cells) if text]
    return all(float(match[1]) <= 1 for match in found if match and not match[2])


def parse_rate(text: str, shares: bool) -> float | None:
    """A rate 0-1; None when it is no number between 0 % and 100 %."""
    match = _RATE.match(text)
    if not match:
        return None
    number = Decimal(match[1])
    rate = float(number / 100 if match[2] or not shares else number)
    return rate if rate <= 1 else None


def _parse(name: str, text: str) -> float | None:
    """A figure that is no rate; None when it is no number of its range."""
    pattern, least, most = _FORMS[name]
    match = pattern.match(text)
    if not match:
        return None
    number = Decimal(match[1].replace(",", ""))
    if not least <= number <= most:
        return None
    return int(number) if name in (*COUNTS, *RANKS) else float(number)


def parse_figures(
    cells: Mapping[str, str | None], shares: Mapping[str, bool]
) -> tuple[dict[str, float | None], list[str]]:
    """The figures of one row, and in Chinese which of them cannot be (unreadable ones are null).

    Args:
        cells: figure → cleaned cell, of the figures that the table has.
        shares: rate → whether its column writes shares.
    """
    figures: dict[str, float | None] = dict.fromkeys(FIGURES)
    wrong = []
    for name, cell in cells.items():
        if (text := plain(cell)) is None:
            continue
        figures[name] = parse_rate(text, shares[name]) if name in RATES else _parse(name, text)
        if figures[name] is None:
            wrong.append(f"“{label(name)}”应为 {ALLOWED[name]}")
    for name, whole in _PARTS.items():
        part, all_of_it = figures[name], figures[whole]
        if part is not None and all_of_it is not None and part > all_of_it:
            wrong.append(f"“{label(name)}”大于“{label(whole)}”")
    return figures, wrong
