"""What an order's story says beside the rates, and that its reasons agree with the rule that made the ledger."""

from collections.abc import Iterator

import made_rates
import pytest
from made_rates import order

from hotline12345.dashboard.rule_words import clause_of_reason
from hotline12345.dashboard.stories import COUNTED, answers, counting, flags, reason_of_rate
from hotline12345.sql.period_replay import replay_period
from hotline12345.sql.reads import Reader
from hotline12345.sql.rules import EXAMPLES, load_rule

RULES = {rule.id: rule for rule in map(load_rule, sorted(EXAMPLES.rglob("*.toml"))) if rule.period_length == "month"}
MORE = (
    order("B1", None, "未评价"),
    order("B2", "解决", "满意", assessment_kind="只评价响应率"),
    order("B3", None, None, is_valid_callback=None, is_contacted=None),
    order("B4", "部分解决", "一般", exclusion_tag="挂账", exclusion_kind="历史遗留"),
    order("B5", "解决", None, resolution_city="未解决", is_valid_callback_city=True, satisfaction_first="不满意"),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The period counted under every shipped rule with months."""
    times = {"dispatched_at": made_rates.AT, "closed_at": made_rates.AT, "due_at": made_rates.LATE}
    rows = [{**row, **times} for row in (*made_rates.ORDERS, *MORE)]
    storage, snapshot = made_rates.published(tmp_path_factory.mktemp("stories"), rows)
    found = Reader(storage, snapshot, replay_period(snapshot, made_rates.PERIOD, None, rules=list(RULES.values())))
    yield found
    found.close()


def staged(reader: Reader) -> dict[str, dict[str, object]]:
    frame = reader._query("select * from staging.orders")
    return {row["order_id"]: row for row in frame.iter_rows(named=True)}


def test_a_reason_never_contradicts_the_rule(reader: Reader) -> None:
    """not_answered only where the rule leaves blanks out, unreached_left_out only where others count against."""
    orders, seen = staged(reader), set()
    for order_id, stated in orders.items():
        for row in reader.order_ledger(order_id).iter_rows(named=True):
            rule = RULES[row["rule_id"]]
            for rate, base in rule.denominators.items():
                if row["reason_code"] in COUNTED and not row[f"is_in_{rate}"]:
                    reason = reason_of_rate(row, stated, rule, rate)
                    seen.add(reason)
                    assert reason != "not_answered" or base == "answered"
                    assert reason != "unreached_left_out" or base != "assessed"
                    assert clause_of_reason(rule, reason).text
    assert seen == {"response_only", "not_answered"}


def test_every_story_can_be_told(reader: Reader) -> None:
    orders = staged(reader)
    for order_id, stated in orders.items():
        ledger = reader.order_ledger(order_id)
        assert ledger.height >= len(RULES) - 1
        for row in ledger.iter_rows(named=True):
            scores = reader.unit_scores(row["rule_id"], row["period_id"]).rows_by_key(
                "unit_id", named=True, unique=True
            )
            unit = {"unit_id": row["unit_id"], **scores[row["unit_id"]]}
            names = [name for name, _ in counting(row, stated, RULES[row["rule_id"]], unit)]
            assert names[:2] == ["规则", "单位"]
            is_in = any(row[f"is_in_{rate}"] for rate in ("response", "resolution", "satisfaction", "on_time"))
            assert ("影响" in names) == is_in
            assert ("结论" in names) == (row["reason_code"] not in COUNTED)


def test_each_source_of_answers_stands_in_a_line_of_its_own(reader: Reader) -> None:
    told = list(answers(staged(reader)["B5"]))
    assert told[0] == "导出表的回访结果　是否有效回访：是；是否联系：是；解决情况：解决；是否满意：—"
    assert told[1] == "市级回访　是否有效回访：是；是否联系：—；解决情况：未解决；是否满意：—"
    assert told[2] == "首次答复　解决情况：—；是否满意：不满意"
    assert len(told) == 3


def test_the_four_flags_are_kept_apart(reader: Reader) -> None:
    orders = staged(reader)
    assert flags(orders["B4"]) == "剔除：否；挂账：是（历史遗留）；不计入诉求总量：否；只评价响应率：否"
    assert flags(orders["B2"]) == "剔除：否；挂账：否；不计入诉求总量：否；只评价响应率：是"
