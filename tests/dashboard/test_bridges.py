"""为什么变了: the causes add up exactly on any history, and each is what it says."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import fsum
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest
from made_history import DAYS, PERIODS, make_history, publish_at
from made_warehouse import UNIT_HEADER

from hotline12345.dashboard import bridge_words
from hotline12345.dashboard.bridge_states import BridgeError, BridgeStates, Moment, Question
from hotline12345.dashboard.bridges import INDICATORS, SCORE, Bridge, build_bridge, shown_parts
from hotline12345.sql.period_replay import replay_period
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.rules import EXAMPLES, load_rule
from hotline12345.sql.storage import Storage

EVERY = (*INDICATORS, SCORE)
RULE = "example-10-50-40"
END = datetime(2026, 3, 19)  # of the period 2026-03


@pytest.fixture(scope="module", params=[7, 9])
def states(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BridgeStates:
    """A random history: late callbacks, other answers, flags, other units, a renamed unit."""
    storage = Storage.at(tmp_path_factory.mktemp("bridged"))
    connection, snapshot = make_history(storage, request.param)
    connection.close()
    return BridgeStates(storage, snapshot)


def questions() -> list[Question]:
    """One period at two times, two periods; a unit and a group."""
    earlier, later, across = Moment(PERIODS[0], DAYS[2]), Moment(PERIODS[0]), Moment(PERIODS[1], DAYS[3])
    running, published = Moment(PERIODS[1]), Moment(PERIODS[0], DAYS[5])
    pairs = [(earlier, later), (later, running), (earlier, across), (across, running), (published, running)]
    return [Question(unit, *pair) for unit, pair in zip(("街镇", "街镇", "乙镇", "街镇", "甲街道"), pairs, strict=True)]


def is_exact(bridge: Bridge) -> bool:
    """Whether causes, orders and units add up to the difference."""
    parts = bridge.causes["contribution"].to_list()
    return abs(fsum(parts) - bridge.difference) < 1e-9


@pytest.mark.parametrize(
    "question", questions(), ids=lambda question: f"{question.unit}-{question.start}-{question.end}"
)
def test_causes_add_up_exactly_and_change_sign_with_the_direction(states: BridgeStates, question: Question) -> None:
    answer = states.answer(question)
    backward = replace(answer, chain=replace(answer.chain, is_reversed=True))
    told = 0
    for indicator in EVERY:
        there, back = build_bridge(answer.chain, indicator), build_bridge(backward.chain, indicator)
        assert bool(there.refusal) == bool(back.refusal)
        if there.refusal:
            assert there.causes.is_empty() and there.refusal in bridge_words.paragraph(answer, there)
            continue
        told += 1
        assert is_exact(there) and is_exact(back)
        assert there.difference == pytest.approx(-back.difference, abs=1e-12)
        assert there.causes["cause"].to_list() == back.causes["cause"].to_list()
        assert there.causes["contribution"].to_list() == pytest.approx([-part for part in back.causes["contribution"]])
        figure = "score" if indicator == SCORE else indicator
        sides = [answer.chain.before.totals, answer.chain.after.totals]
        if indicator != SCORE:
            rates = [side[f"{figure}_thousandths"] / 1000 / side[f"{figure}_denominator"] for side in sides]
            assert there.difference == pytest.approx(100 * (rates[1] - rates[0]), abs=1e-9)
            assert abs(fsum(there.orders["contribution"]) - there.difference) < 1e-9
        if answer.is_group:
            parts = fsum([*there.units["structure"], *there.units["performance"]])
            ruled = there.causes.filter(pl.col("cause").is_in(["口径变更", "指标适用性", "取整"]))["contribution"]
            assert parts == pytest.approx(there.difference - fsum(ruled), abs=1e-9)
    assert told or not answer.is_group


def test_a_question_asked_backwards_gets_the_reversed_chain(small_town: BridgeStates) -> None:
    there, back = Moment("2026-03", FIRST), Moment("2026-03")
    bridges = [
        build_bridge(small_town.answer(Question("甲镇", *pair)).chain, SCORE) for pair in ((there, back), (back, there))
    ]
    assert (bridges[0].start, bridges[0].end) == (bridges[1].end, bridges[1].start)
    assert bridges[0].causes["contribution"].to_list() == [-part for part in bridges[1].causes["contribution"]]


def order(number: int, **said: Any) -> dict[str, Any]:
    """A valid, solved, satisfied order of 甲镇 in the period 2026-03."""
    return {
        "order_id": f"T{number:02d}",
        "unit_name": "甲镇",
        "created_at": datetime(2026, 3, 1) + timedelta(hours=number),
        "is_valid_callback": True,
        "is_contacted": True,
        "resolution": "解决",
        "satisfaction": "满意",
        "is_simulated": False,
        **said,
    }


def town(
    folder: Path, exports: list[tuple[datetime, list[dict[str, Any]]]], rules: tuple[str, ...] = ()
) -> BridgeStates:
    """What a town's exports make, published after the last one. History is loaded at once, so the files' times count."""
    storage = Storage.at(folder)
    storage.make()
    lines = [UNIT_HEADER, "U1,甲镇,街镇,,,,,,", "U2,乙镇,街镇,,,,,,"]
    (storage.config / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for number, text in enumerate(rules):
        storage.rules.mkdir(exist_ok=True)
        (storage.rules / f"rule{number}.toml").write_text(text, encoding="utf-8")
    connection = made_warehouse.open_warehouse(storage)
    for known_at, rows in exports:
        made_warehouse.land(connection, storage, rows, known_at, loaded_at=datetime(2026, 6, 1))
    snapshot = publish_at(connection, storage, datetime(2026, 6, 1, 1))
    connection.close()
    return BridgeStates(storage, snapshot)


FIRST, LATER = datetime(2026, 3, 17, 12), datetime(2026, 3, 30, 12)
AWAITED: dict[str, Any] = {"is_valid_callback": None, "is_contacted": None, "resolution": None, "satisfaction": None}
UNSOLVED = {"resolution": "未解决", "satisfaction": "不满意"}


def twenty() -> list[tuple[datetime, list[dict[str, Any]]]]:
    """20 callbacks, 16 of them solved; then one of each thing that can happen to an order."""
    first = [order(n) for n in range(16)] + [order(n, **UNSOLVED) for n in range(16, 20)]
    first += [
        order(20, **AWAITED),
        order(21, **AWAITED),
        order(22, exclusion_tag="挂账", **UNSOLVED),
        order(23, unit_name="乙镇"),
        order(24, exclusion_tag="剔除"),
    ]
    timely = [order(20)]
    later = [
        order(0, unit_name="乙镇"),
        order(16),
        order(17, exclusion_tag="剔除", **UNSOLVED),
        order(21, **UNSOLVED),
        order(22, **UNSOLVED),
        order(23),
        order(24),
        order(1, order_type="表扬", is_valid_callback=False),
    ]
    return [(FIRST, first), (END - timedelta(hours=8), timely), (LATER, later)]


@pytest.fixture(scope="module")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> BridgeStates:
    """The town of `twenty`."""
    return town(tmp_path_factory.mktemp("town"), twenty())


def test_a_town_with_twenty_callbacks(small_town: BridgeStates) -> None:
    answer = small_town.answer(Question("甲镇", Moment("2026-03", FIRST), Moment("2026-03")))
    bridge = build_bridge(answer.chain, "resolution")
    # Before 16 of 20. After: T00 went to 乙镇, T01 lost its callback, T16 was judged anew, T17 is 剔除, T20 and T21 were
    # called back, T22 came back from 挂账, T23 came from 乙镇, T24's 剔除 was taken back: 18 of 22.
    assert (bridge.start, bridge.end) == (16 / 20, 18 / 22)
    middle, count = (16 / 20 + 18 / 22) / 2, (20 + 22) / 2
    solved, unsolved = (1 - middle) / count, -middle / count
    expected = {
        "新增回访": (1, solved),
        "迟到回访": (1, unsolved),
        "改判": (1, 1 / count),
        "剔除": (2, solved - unsolved),
        "挂账/销账": (1, unsolved),
        "改派": (2, 0.0),
        "其他更正": (1, -solved),
    }
    found = {cause: (orders, part / 100) for cause, orders, part in bridge.causes.iter_rows()}
    assert found.keys() == expected.keys()
    for cause, (orders, part) in expected.items():
        assert found[cause] == (orders, pytest.approx(part, abs=1e-12)), cause
    told = {(row["order_id"], row["cause"]): row for row in bridge_words.told_orders(answer, bridge).to_dicts()}
    assert told["T17", "剔除"] | {"contribution": 0} == {
        "order_id": "T17",
        "cause": "剔除",
        "detail": "剔除",
        "order_before": "未解决、不满意",
        "order_after": "已剔除",
        "contribution": 0,
    }
    assert told["T24", "剔除"]["detail"] == "撤销剔除" and told["T22", "挂账/销账"]["detail"] == "销账"
    assert told["T00", "改派"]["order_after"] == bridge_words.ELSEWHERE and told["T23", "改派"]["detail"] == "转入"


def test_the_paragraph_says_everything(small_town: BridgeStates) -> None:
    answer = small_town.answer(Question("甲镇", Moment("2026-03", FIRST), Moment("2026-03")))
    text = bridge_words.paragraph(answer, build_bridge(answer.chain, "resolution"))
    for part in (
        "甲镇解决率：2026年3月期（按 2026-03-17 12:00 已知） 80.00%（16/20）",
        "81.82%（18/22），上升 1.82 个百分点",
        "迟到回访 -3.85（1 件）",
        "合计 +1.82 个百分点，涉及工单 9 件",
        "在一般波动之内，不足以说明好坏",
        "2026年3月期为2026年2月19日至3月18日（期内，数据截至 2026-03-17 12:00；待回访，数据截至 2026-03-30 12:00）",
        "示例规则",
        "本系统测算，以正式通报为准",
    ):
        assert part in text, text


def test_a_group_says_that_it_is_pooled_and_how_its_parts_add_up(states: BridgeStates) -> None:
    """Every printed part of a group's score adds up to the printed difference; the 汇总 line stands beside it."""
    answer = states.answer(Question("街镇", Moment(PERIODS[0]), Moment(PERIODS[1], DAYS[3])))
    for indicator in (SCORE, "resolution"):
        bridge = build_bridge(answer.chain, indicator)
        text = bridge_words.paragraph(answer, bridge)
        told = re.search(
            r"个单位合并计算，与汇总行（各单位算术平均 (\S+).* → (\S+).*）不同；差额又可分为(.*?)，合计 (\S+) ", text
        )
        assert told, text
        parts = [float(part) for part in re.findall(r" ?([+-]?\d+\.\d\d)(?:、|$)", told[3])]
        assert len(parts) == 2 + bridge.causes["cause"].is_in(bridge_words.NOT_OF_UNITS).sum()
        assert round(sum(parts), 2) == float(told[4]) == shown_parts([bridge.difference])[0] / 100
        name = "score" if indicator == SCORE else f"{indicator}_rate"
        means = [summary[f"{name}_mean"] for summary in answer.summaries]
        digits, factor = (1, 1) if indicator == SCORE else (2, 100)
        for shown, mean in zip((told[1], told[2]), means, strict=True):
            assert float(shown.rstrip("%")) == pytest.approx(factor * mean, abs=10**-digits)


