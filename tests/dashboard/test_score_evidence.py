"""What stands behind each score, with what it is of."""

from datetime import datetime

import pytest

from hotline12345.dashboard.score_evidence import SCORES, UNKNOWN, evidence

ROW = {
    **{"people_count": 72, "order_count": 90, "repeat_caller_count": 10, "place": None, "season_months": "1、11、12月"},
    **{"month_count": 14, "persistent_month_count": 8, "known_month_count": 24},
    **{"year_order_count": 60, "previous_year_order_count": 40},
    **{"unit_count": 3, "unit_known_count": 88, "largest_unit_order_count": 44, "largest_unit_share": 0.5},
    **{"place_count": 9, "place_known_count": 80, "largest_place_order_count": 20, "largest_place_share": 0.25},
    **{
        "placed_people_count": 63,
        "concentrated_share": 0.6,
        "resolution_asked_count": 80,
        "unresolved_count": 20,
        "unresolved_share": 0.25,
    },
    **{"unsettled_count": 30, "unsettled_share": 0.375, "usual_unsettled_share": 0.182},
    **{"recurrence_count": 12, "resolved_occurrence_count": 30, "recurrence_rate": 0.4, "usual_recurrence_rate": 0.31},
    **{"satisfaction_asked_count": 50, "unsatisfied_count": 5, "unsatisfied_share": 0.1},
    **{"returned_count": None, "returned_share": None, "usual_returned_share": None, "whistled_count": 4},
    **{"held_count": 9, "held_share": 0.1, "usual_held_share": 0.037, "urgent_count": 2},
    **{"quarter_order_count": 30, "same_quarter_order_count": 10, "previous_quarter_order_count": None},
    **{"last_at": datetime(2026, 9, 28, 8), "known_until": datetime(2026, 9, 30, 18)},
}


def told(row: dict[str, object]) -> dict[str, tuple[str, str]]:
    return {line.measure: (line.value, line.of) for line in evidence(row)}


def test_every_score_has_evidence_in_order() -> None:
    scores = [line.score for line in evidence(ROW)]
    assert list(dict.fromkeys(scores)) == ["高频", "共性", "难点", "紧迫"] and len(SCORES) == 4


@pytest.mark.parametrize(
    ("measure", "value", "of"),
    [
        ("诉求人数", "72 人", "工单 90 件；其中 10 人反映两次及以上"),
        ("达到门槛的月数", "8 个月", "数据覆盖 24 个月"),
        ("集中程度", "60.0%", "能确定点位的 80 件中，超出各点位按总量应有件数的部分"),
        ("季节月份", "1、11、12月", "至少两年同一月份都达到门槛"),
        ("近12个月诉求量", "60 件", "上一个12个月 40 件，+50.0%"),
        ("涉及单位", "3 个", "最多的一个占写明承办单位的工单 44/88（50.0%）"),
        ("每处人数", "7.0", "能确定点位的 63 人，9 处"),
        ("未解决或再次反映", "30 件", "占答了是否解决的工单 30/80（37.5%），全部问题合计 18.2%"),
        ("解决后再次反映", "12 次", "占已答复解决的次数 12/30（40.0%），全部问题合计 31.0%"),
        ("不满意", "5 件", "占答了是否满意的工单 5/50（10.0%）"),
        ("退单", "—", UNKNOWN),
        ("近3个月诉求量", "30 件", "上年同期 10 件，+200.0%；再前3个月没有可比的数据"),
        ("最近一次反映", "2026-09-28 08:00", "统计截止 2026-09-30 18:00"),
    ],
)
def test_each_measure_says_what_it_is_of(measure: str, value: str, of: str) -> None:
    assert told(ROW)[measure] == (value, of)


def test_an_event_has_one_place_and_says_so() -> None:
    assert told({**ROW, "place": "东里"})["涉及点位"] == ("1 处", "点位事件只有一处，共性不计")
    assert "每处人数" not in told({**ROW, "place": "东里"})


def test_nobody_who_answered_is_unknown_not_zero() -> None:
    row = {**ROW, "resolution_asked_count": 0, "unresolved_share": None, "unsettled_share": None}
    assert told(row)["未解决"] == ("—", UNKNOWN)
