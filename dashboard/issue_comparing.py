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
MUCH = 1 / 3  # of the people of the smaller issue: from there on two issues may be one
SCORES = ("frequency_score", "breadth_score", "difficulty_score", "urgency_score", "issue_score")


def lines(issues: Sequence[Issue], states: Sequence[str]) -> list[Line]:
    """The lines of the comparison; `states` are the decisions in words."""
    found = [Line("类型", [issue["issue_grain"] for issue in issues])]
    found += [Line(labels.column("issue_rank"), [labels.count(issue["issue_rank"]) for issue in issues])]
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


def shared(pairs: pl.DataFrame, names: Mapping[str, str], people: Mapping[str, int]) -> list[str]:
    """What two issues have in common, a sentence a pair that has anything; rows of the read `shared_orders`.

    `people` has the people of each issue; many shared ones hint that the two may be one matter.
    """
    return [_shared(row, names, people) for row in pairs.iter_rows(named=True) if row["people_count"]]


def _shared(row: Mapping[str, Any], names: Mapping[str, str], people: Mapping[str, int]) -> str:
    pair = (row["issue_id"], row["other_issue_id"])
    common = row["people_count"]
    told = "与".join(f"“{names[each]}”（{people[each]:,} 人）" for each in pair)
    orders = f"，{row['order_count']:,} 件工单同属两者" if row["order_count"] else ""
    is_much = common >= MUCH * min(people[each] for each in pair)
    return f"{told}有 {common:,} 位诉求人相同{orders}" + ("：两者可能是一个问题的两面。" if is_much else "。")


def period(issues: Sequence[Issue]) -> str:
    """Which orders the measures are of: all that are known, not the choice of the board."""
    until = max((issue["known_until"] for issue in issues if issue["known_until"]), default=None)
    months = max((issue["known_month_count"] or 0 for issue in issues), default=0)
    known = f"截至 {labels.moment(until)} 的" if until else ""
    return f"得分和指标按{known}全部工单（数据覆盖 {months} 个月），不随筛选变。"