def test_two_periods(tmp_path: Path) -> None:
    """P1: 10 callbacks, 8 solved, one more 剔除 unsolved. P2: 10 of which one late, one judged anew, one 剔除, one moved in."""
    earlier = [order(n, **(UNSOLVED if n < 2 else {})) for n in range(10)] + [
        order(10, exclusion_tag="剔除", **UNSOLVED)
    ]
    month = timedelta(days=28)
    later = [order(n, created_at=datetime(2026, 3, 20) + timedelta(hours=n)) for n in range(30, 42)]
    later[0] |= UNSOLVED
    later[1] |= {"unit_name": "乙镇"}
    later[2] |= AWAITED
    after = [
        later[0] | {"resolution": "解决"},
        later[1] | {"unit_name": "甲镇"},
        later[2] | {**order(0), **_key(later[2])},
    ]
    after += [later[3] | {"exclusion_tag": "剔除"}]
    exports = [(END, earlier), (END + month, later), (END + 2 * month, after)]
    answer = town(tmp_path, exports).answer(Question("甲镇", Moment("2026-03"), Moment("2026-04")))
    bridge = build_bridge(answer.chain, "resolution")
    reference, count = 8 / 11, 11
    assert (bridge.start, bridge.end) == (8 / 10, 11 / 11)
    expected = {
        "上期基数": (1, reference - 8 / 10),
        "新增回访": (10, (9 - 10 * reference) / count),
        "迟到回访": (1, (1 - reference) / count),
        "改判": (1, 1 / count),
        "剔除": (1, -(1 - reference) / count),
        "改派": (1, (1 - reference) / count),
    }
    found = {cause: (orders, part / 100) for cause, orders, part in bridge.causes.iter_rows()}
    assert found.keys() == expected.keys()
    for cause, (orders, part) in expected.items():
        assert found[cause] == (orders, pytest.approx(part, abs=1e-12)), cause
    assert "上期基数指2026年3月期撤回剔除和挂账后的变化" in bridge_words.paragraph(answer, bridge)


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("order_id", "created_at")}


