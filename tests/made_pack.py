"""A hand-made evidence pack: three candidates with counts that a test can add up, and texts that try to break files."""

from datetime import date, datetime, timedelta

import polars as pl

from hotline12345.dashboard.documents.issue_content import Candidate, Decision, PackContent, PlanItem
from hotline12345.dashboard.score_evidence import Evidence

UNITS = ("东河街道", "西岭镇", "区城管委")
FORMULA = '=HYPERLINK("x")'
LONG = "诉求人反映家中暖气不热，" * 20
SHARES = {
    "unresolved_share": ("unresolved_count", "resolution_asked_count"),
    "unsatisfied_share": ("unsatisfied_count", "satisfaction_asked_count"),
    "recurrence_rate": ("recurrence_count", "resolved_occurrence_count"),
    "returned_share": ("returned_count", "order_count"),
    "held_share": ("held_count", "order_count"),
}


def orders(prefix: str, count: int) -> pl.DataFrame:
    """`count` orders from March 2025 on, nine days apart; every fourth unresolved, every fifth without an answer."""
    numbers = range(count)
    return pl.DataFrame(
        {
            "order_id": [f"{prefix}{number:04d}" for number in numbers],
            "created_at": [datetime(2025, 3, 3, 9) + timedelta(days=9 * number) for number in numbers],
            "closed_at": [datetime(2025, 3, 6, 9) + timedelta(days=9 * number) for number in numbers],
            "unit_name": [UNITS[number % len(UNITS)] for number in numbers],
            "place_town": ["东河街道" if number % 2 else "西岭镇" for number in numbers],
            "community": [
                FORMULA if number == 1 else f"第{number % 4 + 1}社区" if number % 7 else None for number in numbers
            ],
            "topic_name": ["供暖" if number % 3 else None for number in numbers],
            "seven_five": ["宜居性" for _ in numbers],
            "is_resolved": [None if number % 5 == 4 else number % 4 != 3 for number in numbers],
            "is_satisfied": [None if number % 5 == 4 else number % 3 != 2 for number in numbers],
            "occurrence": [1 + (number > count // 2) for number in numbers],
            "is_returned": [number % 9 == 0 for number in numbers],
            "is_whistled": [number % 11 == 0 for number in numbers],
            "is_excluded": [number % 13 == 0 for number in numbers],
            "is_suspended": [number % 17 == 5 for number in numbers],
        }
    )


def counted(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """The counts of a pack's frames by the columns given."""
    asked, happy = pl.col("is_resolved"), pl.col("is_satisfied")
    return (
        frame.with_columns(pl.col("created_at").dt.date().dt.truncate("1mo").alias("created_month"))
        .group_by(*by)
        .agg(
            pl.len().cast(pl.Int64).alias("order_count"),
            pl.len().cast(pl.Int64).alias("people_count"),
            asked.count().cast(pl.Int64).alias("resolution_asked_count"),
            asked.sum().cast(pl.Int64).alias("resolved_count"),
            happy.count().cast(pl.Int64).alias("satisfaction_asked_count"),
            happy.sum().cast(pl.Int64).alias("satisfied_count"),
            (pl.col("occurrence") > 1).sum().cast(pl.Int64).alias("recurrence_count"),
        )
        .sort(*by)
    )


def measured(rank: int, issue_id: str, name: str, grain: str, frame: pl.DataFrame, hidden: int) -> dict[str, object]:
    """A row of mart_issues for the orders of `frame` and `hidden` more."""
    count = frame.height
    total = counted(frame, "place_town").select(pl.exclude("place_town")).sum().row(0, named=True)
    issue = {
        "issue_id": issue_id,
        "issue_rank": rank,
        "issue_name": name,
        "issue_grain": grain,
        "first_at": frame["created_at"].min(),
        "last_at": frame["created_at"].max(),
        "month_count": 12,
        "unit_count": 3,
        "place_count": 4,
        "frequency_score": 82.4,
        "breadth_score": 71.0 if grain == "共性问题" else None,
        "difficulty_score": 64.6,
        "urgency_score": 40.2,
        "issue_score": 68.3 - rank,
        "top_share": 0.925,
        **total,
        "need_to_know_count": hidden,
        "year_order_count": count,
        "previous_year_order_count": 21,
        "persistent_month_count": 6,
        "season_months": "11、12月" if rank == 1 else None,
        "place": None if grain == "共性问题" else "和平里小区",
        "largest_unit_order_count": count // 2,
        "unit_known_count": count,
        "largest_place_order_count": None,
        "place_known_count": 0,
        "whistled_count": int(frame["is_whistled"].sum()),
        "quarter_order_count": 9,
        "same_quarter_order_count": None,
        "previous_quarter_order_count": 6,
        "urgent_count": 1,
        "unresolved_count": total["resolution_asked_count"] - total["resolved_count"],
        "unsatisfied_count": total["satisfaction_asked_count"] - total["satisfied_count"],
        "resolved_occurrence_count": total["resolved_count"],
        "returned_count": int(frame["is_returned"].sum()),
        "held_count": frame.filter(pl.col("is_excluded") | pl.col("is_suspended")).height,
        "order_count": count + hidden,
        "people_count": count - 3,
    }
    for share, (part, of) in SHARES.items():
        issue[share] = issue[part] / issue[of]
    return issue


def candidate(rank: int, issue_id: str, name: str, grain: str, count: int, hidden: int = 0) -> Candidate:
    """One candidate; `hidden` of its orders are need-to-know and in no frame of orders."""
    frame = orders(issue_id[0], count)
    examples = frame.head(3).with_columns(pl.Series("text", [FORMULA, LONG, "水\x0b管\x01漏水"]))
    return Candidate(
        issue=measured(rank, issue_id, name, grain, frame, hidden),
        evidence=(
            Evidence("高频", "诉求人数", f"{count - 3} 人", ""),
            Evidence("高频", "近 12 个月诉求量", f"{count} 件", "前 12 个月 21 件"),
            Evidence("共性", "涉及单位", "3 个", ""),
            Evidence("难点", "未解决占比", "25.0%", "8/32"),
            Evidence("紧迫", "近 3 个月", "9 件", "前 3 个月 6 件"),
        ),
        months=counted(frame, "created_month", "unit_name"),
        units=counted(frame, "unit_name").sort("order_count", "unit_name", descending=[True, False]),
        orders=frame,
        examples=examples,
        hidden_count=hidden,
        history=("2025年10月列为每月一题候选，暂缓",) if rank == 1 else (),
    )


def pack() -> PackContent:
    """Three candidates: the first decided on and planned, the second with need-to-know orders, the third an event."""
    first = candidate(1, "T000001", "供暖不热", "共性问题", 40)
    decided = Candidate(
        **{
            **first.__dict__,
            "decision": Decision("选定", "诉求量大、连续两季反映", "区城管委", "东河街道、西岭镇"),
            "plan": (
                PlanItem("方案", "分片排查供暖管网", "区城管委", "2026年6月30日", "进行中"),
                PlanItem("任务", "完成入户测温", "东河街道", "2026年5月31日", "未开始"),
            ),
        }
    )
    return PackContent(
        month=date(2026, 4, 1),
        candidates=(
            decided,
            candidate(2, "T000002", "电动自行车飞线充电", "共性问题", 30, hidden=4),
            candidate(4, "E000001", "和平里小区：搅拌站噪声扰民", "点位事件", 12),
        ),
        rules="示例规则（示例规则）",
        weights="权重（建议值）：高频 0.35、共性 0.20、难点 0.30、紧迫 0.15。",
        cutoff_at=datetime(2026, 3, 29, 12),
        published_at=datetime(2026, 3, 29, 13),
        is_simulated=True,
    )
