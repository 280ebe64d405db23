"""The candidates of 每月一题 as the board lists them: volumes with what they compare with, edits and decisions on top. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.issue_deciding import OPEN, state
from hotline12345.dashboard.months import Coverage, is_season, moved
from hotline12345.models.recurring.edits import follow
from hotline12345.sql.records.board_events import NotedDecision, NotedYearEntry
from hotline12345.sql.records.issue_events import DISMISS, MERGE, PIN, RENAME, RESTORE, SPLIT, UNPIN, IssueEvent

SCORES = ("frequency_score", "breadth_score", "difficulty_score", "urgency_score")
PINNED = "置顶"
EVERY, DISMISSED = "全部", "不作为问题"
ACTIONS = {
    **{RENAME: "改名", MERGE: "合并", SPLIT: "拆分", DISMISS: DISMISSED, RESTORE: "恢复"},
    **{PIN: PINNED, UNPIN: "取消置顶", "undo": "撤回"},
}
Issue = Mapping[str, Any]


@dataclass(frozen=True)
class Volume:
    """Orders of twelve months and of their last one, with what they compare with; None where that cannot be told."""

    year: int
    year_before: int | None
    month: int
    month_before: int | None
    month_year_ago: int | None

    @property
    def said(self) -> str:
        """`近12个月 120 件（同比 +20.0%）；最近一月 12 件（环比 -7.7%，同比 —）`."""
        year = labels.change(self.year, self.year_before)
        month, ago = labels.change(self.month, self.month_before), labels.change(self.month, self.month_year_ago)
        return f"近12个月 {self.year:,} 件（同比 {year}）；当月 {self.month:,} 件（环比 {month}，同比 {ago}）"


def volume(counts: Sequence[int], month: date, covered: Coverage) -> Volume:
    """The volume of an issue from its 24 months up to `month`, oldest first; epidemic years are never compared with."""
    first, newest = moved(month, -23), covered.has(month)

    def told(start: int, count: int) -> int | None:
        """The sum of `count` months from the one at `start` on, where it can be compared with the newest ones."""
        since = moved(first, start)
        is_fair = newest and covered.has(since, count) and (start == 22 or is_season(since, count))
        return sum(counts[start : start + count]) if is_fair else None

    return Volume(sum(counts[12:]), told(0, 12), counts[23], told(22, 1), told(11, 1))


def share(count: int, total: int) -> str:
    """How much of everything received an issue is; empty where nothing was received."""
    return f"。12 个月的件数占同期同地全部诉求 {labels.rate(count / total)}（{count:,}/{total:,}）" if total else ""


def edited(issues: pl.DataFrame, edits: Sequence[IssueEvent]) -> pl.DataFrame:
    """The issues with names, pins and dismissals as analysts left them; what a refresh has taken in stays as it is."""
    names = {edit.issue_id: edit.edited_name for edit in edits if edit.action == RENAME}
    dismissed = {edit.issue_id: edit.action == DISMISS for edit in edits if edit.action in (DISMISS, RESTORE)}
    pinned = {edit.issue_id: edit.action == PIN for edit in edits if edit.action in (PIN, UNPIN)}
    return issues.with_columns(
        pl.col("issue_id").replace_strict(names, default=pl.col("issue_name"), return_dtype=pl.String).alias("issue_name"),
        pl.col("issue_id").replace_strict(dismissed, default=pl.col("is_dismissed"), return_dtype=pl.Boolean).alias("is_dismissed"),
        pl.col("issue_id").replace_strict(pinned, default=pl.col("is_pinned"), return_dtype=pl.Boolean).alias("is_pinned"),
    )  # fmt: skip


def narrowed(issues: pl.DataFrame, kind: str, least: int) -> tuple[pl.DataFrame, int]:
    """The issues of one kind of the selector, and how many were left out for having fewer than `least` people.

    `kind` is a grain, EVERY (whatever their number of people) or DISMISSED (those that an analyst took off).
    """
    stands = issues.filter(pl.col("is_dismissed") if kind == DISMISSED else ~pl.col("is_dismissed"))
    if kind in (EVERY, DISMISSED):
        return stands, 0
    of_grain = stands.filter(pl.col("issue_grain") == kind)
    enough = of_grain.filter(pl.col("people_count") >= least)
    return enough, of_grain.height - enough.height


def waiting(edits: Sequence[IssueEvent], landed: Sequence[int]) -> list[IssueEvent]:
    """Merges and splits that no refresh has taken in; `landed` are the numbers of the edits that the snapshot knows."""
    return [edit for edit in edits if edit.action in (MERGE, SPLIT) and edit.event_id not in landed]


def listed(
    candidates: pl.DataFrame, decisions: Mapping[str, NotedDecision], entries: Sequence[NotedYearEntry]
) -> pl.DataFrame:
    """The candidates as the table shows them, those pinned first, then as ranked; grain issue_id.

    Adds board_state (decision and year list), top_percent and marked_name.
    """
    years = {issue_id: entry.theme_month for entry in entries for issue_id in entry.issue_ids}
    states = [_state(issue_id, decisions, years) for issue_id in candidates["issue_id"]]
    return candidates.with_columns(
        pl.Series("board_state", states, pl.String),
        (100 * pl.col("top_share")).alias("top_percent"),
        pl.when("is_pinned")
        .then(pl.format("〔{}〕{}", pl.lit(PINNED), "issue_name"))
        .otherwise("issue_name")
        .alias("marked_name"),
    ).sort(~pl.col("is_pinned"), "issue_rank", "issue_id", nulls_last=True)


def with_volumes(candidates: pl.DataFrame, volumes: pl.DataFrame) -> pl.DataFrame:
    """The candidates that the read `volumes` was asked for, with its columns and trend, the orders of the newest twelve months."""
    return candidates.join(volumes, on="issue_id", maintain_order="left").with_columns(
        pl.col("monthly_counts").list.tail(12).alias("trend")
    )


def same_as(merged: Mapping[str, str]) -> dict[str, list[str]]:
    """issue_id → every issue that was merged into it, by way of others as well."""
    found: dict[str, list[str]] = {}
    for issue_id in sorted(merged):
        found.setdefault(follow(merged, issue_id), []).append(issue_id)
    return found


def history_told(row: Mapping[str, Any], issue_id: str) -> str:
    """One event of the read `issue_history` as the page of an issue tells it; says of which other issue, where of one."""
    other = "" if row["issue_id"] == issue_id else f"（“{row['issue_name']}”）"
    return f"{labels.moment(row['noted_at'])[:10]} {row['event']}{other}：{row['reason']}"


def edit_told(edit: IssueEvent, names: Mapping[str, str]) -> str:
    """One change by an analyst in words."""
    what = ACTIONS[edit.action]
    if edit.action == RENAME:
        what = f"{what}为“{edit.edited_name}”"
    elif edit.action == MERGE:
        what = f"并入“{names.get(edit.other_issue_id or '', edit.other_issue_id)}”"
    elif edit.action == SPLIT:
        what = f"拆出 {len(edit.moved_ids)} 件，另立“{edit.edited_name}”"
    elif edit.undone_id:
        what = f"撤回第 {edit.undone_id} 号调整"
    return f"{edit.at[:16]} {edit.who}：第 {edit.event_id} 号，{what}" + (f"（{edit.reason}）" if edit.reason else "")


def _state(issue_id: str, decisions: Mapping[str, NotedDecision], years: Mapping[str, str]) -> str:
    if issue_id in decisions:
        return state(decisions[issue_id])
    return f"年度清单 {labels.period(years[issue_id])}" if issue_id in years else OPEN