def test_the_earlier_period_is_brought_to_the_later_one_s_age(tmp_path: Path) -> None:
    """Asked as of its first days, the earlier period is held at the age of the later one, and not younger."""
    early, on_time = datetime(2026, 2, 25, 12), datetime(2026, 3, 10, 12)
    first = [order(n, created_at=datetime(2026, 2, 20, n)) for n in range(4)]
    more = [order(n, created_at=datetime(2026, 2, 21, n), **UNSOLVED) for n in range(10, 14)]
    last = [order(n, created_at=datetime(2026, 3, 20, n)) for n in range(20, 24)]
    exports = [(early, first), (on_time, more), (datetime(2026, 4, 7, 12), last)]
    bridges = {}
    states = town(tmp_path, exports)
    for as_of in (early, None):
        answer = states.answer(Question("甲镇", Moment("2026-03", as_of), Moment("2026-04")))
        bridges[as_of] = build_bridge(answer.chain, "resolution")
    told = {as_of: dict(bridge.causes.select("cause", "contribution").iter_rows()) for as_of, bridge in bridges.items()}
    assert told[early] == {"上期基数": pytest.approx(-50), "新增回访": pytest.approx(50)}
    assert told[None] == {"新增回访": pytest.approx(50)}


def test_another_rule_is_a_cause_of_its_own(tmp_path: Path) -> None:
    text = (EXAMPLES / f"{RULE}.toml").read_text(encoding="utf-8")
    changed = (
        text.replace(RULE, "second").replace('"基本满意" = 0.9', '"基本满意" = 0.5').replace('"示例规则：', '"新规则：')
    )
    old, new = _dated(text, "2025-01-01", "2026-03-01"), _dated(changed, "2026-03-01", "")
    partly = {"satisfaction": "基本满意"}
    rows = [order(n, **partly) for n in range(8)]
    rows += [order(n, created_at=datetime(2026, 3, 20, n), **partly) for n in range(10, 20)]
    answer = town(tmp_path, [(datetime(2026, 4, 10), rows)], (old, new)).answer(
        Question("甲镇", Moment("2026-03"), Moment("2026-04"))
    )
    bridge = build_bridge(answer.chain, "satisfaction")
    found = dict(bridge.causes.select("cause", "contribution").iter_rows())
    assert found["口径变更"] == pytest.approx(-40) and bridge.difference == pytest.approx(-40)
    assert fsum(part for cause, part in found.items() if cause != "口径变更") == pytest.approx(0, abs=1e-9)
    score = build_bridge(answer.chain, SCORE)
    assert dict(score.causes.select("cause", "contribution").iter_rows())["口径变更"] == pytest.approx(-16)
    assert "，较晚一端为新规则" in bridge_words.paragraph(answer, bridge)


