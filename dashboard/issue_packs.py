"""Gathering an evidence pack from a published snapshot and the records store: reads in, PackContent out.

It opens both itself and keeps nothing, so that files can be made outside a page's run.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from hotline12345.dashboard import issue_board, issue_deciding, issue_records, labels
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.documents.issue_content import (
    ORDER_COLUMNS,
    SCORES,
    Candidate,
    Decision,
    PackContent,
    PlanItem,
)
from hotline12345.dashboard.score_evidence import evidence
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records.board_events import NotedDecision, NotedPlanItem
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.storage import Storage

EXAMPLES = 3
LISTED = 3_000  # orders of one candidate in the workbook: twenty full ones take it about 15 seconds
HISTORY = 2  # of what happened to a candidate, the newest


def gather(viewer: Viewer, snapshot: Snapshot, issue_ids: Sequence[str], month: date) -> PackContent:
    """Everything about these issues for the meeting of a month (its first day), by rank.

    Need-to-know orders are counted only. Issues without orders are left out; LookupError when none is left.
    """
    reads = Reader(Storage.at(), snapshot).limited(viewer.rows)
    try:
        every = issue_board.edited(reads.issues(), issue_records.edits(viewer))
        chosen = every.filter(pl.col("issue_id").is_in(list(issue_ids)) & (pl.col("order_count") > 0))
        if chosen.is_empty():
            raise LookupError(issue_ids)
        noted = _Noted(viewer, reads, every)
        issues = chosen.sort("issue_rank", "issue_id", nulls_last=True).rows(named=True)
        facts: dict[str, Any] = reads.overview()
        return PackContent(
            month=month,
            candidates=[_candidate(viewer, reads, noted, issue) for issue in issues],
            rules=_rules(reads),
            weights=_weights(reads),
            cutoff_at=facts["cutoff_at"],
            published_at=facts["published_at"],
            is_simulated=bool(facts["is_simulated"]),
        )
    finally:
        reads.close()


class _Noted:
    """What people noted about issues, and the names it is told with."""

    def __init__(self, viewer: Viewer, reads: Reader, issues: pl.DataFrame) -> None:
        merged = issues.filter(pl.col("merged_into").is_not_null()).select("issue_id", "merged_into")
        self.same = issue_board.same_as(dict(merged.iter_rows()))
        self.units: dict[str, str] = dict(reads.board_units().select("unit_id", "unit_name").iter_rows())
        self.decisions = issue_deciding.in_force(issue_records.decisions(viewer), self.same)
        self.plan = issue_deciding.in_order(issue_records.plan_items(viewer))

    def ids(self, issue_id: str) -> tuple[str, ...]:
        """An issue and those that were merged into it."""
        return (issue_id, *self.same.get(issue_id, ()))


def _candidate(viewer: Viewer, reads: Reader, noted: _Noted, issue: Mapping[str, Any]) -> Candidate:
    issue_id = str(issue["issue_id"])
    ids = noted.ids(issue_id)
    decision = noted.decisions.get(issue_id)
    return Candidate(
        issue=issue,
        evidence=evidence(issue),
        months=reads.issue_months(issue_id),
        units=reads.issue_units(issue_id).sort("order_count", "unit_id", descending=[True, False]),
        orders=_orders(viewer, reads, noted, issue_id),
        examples=reads.issue_orders(issue_id, EXAMPLES).with_columns(pl.coalesce("body", "title").alias("text")),
        hidden_count=int(issue["need_to_know_count"] or 0),
        history=_history(viewer, reads, noted, ids),
        decision=_decided(decision, noted.units) if decision else None,
        plan=[_planned(item, noted.units) for item in noted.plan if item.issue_id in ids],
    )


def _orders(viewer: Viewer, reads: Reader, noted: _Noted, issue_id: str) -> pl.DataFrame:
    """The orders that may be listed, the newest first."""
    members = reads.limited(viewer.orders).issue_members(issue_id).filter(~pl.col("is_need_to_know")).head(LISTED)
    names = reads.topic_names()
    return members.with_columns(
        pl.col("unit_id").replace_strict(noted.units, default=pl.col("unit_id")).alias("unit_name"),
        pl.col("topic_code").replace_strict(names, default=pl.col("topic_code")).alias("topic_name"),
    ).select(ORDER_COLUMNS)


def _history(viewer: Viewer, reads: Reader, noted: _Noted, ids: tuple[str, ...]) -> list[str]:
    """The newest events of its identity and every decision taken before, one sentence each."""
    told = [
        issue_board.history_told(row, ids[0]).rstrip("。") for row in reads.issue_history(ids).iter_rows(named=True)
    ]
    decided = [
        issue_deciding.told(each, noted.units).rstrip("。") for each in issue_records.decision_history(viewer, ids)
    ]
    return [*told[-HISTORY:], *decided[-HISTORY:]]


def _decided(decision: NotedDecision, units: Mapping[str, str]) -> Decision:
    return Decision(
        choice=decision.decision,
        reason=decision.reason,
        lead=units.get(decision.lead_unit_id or "", decision.lead_unit_id or ""),
        supporting="、".join(units.get(each, each) for each in decision.supporting_unit_ids),
    )


def _planned(item: NotedPlanItem, units: Mapping[str, str]) -> PlanItem:
    unit = units.get(item.unit_id or "", item.unit_id or labels.MISSING)
    return PlanItem(item.kind, item.item_text, unit, issue_deciding.due(item), item.state)


def _rules(reads: Reader) -> str:
    """The rules whose answers count as resolved and satisfied."""
    named = reads.rules().select("rule_name", "rule_status").iter_rows()
    return "、".join(f"{name}（{STATUSES[status]}规则）" for name, status in named)


def _weights(reads: Reader) -> str:
    """How the four scores make one, as the snapshot was ranked."""
    weights = reads.issue_settings().scoring["weights"]
    told = "、".join(f"{SCORES[f'{name}_score']} {weight:.2f}" for name, weight in weights.items())
    return f"权重（建议值）：{told}。"
