"""What an evidence pack of 每月一题 is made of: frames and texts, gathered before any file is written.

Nothing here comes from a need-to-know order but its count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.months import moved
from hotline12345.dashboard.score_evidence import Evidence

SCORES = {
    "frequency_score": "高频",
    "breadth_score": "共性",
    "difficulty_score": "难点",
    "urgency_score": "紧迫",
    "issue_score": "总分",
}
ORDER_COLUMNS = (
    *("order_id", "created_at", "closed_at", "unit_name", "place_town", "community", "topic_name", "seven_five"),
    *("is_resolved", "is_satisfied", "occurrence", "is_returned", "is_whistled", "is_excluded", "is_suspended"),
)


@dataclass(frozen=True)
class PlanItem:
    """One line of 一方案三清单; `kind` is one of KINDS of the board's records, `due` a day in words."""

    kind: str
    text: str
    unit: str
    due: str
    state: str


@dataclass(frozen=True)
class Decision:
    """What the meeting decided about a candidate, as it stands."""

    choice: str
    reason: str
    lead: str
    supporting: str


@dataclass(frozen=True)
class Candidate:
    """One problem with everything that is shown of it.

    Attributes:
        issue: its row of mart_issues.
        evidence: the measures behind its scores.
        months: grain created_month, unit_name: order_count, resolution_asked_count, resolved_count, satisfaction_asked_count,
            satisfied_count, recurrence_count.
        units: grain unit_name, those of most orders first: order_count, people_count and the counts of `months`.
        orders: grain order_id, all that may be listed, the newest first: columns `ORDER_COLUMNS`, no texts, no callers.
        examples: those that represent it best: created_at, place_town, community, unit_name and the masked text.
        hidden_count: need-to-know orders, which are counted and never listed.
        history: what happened to it, one sentence each.
        decision: None where none was taken.
        plan: 一方案三清单 as far as it was written down.
    """

    issue: Mapping[str, Any]
    evidence: Sequence[Evidence]
    months: pl.DataFrame
    units: pl.DataFrame
    orders: pl.DataFrame
    examples: pl.DataFrame
    hidden_count: int
    history: Sequence[str] = ()
    decision: Decision | None = None
    plan: Sequence[PlanItem] = ()

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.issue["issue_name"])

    @property
    def lead(self) -> str:
        """The unit that was decided on, else the one that undertook most of its orders."""
        if self.decision and self.decision.lead:
            return self.decision.lead
        return str(self.units["unit_name"][0]) if self.units.height else labels.MISSING

    @property
    def unlisted_count(self) -> int:
        """Orders that are counted and not listed, though not need-to-know: beyond the number of rows that is read."""
        return max(0, int(self.issue["order_count"]) - self.hidden_count - self.orders.height)

    @property
    def missing_note(self) -> str:
        """Which of its orders are not listed, as one sentence; empty where all are."""
        parts = []
        if self.hidden_count:
            parts.append(f"另有 {self.hidden_count:,} 件举报或保密工单计数但不列出")
        if self.unlisted_count:
            parts.append(f"另有 {self.unlisted_count:,} 件超出行数上限未列出")
        return "；".join(parts) + "。" if parts else ""


@dataclass(frozen=True)
class PackContent:
    """One pack.

    Attributes:
        month: first day of the month whose meeting it is for.
        candidates: by rank.
        rules: what counts as resolved and satisfied, by which rules.
        weights: how the four scores make one, as one sentence.
        cutoff_at: the newest time the data know of.
        published_at: when the state of the data was published; the date of the files.
        is_simulated: whether the data are invented.
    """

    month: date
    candidates: Sequence[Candidate]
    rules: str
    weights: str
    cutoff_at: datetime | None
    published_at: datetime
    is_simulated: bool

    @property
    def title(self) -> str:
        """The pack's title."""
        return f"{labels.month(self.month)}“每月一题”候选问题材料"

    def months(self, count: int) -> list[date]:
        """The last so many months up to the one of the newest order."""
        newest: datetime = max(candidate.issue["last_at"] for candidate in self.candidates)
        return [moved(newest.date().replace(day=1), back) for back in range(1 - count, 1)]

    @property
    def span(self) -> str:
        """The days that the candidates' orders lie in."""
        firsts = [candidate.issue["first_at"] for candidate in self.candidates]
        lasts = [candidate.issue["last_at"] for candidate in self.candidates]
        return f"{labels.day(min(firsts))}至{labels.day(max(lasts))}"

    def basis(self) -> str:
        """What figures stand on: the period, the rule, the cut-off."""
        return (
            f"统计期：{self.span}（按工单创建时间）；规则：{self.rules}；数据截至：{labels.moment(self.cutoff_at)}；"
            f"{labels.DISCLAIMER}。"
        )

    @property
    def definition(self) -> list[str]:
        """What the figures mean, line by line, for the end of a document and a sheet of its own."""
        simulated = [labels.SIMULATED] if self.is_simulated else []
        return [*simulated, self.basis(), self.weights, *DEFINITIONS, f"发布：{labels.moment(self.published_at)}"]


DEFINITIONS = (
    "诉求人数：按诉求人去重；没有诉求人信息的工单各算一人。同一人多次来电只算一人。",
    "诉求量：全口径，含剔除、挂账以及举报、保密工单。举报和保密工单只计数，不列为示例，不出现在工单明细中。",
    "解决、满意：分母是有答复的工单，没有答复的不计；分子按在用规则认可的答复计。不是考核的解决率、满意率。",
    "解决后再次反映：同一地点、同一问题在解决之后又有人反映；解决之前的反映算同一次。",
    "四项得分（高频、共性、难点、紧迫）各为 0—100；不能得出的一项不计入总分。得分只用于排序，是否列入每月一题由会议决定。",
    "名次稳定性：权重在建议值附近变动时，该问题仍列在前面的比例。",
    "共性问题：一类问题在多处出现；点位事件：一处一事，作为共性问题的证据和属地的待办。",
    "建议牵头单位：没有会议决定时，为承办该问题工单最多的单位，供会议参考。",
)