def _dated(text: str, valid_from: str, valid_to: str) -> str:
    lines = [line for line in text.splitlines() if not line.startswith(("valid_from", "valid_to"))]
    dates = [f"valid_from = {valid_from}", *([f"valid_to = {valid_to}"] if valid_to else [])]
    return "\n".join([*dates, *lines]) + "\n"


def test_a_state_without_callbacks_has_no_bridge_and_says_so(tmp_path: Path) -> None:
    exports = [(FIRST, [order(1, **AWAITED)]), (LATER, [order(1)])]
    answer = town(tmp_path, exports).answer(Question("甲镇", Moment("2026-03", FIRST), Moment("2026-03")))
    for indicator in ("resolution", SCORE):
        bridge = build_bridge(answer.chain, indicator)
        assert bridge.refusal.startswith("起点没有") and bridge.start is None and bridge.end is not None
        assert bridge.refusal in bridge_words.paragraph(answer, bridge)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            Question("丁镇", Moment("2026-03"), Moment("2026-03", FIRST)),
            "没有单位“丁镇”。单位：乙镇、甲镇。也可写单位组：街镇",
        ),
        (Question("甲镇", Moment("2026-03"), Moment("2027-01")), "没有周期“2027-01”。现有 2026-03 至 2026-03"),
        (Question("甲镇", Moment("2026-03"), Moment("2026-03"), "none"), f"没有规则“none”。现有规则：{RULE}"),
        (Question("甲镇", Moment("2026-03", datetime(2026, 1, 1)), Moment("2026-03")), "还没有任何数据"),
    ],
)
def test_a_wrong_question_is_told_what_there_is(small_town: BridgeStates, question: Question, said: str) -> None:
    with pytest.raises(BridgeError, match=said):
        small_town.answer(question)


