"""What can be decided about issues and what a decision lacks; plans and year lists in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hotline12345.dashboard import labels
from hotline12345.dashboard.written_texts import has_personal_number
from hotline12345.sql.records.board_events import (
    CANCELLED,
    CHOSEN,
    DECLINED,
    DEFERRED,
    DONE,
    DUTY,
    KINDS,
    POLICY,
    SCHEME,
    TASK,
    WITHDRAWN,
    Decision,
    NotedDecision,
    NotedPlanItem,
    NotedYearEntry,
    PlanItem,
    YearEntry,
)
from hotline12345.sql.records.issue_events import IssueEdit

OPEN = "未决定"
LEAD = "建议牵头单位（待会议确定）"
LISTS = {SCHEME: "方案", TASK: "任务清单", DUTY: "责任清单", POLICY: "政策清单"}
LONGEST = 500  # characters of a reason or a line of a plan
DECISIONS = {
    CHOSEN: "列入每月一题，并定主题月",
    DEFERRED: "证据或时机不足，以后再议",
    DECLINED: "不适合作为每月一题，写明去向",
}
MEANINGS = {
    SCHEME: "怎样治理：目标、路径、完成标志",
    TASK: "逐月做什么，做到什么程度",
    DUTY: "哪个单位负责哪一段",
    POLICY: "要出台、修订或争取的政策",
}


class BoardError(Exception):
    """A decision, an entry or a line that cannot be noted; the Chinese message says what is missing."""


@dataclass(frozen=True)
class Progress:
    """How far a plan is at a day: lines that are done, lines that count (all but cancelled ones), and those past due."""

    done: int
    count: int
    overdue: Sequence[NotedPlanItem]

    @property
    def said(self) -> str:
        """`已完成 2/5 项，逾期 1 项`."""
        if not self.count:
            return "还没有列出措施"
        late = f"，逾期 {len(self.overdue)} 项" if self.overdue else ""
        return f"已完成 {self.done}/{self.count} 项{late}"


def in_force(decisions: Sequence[NotedDecision], same: Mapping[str, Sequence[str]]) -> dict[str, NotedDecision]:
    """issue_id → its decision in force; `same` names the issues merged into it, whose newer decision counts as well."""
    own = {each.issue_id: each for each in decisions}
    found = {}
    for issue_id in {*own, *same}:
        every = [own[each] for each in (issue_id, *same.get(issue_id, ())) if each in own]
        if every:
            found[issue_id] = max(every, key=lambda each: each.event_id)
    return found


def state(decision: NotedDecision | None) -> str:
    """`选定 2026年5月`, `暂缓`, `暂不纳入` or `未决定`."""
    if decision is None:
        return OPEN
    return f"{decision.decision} {labels.period(decision.theme_month)}" if decision.theme_month else decision.decision


def told(decision: NotedDecision, names: Mapping[str, str]) -> str:
    """One decision as a sentence; `names` are those of units."""
    parts = [f"{decision.at[:16]} {decision.who}：{state(decision)}"]
    if decision.decision == WITHDRAWN:
        parts = [f"{decision.at[:16]} {decision.who}：撤回了先前的决定"]
    if decision.lead_unit_id:
        parts.append(f"{LEAD}：{names.get(decision.lead_unit_id, decision.lead_unit_id)}")
    if decision.supporting_unit_ids:
        parts.append(f"配合：{'、'.join(names.get(each, each) for each in decision.supporting_unit_ids)}")
    return "；".join([*parts, f"理由：{decision.reason}"]) + "。"


def refuse_decision(decision: Decision, grain: str, grains: Sequence[str]) -> None:
    """BoardError where a decision lacks something; `grains` are those that the district chooses from."""
    _refuse_text(decision.reason, "理由", "写明依据，例如：涉及 9 个社区、三个月未降")
    if decision.decision == CHOSEN and grain not in grains:
        raise BoardError(
            f"本区只从{'、'.join(grains)}中选定，这是{grain}。请选定它所属的共性问题，或在 issues.toml 的 [choice] 中改 grains。"
        )
    if decision.decision == CHOSEN and not decision.theme_month:
        raise BoardError("选定时请填写主题月，跟踪从主题月算起。")
    if decision.lead_unit_id in decision.supporting_unit_ids:
        raise BoardError("同一单位不能既牵头又配合。请从配合单位中去掉它。")


def refuse_entry(
    entry: YearEntry, others: Sequence[NotedYearEntry], names: Mapping[str, str], least: int, most: int
) -> None:
    """BoardError where an entry of a year list lacks something, or has a problem that another theme of the year has."""
    _refuse_text(entry.theme_name, "主题名称", "例如：老旧小区供暖")
    _refuse_personal(entry.city_topic or "", "对应市级主题")
    if not least <= len(entry.issue_ids) <= most:
        raise BoardError(
            f"一个主题要有 {least}—{most} 个具体问题，现在选了 {len(entry.issue_ids)} 个。个数可在 issues.toml 的 [choice] 中改。"
        )
    for other in others:
        twice = sorted(set(entry.issue_ids) & set(other.issue_ids))
        if other.theme_month[:4] == entry.theme_month[:4] and twice:
            named = "、".join(names.get(each, each) for each in twice)
            raise BoardError(f"“{named}”已列在{labels.period(other.theme_month)}“{other.theme_name}”中。请只列一处。")


def refuse_edit(edit: IssueEdit) -> None:
    """BoardError where a change of an issue gives no reason, or tells of a person."""
    _refuse_text(edit.reason, "理由", "写明为什么这样调整，例如：两者是同一件事")
    _refuse_personal(edit.edited_name or "", "名称")


def refuse_item(item: PlanItem) -> None:
    """BoardError where a line of a plan says nothing or too much."""
    _refuse_text(item.item_text, "内容", "写明做什么、做到什么程度")


def progress(items: Sequence[NotedPlanItem], today: date) -> Progress:
    """How far a plan is; a line is overdue when its date has passed and it is neither done nor cancelled."""
    counted = [item for item in items if item.state != CANCELLED]
    late = [item for item in counted if item.state != DONE and item.due_date and item.due_date < today.isoformat()]
    return Progress(sum(item.state == DONE for item in counted), len(counted), late)


def in_order(items: Sequence[NotedPlanItem]) -> list[NotedPlanItem]:
    """The lines of a plan by list, then by date, those without a date last."""
    return sorted(items, key=lambda item: (KINDS.index(item.kind), item.due_date or "9", item.item_id))


def due(item: PlanItem) -> str:
    """`2026年6月30日`; — while open."""
    return labels.day(date.fromisoformat(item.due_date)) if item.due_date else labels.MISSING


def months_of(year: int) -> list[str]:
    """The twelve theme months of a year, `2026-01` … `2026-12`."""
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def next_months(cutoff_at: datetime, count: int = 12) -> list[str]:
    """Theme months that can be chosen: from half a year before the cut-off on, as `YYYY-MM`."""
    start = cutoff_at.year * 12 + cutoff_at.month - 1 - 6
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(start, start + 6 + count)]


def _refuse_text(text: str, name: str, advice: str) -> None:
    if not text.strip():
        raise BoardError(f"{name}没有填写。请{advice}。")
    if len(text) > LONGEST:
        raise BoardError(f"{name}有 {len(text)} 个字，最多 {LONGEST} 个。请精简。")
    _refuse_personal(text, name)


def _refuse_personal(text: str, name: str) -> None:
    """BoardError where a text holds a number of a telephone or an identity card."""
    if has_personal_number(text):
        raise BoardError(f"{name}中有电话或证件号码。请删去后再记录；要指明某件诉求，写工单编号。")
