"""Tables, charts and comparisons of issues: every number that is drawn is one that was counted, and texts are escaped."""

import re
from datetime import date, datetime

import polars as pl

from hotline12345.dashboard import issue_charts, issue_comparing, issue_recurrence, issue_tables
from hotline12345.dashboard.issue_follow import Window
from hotline12345.dashboard.issue_practice import rated
from hotline12345.dashboard.issue_tables import Line
from hotline12345.dashboard.months import Coverage


def rows(markup: str) -> list[list[str]]:
    found = re.findall(r"<tr.*?</tr>", markup)
    return [[re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row)] for row in found]


def test_units_by_month_with_the_rest_in_one_row():
    months = pl.DataFrame(
        {
            "created_month": [date(2026, 5, 1)] * 13 + [date(2025, 6, 1), date(2025, 5, 1)],
            "unit_name": [f"单位{number:02d}" for number in range(13)] + ["单位00", "单位01"],
            "order_count": [30 - number for number in range(13)] + [9, 99],
        }
    )
    found = rows(issue_tables.unit_heat(months, date(2026, 5, 1)))
    assert found[0] == ["承办单位", *(f"{month:%y-%m}" for month in (date(2025, m, 1) for m in range(6, 13))), "26-01", "26-02", "26-03", "26-04", "26-05", "合计"]  # fmt: skip
    assert found[1] == ["单位00", "9", *[""] * 10, "30", "39"]
    assert found[2][-1] == "29", "May 2025 is a year and a month ago"
    assert found[-1] == ["其他", *[""] * 11, "18", "18"]
    assert len(found) == 1 + 12 + 1
    later = rows(issue_tables.unit_heat(months, date(2026, 7, 1)))
    assert later[0][-3:] == ["26-06", "26-07", "合计"], "quiet months up to the newest of the data stand in it"
    assert later[1] == ["单位00", *[""] * 9, "30", "", "", "30"]


def test_practice_marks_the_unit_and_shows_fractions_and_intervals():
    units = rated(
        pl.DataFrame(
            {
                "unit_id": ["A", "B"],
                "unit_name": ["甲<镇>", "乙镇"],
                "order_count": [10, 9],
                "resolution_asked_count": [8, 0],
                "resolved_count": [4, 0],
            }
        )
    )
    markup = issue_tables.practice(units, "A")
    assert "<b>甲&lt;镇&gt;</b>" in markup
    assert rows(markup)[1][:3] == ["甲&lt;镇&gt;", "10", "50.0% 4/8"]
    assert 'title="21.5%—78.5%"' in markup, "Wilson's interval of 4 in 8"
    assert rows(markup)[2] == ["乙镇", "9", "没有答复", "—"]


def test_recurrences_show_no_rate_where_nothing_was_resolved_and_mark_small_numbers():
    counts = pl.DataFrame(
        {
            "unit_name": ["甲<镇>", "乙镇", "丙镇", "丁镇"],
            "resolved_occurrence_count": [1200, 20, 19, 0],
            "recurrence_count": [300, 5, 0, 0],
        }
    )
    markup = issue_tables.recurrences(issue_recurrence.rated(counts), ("unit_name",), 0.25)
    assert rows(markup) == [
        ["承办单位", "已解决的次数", "解决后再次反映", "解决后再次反映率", "95% 区间"],
        ["甲&lt;镇&gt;", "1,200", "300", "25.0%", ""],
        ["乙镇", "20", "5", "25.0%", ""],
        ["丙镇", "19", "0", "0.0%次数少", ""],
        ["丁镇", "0", "0", "—", "—"],
    ]
    assert 'title="22.6%—27.5%"' in markup, "Wilson's interval of 300 in 1200"
    assert markup.count('<u style="left:25.0%">') == 3, "the rate over all stands in every interval"


def test_side_by_side_makes_the_leading_value_strong():
    markup = issue_tables.side_by_side(["甲", "乙"], [Line("件数", ["3", "5"], 1, "含义"), Line("类型", ["a", "b"])])
    assert rows(markup) == [["", "甲", "乙"], ["件数", "3", "5"], ["类型", "a", "b"]]
    assert re.findall(r"<b>(.*?)</b>", markup) == ["5"]


def test_windows_show_a_rate_only_with_its_fraction():
    found = [Window("之后", date(2026, 4, 1), 2, 1200, 40, 30, 3), Window("之前", date(2026, 1, 1), 1, 7, 0, 0, 0)]
    assert rows(issue_tables.windows(found))[1:] == [
        ["之后", "2026年4月至2026年5月", "1,200", "75.0%（30/40）", "3"],
        ["之前", "2026年1月", "7", "没有答复", "0"],
    ]


def test_what_two_issues_share():
    pairs = pl.DataFrame(
        {"issue_id": ["T1", "T1"], "other_issue_id": ["T2", "T3"], "order_count": [0, 4], "people_count": [0, 6]}
    )
    names, people = {"T1": "甲", "T2": "乙", "T3": "丙"}, {"T1": 90, "T2": 40, "T3": 18}
    assert issue_comparing.shared(pairs, names, people) == [
        "“甲”（90 人）与“丙”（18 人）有 6 位诉求人相同，4 件工单同属两者：两者可能是一个问题的两面。"
    ]
    few = issue_comparing.shared(pairs, names, people | {"T3": 19})
    assert few == ["“甲”（90 人）与“丙”（19 人）有 6 位诉求人相同，4 件工单同属两者。"], (
        "a few in common hint at nothing"
    )


def test_the_measures_say_which_orders_they_are_of():
    issue = {"known_until": datetime(2026, 5, 31, 12), "known_month_count": 24}
    assert issue_comparing.period([issue, issue | {"known_until": None, "known_month_count": None}]) == (
        "得分和指标按截至 2026-05-31 12:00 的全部工单（数据覆盖 24 个月），不随筛选变。"
    )


def test_the_chart_after_a_choice_has_every_whole_month_and_last_year():
    months = pl.DataFrame({"created_month": [date(2025, 1, 1), date(2026, 1, 1)], "order_count": [4, 9]})
    drawn = issue_charts.followed(months, date(2025, 12, 1), Coverage(date(2025, 1, 1), date(2026, 2, 1)))
    (data,) = drawn.to_dict()["datasets"].values()
    assert [(row["month"], row["order_count"], row["year_ago"]) for row in data][-3:] == [
        ("2025年12月", 0, None),
        ("2026年1月", 9, 4),
        ("2026年2月", 0, 0),
    ]
    assert [row["month"] for row in data if row["is_chosen"]] == ["2025年12月"]
    assert len(data) == 14
