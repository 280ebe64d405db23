"""Whole calendar months: moving among them, which of them the data covers, which may stand for a season. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline12345.sql.same_age import is_baseline


def moved(month: date, count: int) -> date:
    """The first day of the month `count` months later."""
    year, place = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, place + 1, 1)


def between(first: date, end: date) -> int:
    """Months from `first` up to `end`, which is not counted; negative where `end` comes first."""
    return (end.year - first.year) * 12 + end.month - first.month


def is_season(first: date, count: int) -> bool:
    """Whether `count` months from `first` on may stand for their season: none of them lies in an epidemic year."""
    start, end = (datetime.combine(day, datetime.min.time()) for day in (first, moved(first, count)))
    return is_baseline(start, end)


@dataclass(frozen=True)
class Coverage:
    """The whole months that the data covers, by their first days; nothing is covered where `last` comes before `first`."""

    first: date
    last: date

    @classmethod
    def of(cls, first_at: datetime, cutoff_at: datetime) -> "Coverage":
        """From the time of the oldest order to the cut-off; a month is whole from its first day on to its last."""
        month = first_at.date().replace(day=1)
        first = month if first_at.day == 1 else moved(month, 1)
        return cls(first, moved((cutoff_at + timedelta(days=1)).date(), -1))

    def has(self, first: date, count: int = 1) -> bool:
        """Whether `count` months from `first` on are whole."""
        return self.first <= first and moved(first, count - 1) <= self.last
