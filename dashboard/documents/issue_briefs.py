"""The figures behind the four scores of an issue in a line each, short enough for a page; the workbook has them at length."""

from collections.abc import Mapping
from typing import Any

from hotline12345.dashboard import labels

Issue = Mapping[str, Any]


def briefs(issue: Issue) -> dict[str, str]:
    """Column of each score → its figures in words, every share with its numerator and denominator; a row of mart_issues."""
    return {
        "frequency_score": _frequency(issue),
        "breadth_score": _breadth(issue),
        "difficulty_score": _difficulty(issue),
        "urgency_score": _urgency(issue),
    }


def _frequency(issue: Issue) -> str:
    season = f"；每年{issue['season_months']}反复" if issue["season_months"] else ""
    return (
        f"{_count(issue, 'people_count', '人')}、{_count(issue, 'order_count', '件')}；"
        f"{_count(issue, 'month_count', '个月')}有反映，其中 {_count(issue, 'persistent_month_count', '个月')}达到门槛；"
        f"近 12 个月 {_count(issue, 'year_order_count', '件')}"
        f"（上一个 12 个月 {_count(issue, 'previous_year_order_count', '件')}）{season}"
    )


def _breadth(issue: Issue) -> str:
    if issue["place"]:
        return "一处一事，不计共性"
    return (
        f"{_count(issue, 'unit_count', '个')}单位，最多的占 {_share(issue, 'largest_unit_order_count', 'unit_known_count')}；"
        f"{_count(issue, 'place_count', '处')}，最多的占 {_share(issue, 'largest_place_order_count', 'place_known_count')}"
    )


def _difficulty(issue: Issue) -> str:
    shares = "；".join(
        f"{labels.column(part)} {_share(issue, part, of)}"
        for part, of in (
            ("unresolved_count", "resolution_asked_count"),
            ("unsatisfied_count", "satisfaction_asked_count"),
            ("recurrence_count", "resolved_occurrence_count"),
        )
    )
    counts = ("returned_count", "whistled_count", "held_count")
    counted = "、".join(f"{labels.column(name)} {_count(issue, name, '件')}" for name in counts)
    return f"{shares}；{counted}"


def _urgency(issue: Issue) -> str:
    return (
        f"近 3 个月 {_count(issue, 'quarter_order_count', '件')}"
        f"（上年同期 {_count(issue, 'same_quarter_order_count', '件')}，"
        f"再前 3 个月 {_count(issue, 'previous_quarter_order_count', '件')}）；"
        f"紧急敏感 {_count(issue, 'urgent_count', '件')}；最近一次 {labels.day(issue['last_at'])}"
    )


def _count(issue: Issue, name: str, unit: str) -> str:
    return labels.count(issue[name], unit)


def _share(issue: Issue, part: str, of: str) -> str:
    """`34/179（19.0%）`; — where it is not known."""
    if issue[part] is None or not issue[of]:
        return labels.MISSING
    return f"{issue[part]:,}/{issue[of]:,}（{labels.rate(issue[part] / issue[of])}）"
