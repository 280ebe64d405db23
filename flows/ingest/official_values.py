"""Cells of an officially published table as figures: counts, rates, ranks; how a column of rates is scaled."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from hotline12345.sql.official import COUNTS, FIGURES, RANKS, RATES

NO_FIGURE = frozenset({"无", "无有效回访", "无回访", "不参评", "不参与排名", "不排名", "免评", "不适用"})
_COUNT = re.compile(r"^([0-9][0-9,]*)(?:\.0+)?[件个次]?$")
_RATE = re.compile(r"^([0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?)(%?)$")
_SCORE = re.compile(r"^([0-9]+(?:\.[0-9]+)?)分?$")
_BONUS = re.compile(r"^([+-]?[0-9]+(?:\.[0-9]+)?)分?$")
_RANK = re.compile(r"^(?:并列)?第?([0-9]+)(?:\.0+)?[名位]?(?:\(?并列\)?)?$")
_PLAIN = str.maketrans({"％": "%", "，": ",", "（": "(", "）": ")", " ": None})
ALLOWED = {
    **dict.fromkeys(COUNTS, "不小于 0 的整数"),
    **dict.fromkeys(RATES, "99.1%、99.1 或 0.991，在 0% 到 100% 之间"),
    "score": "数字，如 90.1",
    **dict.fromkeys(RANKS, "名次，如 3 或 第3名"),
    "bonus_points": "数字，如 0.5",
}


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


def _integer(pattern: re.Pattern[str]) -> Callable[[str], float | None]:
    def parse(text: str) -> float | None:
        match = pattern.match(text)
        return int(match[1].replace(",", "")) if match else None

    return parse


def _number(pattern: re.Pattern[str]) -> Callable[[str], float | None]:
    def parse(text: str) -> float | None:
        match = pattern.match(text)
        return float(match[1]) if match else None

    return parse


_PARSERS: Mapping[str, Callable[[str], float | None]] = {
    **dict.fromkeys(COUNTS, _integer(_COUNT)),
    **dict.fromkeys(RANKS, _integer(_RANK)),
    "score": _number(_SCORE),
    "bonus_points": _number(_BONUS),
}


def parse_figures(
    cells: Mapping[str, str | None], shares: Mapping[str, bool]
) -> tuple[dict[str, float | None], list[str]]:
    """The figures of one row, and the names of those that cannot be read (their value is null).

    Args:
        cells: figure → cleaned cell, of the figures that the table has.
        shares: rate → whether its column writes shares.
    """
    figures: dict[str, float | None] = dict.fromkeys(FIGURES)
    wrong = []
    for name, cell in cells.items():
        if (text := plain(cell)) is None:
            continue
        figures[name] = parse_rate(text, shares[name]) if name in RATES else _PARSERS[name](text)
        if figures[name] is None:
            wrong.append(name)
    return figures, wrong
