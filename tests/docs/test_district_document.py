"""docs/district_pages.md says the numbers that the code has, and tells of every kind of cell that is not shown."""

from pathlib import Path

import pytest

from hotline12345.dashboard import community_data, district, labels, topic_charts
from hotline12345.dashboard.disclosure import LEAST
from hotline12345.dashboard.quadrants import QUADRANTS
from hotline12345.dashboard.views import communities, topic_pictures
from hotline12345.sql.seasons import NAME, SEASON_COLUMNS, SEASON_STATUSES


@pytest.fixture(scope="module")
def document(root: Path) -> str:
    return (root / "docs" / "district_pages.md").read_text(encoding="utf-8")


def test_the_numbers_are_those_of_the_code(document: str) -> None:
    for said in (
        f"不足 {LEAST} 件的格，显示“{labels.WITHHELD}”",
        f"不足 {LEAST} 人的**诉求人数**",
        f"最新 {community_data.LONGEST} 个考核周期",
        f"最多画 {topic_charts.TILES} 格",
        f"超过 {district.OLD_DAYS} 天的提示留意",
        f"完整的月份不足 {topic_pictures.YEAR} 个时不画",
        communities.WEAKEST,
        next(iter(QUADRANTS.values())),
        labels.DISCLAIMER,
    ):
        assert said in document, said
    assert f"不足 {LEAST} 件" in labels.WITHHELD_BECAUSE


def test_the_season_table_is_told_column_by_column(root: Path) -> None:
    loading = (
        (root / "docs" / "loading.md").read_text(encoding="utf-8").partition(f"**{NAME}**")[2].partition("\n### ")[0]
    )
    for name in SEASON_COLUMNS.names():
        assert name in loading
    for name, zh in SEASON_STATUSES.items():
        assert f"{name} {zh}" in loading
