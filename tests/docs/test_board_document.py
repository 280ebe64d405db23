"""The part of docs/recurring_issues.md about the page names what the page has, with the numbers it uses."""

from pathlib import Path

import pytest

from hotline12345.dashboard import issue_deciding, issue_follow, issue_practice, issue_recurrence
from hotline12345.dashboard.views import issue_choice, issue_detail
from hotline12345.sql.records.board_events import STATES

TEXT = (Path(__file__).parents[2] / "docs" / "recurring_issues.md").read_text(encoding="utf-8")
SECTION = TEXT.split("## 每月一题页：看、比、定、跟\n")[1].split("\n## ")[0]


@pytest.mark.parametrize(
    "name",
    [
        *(
            issue_choice.CANDIDATES,
            issue_choice.YEAR,
            issue_choice.COMPARE,
            issue_choice.DECIDE,
            issue_choice.RECURRENCE,
        ),
        *issue_detail.TABS,
        *issue_deciding.DECISIONS,
        *issue_deciding.LISTS.values(),
        *STATES,
        issue_deciding.LEAD,
    ],
)
def test_everything_that_the_page_offers_is_told(name):
    assert name in SECTION


def test_the_numbers_are_those_of_the_code():
    assert issue_practice.SIMILAR == 2 and "（一半至两倍）" in SECTION
    assert f"至少 {issue_practice.LEAST_ASKED} 件答复" in SECTION
    assert f"最多各 {issue_follow.MOST_MONTHS} 个月" in SECTION
    assert f"已解决不足 {issue_recurrence.SMALL} 次的标“{issue_recurrence.FEW}”" in SECTION


def test_no_cause_is_claimed():
    assert "只是前后对照" in SECTION
