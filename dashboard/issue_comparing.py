"""Two or three issues side by side: their measures line by line, what they share, and which weight would change their order. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.issue_tables import Line
from hotline12345.sql.dictionary import columns

Issue = Mapping[str, Any]
# Lines of the comparison, and what a share is of: (numerator, denominator); the largest value of a line stands out.
COUNTS = ("year_order_count", "people_count", "persistent_month_count", "unit_count", "place_count")
SHARES = {
    "unresolved_share": ("unresolved_count", "resolution_asked_count"),
    "unsatisfied_share": ("unsatisfied_count", "satisfaction_asked_count"),
    "recurrence_rate": ("recurrence_count", "resolved_occurrence_count"),
    "held_share": ("held_count", "order_count"),
}
SCORES = ("frequency_score", "breadth_score", "difficulty_score", "urgency_score", "issue_score")


def lines(issues: Sequence[Issue], states: Sequence[str]) -> list[Line]:
    """The lines of the comparison; `states` are the decisions in words."""
    found = [Line("类型", [issue["issue_grain"] for issue in issues])]
    found += [_measured(issues, name, labels.score) for name in SCORES]
    found += [_measured(issues, "top_share", labels.rate)]
    found += [_measured(issues, name, labels.count) for name in COUNTS]
    found += [_share(issues, name, *of) for name, of in SHARES.items()]
    found += [_measured(issues, name, labels.count) for name in ("returned_count", "whistled_count", "urgent_count")]
    return [*found, Line("决定", list(states))]


def _measured(issues: Sequence[Issue], name: str, shown: Callable[[Any], str]) -> Line:
    values = [issue[name] for issue in issues]
    return Line(labels.column(name), [shown(value) for value in values], _leading(values), columns()[name].meaning)


def _share(issues: Sequence[Issue], name: str, part: str, of: str) -> Line:
    shown = [
        f"{labels.rate(issue[name])}（{labels.count(issue[part])}/{labels.count(issue[of])}）"
        if issue[name] is not None
        else labels.MISSING
        for issue in issues
    ]
    return Line(labels.column(name), shown, _leading([issue[name] for issue in issues]), columns()[name].meaning)


def _leading(values: Sequence[float | None]) -> int | None:
    """The place of the one largest value; None where there is none."""
    known = [value for value in values if value is not None]
    if not known or values.count(max(known)) > 1:
        return None
    return values.index(max(known))


def shared(pairs: pl.DataFrame, names: Mapping[str, str]) -> list[str]:
    """What two issues have in common, a sentence a pair that has anything; rows of the read `shared_orders`."""
    return [
        f"“{names[row['issue_id']]}”与“{names[row['other_issue_id']]}”有 {row['people_count']:,} 位诉求人相同"
        + (f"，{row['order_count']:,} 件工单同属两者" if row["order_count"] else "")
        + "：两者可能是一个问题的两面。"
        for row in pairs.iter_rows(named=True)
        if row["people_count"]
    ]
