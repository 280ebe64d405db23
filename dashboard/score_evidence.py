"""What stands behind each score of an issue: the measures that made it, each with what it is of. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hotline12345.dashboard import labels

Row = Mapping[str, Any]
UNKNOWN = "没有数据，不计"
SCORES = ("frequency_score", "breadth_score", "difficulty_score", "urgency_score")
_RESOLVED = "resolved_occurrence_count"
_BASES = {
    "resolution_asked_count": "答了是否解决的工单",
    "satisfaction_asked_count": "答了是否满意的工单",
    "order_count": "全部工单",
    _RESOLVED: "已答复解决的次数",
}
_PARTS = (  # a count, what it is of, its share, and the share that is usual
    ("unresolved_count", "resolution_asked_count", "unresolved_share", None),
    ("unsettled_count", "resolution_asked_count", "unsettled_share", "usual_unsettled_share"),
    ("recurrence_count", _RESOLVED, "recurrence_rate", "usual_recurrence_rate"),
    ("unsatisfied_count", "satisfaction_asked_count", "unsatisfied_share", None),
    ("returned_count", "order_count", "returned_share", "usual_returned_share"),
    ("held_count", "order_count", "held_share", "usual_held_share"),
)


class Evidence(NamedTuple):
    """One measure behind a score: the score's label, the measure's, its value, and what it is of; Chinese texts."""

    score: str
    measure: str
    value: str
    of: str


def evidence(row: Row) -> list[Evidence]:
    """The measures behind the four scores of an issue, a row of mart_issues, in the order of `SCORES`."""
    told = {
        "frequency_score": _frequency,
        "breadth_score": _breadth,
        "difficulty_score": _difficulty,
        "urgency_score": _urgency,
    }
    return [Evidence(labels.column(name), *parts) for name in SCORES for parts in told[name](row)]


def _frequency(row: Row) -> Iterator[tuple[str, str, str]]:
    more = f"其中 {labels.count(row['repeat_caller_count'], '人')}反映两次及以上"
    yield labels.column("people_count"), labels.count(row["people_count"], "人"), f"{_orders(row)}；{more}"
    covered = f"数据覆盖 {labels.count(row['known_month_count'], '个月')}"
    yield labels.column("month_count"), labels.count(row["month_count"], "个月"), covered
    yield labels.column("persistent_month_count"), labels.count(row["persistent_month_count"], "个月"), covered
    if row["place_known_count"]:
        said = f"能确定点位的 {labels.count(row['place_known_count'], '件')}中，超出各点位按总量应有件数的部分"
        yield labels.column("concentrated_share"), labels.rate(row["concentrated_share"]), said
    if row["season_months"]:
        yield labels.column("season_months"), row["season_months"], "至少两年同一月份都达到门槛"
    yield (
        labels.column("year_order_count"),
        labels.count(row["year_order_count"], "件"),
        _against(row, "year_order_count", "previous_year_order_count", "上一个12个月"),
    )


def _breadth(row: Row) -> Iterator[tuple[str, str, str]]:
    if row["place"]:
        yield labels.column("place_count"), "1 处", "点位事件只有一处，共性不计"
        return
    yield _spread(row, "unit", "写明承办单位")
    yield _spread(row, "place", "能确定点位")
    people = row["placed_people_count"] / row["place_count"] if row["place_count"] else None
    said = f"能确定点位的 {labels.count(row['placed_people_count'], '人')}，{labels.count(row['place_count'], '处')}"
    yield "每处人数", labels.score(people), said


def _spread(row: Row, kind: str, known: str) -> tuple[str, str, str]:
    unit = {"unit": "个", "place": "处"}[kind]
    largest, base = row[f"largest_{kind}_order_count"], row[f"{kind}_known_count"]
    said = f"最多的一{unit}占{known}的工单 {_share(largest, base, row[f'largest_{kind}_share'])}" if base else UNKNOWN
    return labels.column(f"{kind}_count"), labels.count(row[f"{kind}_count"], unit), said


def _difficulty(row: Row) -> Iterator[tuple[str, str, str]]:
    yield from (_part(row, *names) for names in _PARTS)
    yield labels.column("whistled_count"), labels.count(row["whistled_count"], "件"), _orders(row)


def _urgency(row: Row) -> Iterator[tuple[str, str, str]]:
    same = _against(row, "quarter_order_count", "same_quarter_order_count", "上年同期")
    before = _against(row, "quarter_order_count", "previous_quarter_order_count", "再前3个月")
    yield labels.column("quarter_order_count"), labels.count(row["quarter_order_count"], "件"), f"{same}；{before}"
    yield labels.column("urgent_count"), labels.count(row["urgent_count"], "件"), _orders(row)
    yield "最近一次反映", labels.moment(row["last_at"]), f"统计截止 {labels.moment(row['known_until'])}"


def _orders(row: Row) -> str:
    return f"工单 {labels.count(row['order_count'], '件')}"


def _part(row: Row, part: str, base: str, share: str, usual: str | None) -> tuple[str, str, str]:
    """A count, of how many, and what is usual."""
    if row[part] is None or not row[base]:
        return labels.column(part), labels.MISSING, UNKNOWN
    said = f"占{_BASES[base]} {_share(row[part], row[base], row[share])}"
    if usual and row[usual] is not None:
        said += f"，全部问题合计 {labels.rate(row[usual])}"
    return labels.column(part), labels.count(row[part], "次" if base == _RESOLVED else "件"), said


def _share(part: int, base: int, share: float | None) -> str:
    return f"{part:,}/{base:,}（{labels.rate(share)}）"


def _against(row: Row, now: str, before: str, name: str) -> str:
    """A span held against an earlier one; says so where that one is not known."""
    if row[before] is None:
        return f"{name}没有可比的数据"
    change = labels.change(row[now], row[before])
    return f"{name} {labels.count(row[before], '件')}" + (f"，{change}" if change != labels.MISSING else "")
