"""Which steps an application for 剔除 or 挂账 may take, and what an entry lacks. Pure."""

from collections.abc import Iterable
from datetime import date

from hotline12345.dashboard.written_texts import has_personal_number
from hotline12345.sql.records.appeals import (
    ACCEPTED,
    DRAFTED,
    FILED,
    GRANTED,
    KINDS,
    REFUSED,
    SETTLED,
    SUSPENSION,
    WITHDRAWN,
    Appeal,
    NotedAppeal,
)

LONGEST_PIECE, LONGEST_RESULT, MOST_PIECES = 40, 300, 20
ENDED = (REFUSED, WITHDRAWN, SETTLED)
_NEXT = {
    DRAFTED: (DRAFTED, FILED, WITHDRAWN),
    FILED: (FILED, ACCEPTED, GRANTED, REFUSED, WITHDRAWN),
    ACCEPTED: (ACCEPTED, GRANTED, REFUSED, WITHDRAWN),
    GRANTED: (GRANTED,),
    REFUSED: (REFUSED,),
    SETTLED: (SETTLED,),
    WITHDRAWN: (),
}


class AppealError(Exception):
    """An entry that cannot be noted; the Chinese message says what is wrong and what is allowed."""


def next_states(before: Appeal | None) -> tuple[str, ...]:
    """The states that may be noted now: the first ones of a new application, else the one it is in and those after it."""
    if before is None:
        return DRAFTED, FILED
    settles = before.state == GRANTED and before.kind == SUSPENSION
    return (*_NEXT[before.state], *((SETTLED,) if settles else ()))


def assumed_date(before: NotedAppeal, state: str, today: date) -> str:
    """The date of a state for which none was given: the one it has where nothing changed, else today."""
    return before.state_date if state == before.state else today.isoformat()


def refuse_wrong(appeal: Appeal, before: NotedAppeal | None, others: Iterable[NotedAppeal], today: date) -> None:
    """AppealError for an entry that cannot follow `before` (None: a new one) beside the other applications."""
    if appeal.kind not in KINDS:
        raise AppealError(f"类型应为{'或'.join(KINDS)}。")
    allowed = next_states(before)
    if appeal.state not in allowed:
        now = f"现在是“{before.state}”，" if before else ""
        raise AppealError(f"{now}不能记为“{appeal.state}”。可以记：{'、'.join(allowed) or '无，该申请已经结束'}。")
    if before is None and any(
        (other.order_id, other.kind) == (appeal.order_id, appeal.kind) and other.state not in ENDED for other in others
    ):
        raise AppealError(f"工单 {appeal.order_id} 已有一件未结束的{appeal.kind}申请，请在那一件上更新。")
    _refuse_dates(appeal, before, today)
    _refuse_texts(appeal)


def _refuse_dates(appeal: Appeal, before: NotedAppeal | None, today: date) -> None:
    day = _date(appeal.state_date)
    if day > today:
        raise AppealError(f"“{appeal.state}”的日期 {appeal.state_date} 在今天之后。请填已经发生的日期。")
    earlier = [said for state, said in before.dates.items() if state != appeal.state] if before else []
    if earlier and appeal.state_date < max(earlier):
        raise AppealError(f"“{appeal.state}”的日期 {appeal.state_date} 早于上一步的 {max(earlier)}。请核对。")
    if appeal.settling_date is None:
        return
    if appeal.kind != SUSPENSION:
        raise AppealError("只有挂账才有销账期限。剔除请把销账期限留空。")
    if _date(appeal.settling_date) < min([day, *map(_date, earlier)]):
        raise AppealError(f"销账期限 {appeal.settling_date} 早于申请日期。请核对。")


def _refuse_texts(appeal: Appeal) -> None:
    names = [name for name, _ in appeal.evidence]
    if len(names) > MOST_PIECES or len(set(names)) < len(names) or not all(name.strip() for name in names):
        raise AppealError(f"证明材料最多 {MOST_PIECES} 项，每项一行，不能空白或重复。")
    if long := [name for name in names if len(name) > LONGEST_PIECE]:
        raise AppealError(f"证明材料“{long[0][:10]}…”超过 {LONGEST_PIECE} 个字。请写简短的名称。")
    if len(appeal.result_text) > LONGEST_RESULT:
        raise AppealError(f"结果说明有 {len(appeal.result_text)} 个字，最多 {LONGEST_RESULT} 个。请精简。")
    if any(map(has_personal_number, [*names, appeal.result_text])):
        raise AppealError("证明材料或结果说明中有电话或证件号码。请删去后再记录；要指明某件诉求，写工单编号。")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AppealError(f"无法识别日期“{text}”。请写成 2026-03-05。") from None