VARIANTS = sorted((*EXAMPLES.glob("*.toml"), *EXAMPLES.glob("variants/*.toml")))


@pytest.fixture(scope="module")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storage, Snapshot]:
    """A random history."""
    storage = Storage.at(tmp_path_factory.mktemp("told"))
    connection, snapshot = make_history(storage, 11)
    connection.close()
    return storage, snapshot


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
def test_first_answers_are_read_as_the_ledger_reads_them(told_once: tuple[Storage, Snapshot], path: Path) -> None:
    """Of an order whose valid callback came with its present version, what was first told is what the ledger counts."""
    storage, snapshot = told_once
    rule = replace(load_rule(path), valid_from=date(2000, 1, 1), valid_to=None)
    period_id = "2026" if rule.period_length == "year" else PERIODS[0]
    reader = Reader(storage, snapshot, replay_period(snapshot, period_id, None, rules=[rule]))
    units = reader.unit_scores(rule.id, period_id)["unit_id"].to_list()
    frame = reader.bridge_orders(rule.id, period_id, units)
    told = frame.filter((pl.col("known_at") == pl.col("callback_known_at")) & (pl.col("reason_code") == "counted"))
    assert told.height > 3
    for indicator in ("response", "resolution", "satisfaction"):
        assert told[f"first_{indicator}_value"].to_list() == told[f"{indicator}_value"].to_list()
    assert (told["first_unit_id"] == told["unit_id"]).sum() > 3


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([1.005, -1.005], [101, -101]),
        ([1 / 3, 1 / 3, 1 / 3], [34, 33, 33]),
        ([-1 / 3, -1 / 3, -1 / 3], [-33, -33, -34]),
        ([0.004, 0.004], [1, 0]),
        ([], []),
    ],
)
def test_shown_parts_add_up(parts: list[float], shown: list[int]) -> None:
    found = shown_parts(parts)
    assert sorted(found) == sorted(shown) or sum(found) == sum(shown)
