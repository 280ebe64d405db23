"""States of a period and fair comparisons, one Specification each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from specification import Batch, Figures, Specification, variant

from hotline12345.dashboard import labels
from hotline12345.sql.reads import Reader

RULE = "example-10-50-40"
JIA, YI = "U1,甲镇,街镇,,,,,,", "U2,乙镇,街镇,,,,,,"
KINDS = {"previous": "环比", "year_ago": "同比"}
HEADER = "rule_id,period_id,frozen_at,kind,source\n"


def freezes(*periods: str) -> Mapping[str, str]:
    """A config folder in which these periods are final."""
    lines = [f"{RULE},{period},{period}-28 18:00:00,通报印发,测试" for period in periods]
    return {"freezes.csv": HEADER + "\n".join(lines) + "\n"}


def states(reader: Reader) -> Figures:
    """State and callbacks of each period, by its Chinese name."""
    return {labels.period(row["period_id"]) + "期": row for row in reader.periods(RULE).iter_rows(named=True)}


def compared(reader: Reader) -> Figures:
    """What 甲镇 is compared with in the newest period, as a page says it."""
    period_id = str(reader.periods(RULE)["period_id"][0])
    now = {row["unit_name"]: row for row in reader.unit_scores(RULE, period_id).iter_rows(named=True)}
    names = {row["unit_id"]: name for name, row in now.items()}
    found: dict[str, dict[str, Any]] = {}
    for row in reader.compared_scores(RULE, period_id).iter_rows(named=True):
        name = names[row["unit_id"]]
        found[f"{name}{KINDS[row['comparison']]}"] = {
            "比较的周期": labels.period(row["compared_period_id"]),
            "当时的解决率": labels.rate(row["resolution_rate"]),
            "解决率变化": labels.points(now[name]["resolution_rate"], row["resolution_rate"]),
            "受理量变化": labels.change(now[name]["received"], row["received"]),
        }
    return {"甲镇同比": {"比较的周期": None}, **found}


def volumes(reader: Reader) -> Figures:
    """万人诉求比 of each place."""
    return {row["unit_name"]: row for row in reader.place_volumes(RULE, "2026-03").iter_rows(named=True)}


def clocks(reader: Reader) -> Figures:
    """Orders of March by two clocks."""
    created, closed = (reader.unit_scores(rule, "2026-03")["received"].sum() for rule in ("by-created", "by-closed"))
    return {"2026年3月": {"受理": created, "办结": closed, "办结 / 受理": labels.rate(closed / created)}}


COMPARISONS = (
    Specification(
        "period-states",
        "期内、待回访、终",
        "周期没有结束是“期内”；结束了而没有定稿事件是“待回访”，不管过了多久；有了回访截止或通报印发的定稿事件才是“终”。新的一期有效回访未达最低数量时，页面仍打开上一期。",
        (
            Batch(
                """
                承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
                甲镇     | 2026-01-10 | 是           | 是       | 解决     | 满意
                甲镇     | 2026-02-10 | 是           | 是       | 解决     | 满意
                甲镇     | 2026-03-01 |              |          |          |
                甲镇     | 2026-03-20 |              |          |          |
                """,
                datetime(2026, 3, 25),
            ),
        ),
        {
            "2026年1月期": {"period_state": "待回访"},
            "2026年2月期": {"period_state": "终"},
            "2026年3月期": {"period_state": "待回访", "awaited": 1},
            "2026年4月期": {"period_state": "期内", "has_minimum_valid": False},
        },
        config=freezes("2026-02"),
        measure=states,
    ),
    Specification(
        "same-age",
        "没有定稿的一期，与上一期在同样天数时已知的情况比",
        "3 月期进行到第 11 天（3 月 1 日），就和 2 月期第 11 天（1 月 29 日）时已知的回访比：那天只有一件回访，解决率 100%，而不是后来的 50%。",
        (
            Batch(
                """
                工单编号 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
                A1       | 甲镇     | 2026-01-20 | 是           | 是       | 解决     | 满意
                A2       | 甲镇     | 2026-01-21 |              |          |          |
                """,
                datetime(2026, 1, 29),
            ),
            Batch(
                """
                工单编号 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
                A2       | 甲镇     | 2026-01-21 | 是           | 是       | 未解决   | 不满意
                """,
                datetime(2026, 2, 15),
            ),
            Batch(
                """
                件数 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
                3    | 甲镇     | 2026-02-20 | 是           | 是       | 解决     | 满意
                1    | 甲镇     | 2026-02-20 | 是           | 是       | 未解决   | 不满意
                """,
                datetime(2026, 3, 1),
            ),
        ),
        {
            "甲镇环比": {
                "比较的周期": "2026年2月",
                "当时的解决率": "100.0%",
                "解决率变化": "-25.0 个百分点",
                "受理量变化": "+100.0%",
            }
        },
        measure=compared,
    ),
    Specification(
        "points-and-percent",
        "比率的变化用百分点，件数的变化用百分之几，从 0 变来的不写百分比",
        "两期都已定稿。甲镇解决率从 50% 到 75%，是上升 25 个百分点；受理量从 2 件到 4 件，是 +100%。乙镇上期 0 件，写“—”。",
        (
            Batch(
                """
                件数 | 承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
                1    | 甲镇     | 2026-01-20 | 是           | 是       | 解决     | 满意
                1    | 甲镇     | 2026-01-20 | 是           | 是       | 未解决   | 不满意
                3    | 甲镇     | 2026-02-20 | 是           | 是       | 解决     | 满意
                1    | 甲镇     | 2026-02-20 | 是           | 是       | 未解决   | 不满意
                2    | 乙镇     | 2026-02-20 | 是           | 是       | 解决     | 满意
                """,
                datetime(2026, 4, 1),
            ),
        ),
        {
            "甲镇环比": {"解决率变化": "+25.0 个百分点", "受理量变化": "+100.0%"},
            "乙镇环比": {"解决率变化": "—", "受理量变化": "—"},
        },
        units=(JIA, YI),
        config=freezes("2026-02", "2026-03"),
        measure=compared,
    ),
    Specification(
        "epidemic-years",
        "2020–2022 年不作同比的基数",
        "疫情期间的诉求量不能当作季节的常态：2023 年 3 月期没有同比，写“—”。",
        (
            Batch(
                """
                承办单位 | 创建时间   | 是否有效回访 | 是否联系 | 解决情况 | 是否满意
                甲镇     | 2022-03-01 | 是           | 是       | 解决     | 满意
                甲镇     | 2023-02-01 | 是           | 是       | 解决     | 满意
                甲镇     | 2023-03-01 | 是           | 是       | 解决     | 满意
                """,
                datetime(2023, 4, 1),
            ),
        ),
        {"甲镇环比": {"比较的周期": "2023年2月"}, "甲镇同比": {"比较的周期": None}},
        config=freezes("2022-03", "2023-02", "2023-03"),
        measure=compared,
    ),
    Specification(
        "two-clocks",
        "受理和办结各有各的时间，办结 / 受理可以超过 100%",
        "3 月办结的可能是 2 月受理的。按创建时间归集和按办结时间归集是两个规则、两组工单，比值超过 100% 不是错误。",
        (
            Batch("""
            承办单位 | 创建时间   | 办结时间   | 是否有效回访
            甲镇     | 2026-02-25 | 2026-03-02 |
            甲镇     | 2026-03-05 | 2026-03-06 |
            甲镇     | 2026-02-27 | 2026-03-09 |
            甲镇     | 2026-03-30 | 2026-04-02 |
            """),
        ),
        {"2026年3月": {"受理": 2, "办结": 3, "办结 / 受理": "150.0%"}},
        config={
            "rules/created.toml": variant("by-created", period="start_day = 1"),
            "rules/closed.toml": variant(
                "by-closed", period="start_day = 1", scope='excluded_order_types = []\nclock = "closed"'
            ),
        },
        measure=clocks,
    ),
    Specification(
        "per-ten-thousand",
        "万人诉求比写明人口年份",
        "万人诉求比 = 诉求量 ÷ 常住人口（万）。诉求量按被反映街乡镇计，不含“不计入诉求总量”的工单；人口取不晚于该期的最近一年，并写明是哪一年。数字下降可能是少报，所以同时看重复来电、未联系上和渠道构成。",
        (
            Batch("""
            件数 | 承办单位 | 被反映街乡镇 | 创建时间   | 是否有效回访 | 不计入诉求总量类别
            6    | 乙镇     | 甲镇         | 2026-03-01 |              |
            2    | 乙镇     | 甲镇         | 2026-03-01 |              | 重复诉求
            """),
        ),
        {
            "甲镇": {
                "received_by_place": 6 + 2,
                "volume_count": 6,
                "population_year": 2024,
                "volume_per_10k": 6 / (30000 / 10000),
            }
        },
        units=(JIA, YI),
        config={
            "population.csv": "unit_id,population_year,population,source\nU1,2020,20000,测试\nU1,2024,30000,测试\n"
        },
        formulas={"万人诉求比": "6 ÷ 3（万人，2024 年）= 2.0"},
        measure=volumes,
    ),
)
