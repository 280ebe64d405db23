"""What the meeting writes itself, prepared: 一方案三清单, agenda and minutes, with what was already decided filled in."""

from collections.abc import Sequence

from docx.document import Document

from hotline12345.dashboard import labels
from hotline12345.dashboard.documents import official_styles as styles
from hotline12345.dashboard.documents.issue_content import Candidate, PackContent, PlanItem
from hotline12345.dashboard.documents.official import Grid, add, add_table, chinese_number
from hotline12345.dashboard.issue_deciding import DECISIONS, LEAD, LISTS, MEANINGS
from hotline12345.sql.records.board_events import CHOSEN

_BLANK = "（待填）"
_EMPTY_LINES = 3
_FEW = 3  # candidates that each get a template, chosen or not
_HEAD = ("序号", "内容", "责任单位", "完成时限", "状态")
_WIDTHS = (12, 68, 30, 28, 18)


def plans(made: Document, pack: PackContent) -> None:
    """A page of 一方案三清单 for each problem that has one or may get one; what was noted is filled in, the rest is empty."""
    add(made, "三、一方案三清单（模板）", styles.HEADINGS[0], new_page=True)
    planned = pack.candidates
    if len(planned) > _FEW:
        planned = [each for each in planned if each.plan or (each.decision and each.decision.choice == CHOSEN)]
        add(made, "会议选定的问题逐个填写，尚未选定的不列。", styles.CELL)
    for number, candidate in enumerate(planned, start=1):
        add(made, f"（{chinese_number(number)}）{candidate.name}", styles.HEADINGS[1], new_page=number > 1)
        supporting = candidate.decision.supporting if candidate.decision else ""
        _template(made, candidate.lead, supporting, candidate.plan)
    if not planned:
        add(made, f"（一）{_BLANK}", styles.HEADINGS[1])
        _template(made, _BLANK, "", ())


def _template(made: Document, lead: str, supporting: str, plan: Sequence[PlanItem]) -> None:
    add(made, f"{LEAD}：{lead}", styles.CELL)
    add(made, f"配合单位：{supporting or _BLANK}", styles.CELL)
    for kind, title in LISTS.items():
        add(made, f"{title}：{MEANINGS[kind]}", styles.HEADINGS[2])
        noted = [(item.text, item.unit, item.due, item.state) for item in plan if item.kind == kind]
        lines = noted or [("",) * 4] * _EMPTY_LINES
        add_table(made, Grid(_HEAD, [(str(n), *line) for n, line in enumerate(lines, start=1)], _WIDTHS))


def agenda(made: Document, pack: PackContent) -> None:
    """The draft of an agenda."""
    add(made, "四、会议议程（草稿）", styles.HEADINGS[0], new_page=True)
    for name in ("时间", "地点", "主持", "参加单位"):
        add(made, f"{name}：{_BLANK}")
    topics = "；".join(candidate.name for candidate in pack.candidates)
    for line in (
        f"（一）听取候选问题情况汇报：数据口径、排名和证据，共 {len(pack.candidates)} 个问题",
        f"（二）逐题研究：{topics}",
        "（三）研究确定选定、暂缓和暂不纳入的问题，说明理由",
        "（四）研究确定牵头单位和配合单位",
        "（五）部署一方案三清单的编制和时限",
        "（六）其他事项",
    ):
        add(made, line)


def minutes(made: Document, pack: PackContent) -> None:
    """The draft of minutes, with a table of what was or is to be decided."""
    add(made, "五、会议纪要（草稿）", styles.HEADINGS[0], new_page=True)
    add(
        made,
        f"{_BLANK}年{_BLANK}月{_BLANK}日，{_BLANK}主持召开“每月一题”专题会，研究{labels.month(pack.month)}候选问题。"
        "会议听取了候选问题情况汇报，进行了讨论。现将议定事项纪要如下：",
    )
    rows = [
        (str(number), candidate.name, *_decided(candidate)) for number, candidate in enumerate(pack.candidates, start=1)
    ]
    head = ("序号", "问题", "决定", "理由", LEAD, "配合单位")
    add_table(made, Grid(head, rows, (12, 38, 24, 36, 26, 20)))
    for line in (
        f"（一）关于工作要求。选定的问题由牵头单位于{_BLANK}前编制一方案三清单，报{_BLANK}。",
        "（二）关于跟踪评估。按月跟踪诉求量、解决情况和解决后再次反映的变化，与决定之前对照，不据此认定原因。",
        f"（三）关于其他事项。{_BLANK}",
    ):
        add(made, line)
    add(made, f"参加人员：{_BLANK}")


def _decided(candidate: Candidate) -> tuple[str, str, str, str]:
    decision = candidate.decision
    if decision is None:
        return "\n".join(f"□{choice}" for choice in DECISIONS), "", candidate.lead, ""
    return decision.choice, decision.reason, candidate.lead, decision.supporting
