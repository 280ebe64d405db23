"""The part of docs/recurring_issues.md about scores has the weights and halves that ship."""

import re
from pathlib import Path

from hotline12345.models.recurring.scoring import SCORES, Scoring

TEXT = (Path(__file__).parents[2] / "docs" / "recurring_issues.md").read_text(encoding="utf-8")
SECTION = TEXT.split("### 四个得分")[1].split("### ")[0]
ROW = re.compile(
    r"^\| (?:(?P<score>\S+)（(?P<weight>[\d.]+)）)? ?\| (?P<part>[^|]+) \| (?P<share>[\d.]+) \| (?P<half>[^|]+) \|$",
    re.M,
)


def test_the_table_of_scores_is_what_ships() -> None:
    rows = list(ROW.finditer(SECTION))
    scoring = Scoring()
    parts = [part for names in SCORES.values() for part in names]
    assert [float(row["share"]) for row in rows] == [scoring.parts[part] for part in parts]
    halves = [float(re.search(r"[\d.]+", row["half"])[0]) for row in rows if "占比本身" not in row["half"]]
    assert halves == [scoring.halves[part] for part in parts if part in scoring.halves]
    assert [float(row["weight"]) for row in rows if row["weight"]] == [scoring.weights[name] for name in SCORES]


def test_thresholds_are_those_that_ship() -> None:
    scoring = Scoring()
    assert f"点位事件少于 {scoring.minimum_event_people} 人、共性问题少于 {scoring.minimum_theme_people} 人" in TEXT
    assert f"门槛（{scoring.persistent_people} 人）" in TEXT
    assert f"随机变动 {scoring.draws} 次" in TEXT
