"""issues.toml: the example is what the scorecard ships with, and what is wrong is told with key and allowed values."""

from pathlib import Path

import pytest
from made_warehouse import make

from hotline12345.models.recurring.scoring import SCORES, Scoring
from hotline12345.sql.issue_settings import EXAMPLE, KEYS, issue_settings, load_issue_settings
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.storage import Storage


def test_the_example_is_what_the_scorecard_ships_with() -> None:
    settings = issue_settings(EXAMPLE.read_bytes())
    assert Scoring(**settings.scoring) == Scoring()
    assert settings.choice.grains == ("共性问题",)


def test_every_part_of_a_score_has_a_weight_and_a_half() -> None:
    """Concentration is a share already and needs no half."""
    paths = {key.path for key in KEYS}
    for score, parts in SCORES.items():
        assert f"scoring.weights.{score}" in paths
        assert {f"scoring.parts.{part}" for part in parts} <= paths
        assert {f"scoring.halves.{part}" for part in parts} - paths <= {"scoring.halves.concentration"}


def test_a_site_writes_only_what_it_changes(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    storage.make()
    (storage.config / "issues.toml").write_text("[choice]\nshortlist_size = 7\n", encoding="utf-8-sig")
    settings = load_issue_settings(storage)
    assert settings.choice.shortlist_size == 7
    assert Scoring(**settings.scoring) == Scoring()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[scoring.weights]\nfrequency = 0.9", "合计应为 1，现在是 1.55"),
        ("[scoring.parts]\npeople = 0.5", "高频各项的权重（scoring.parts）合计应为 1，现在是 0.9"),
        (
            "[scoring.weights]\nfrequenzy = 1",
            "有不认识的键“scoring.weights.frequenzy”。可用的键：scoring.weights.frequency、",
        ),
        ("scoring = 3", "有不认识的键“scoring”。可用的节：[scoring]、"),
        ("[scoring]\ndraws = 0", "“scoring.draws”（权重变动的次数）：取值应为：1 到 10000 的整数；现在是 0"),
        ("[scoring.halves]\npeople = 0", "“scoring.halves.people”应大于 0"),
        ("[scoring]\nno_baseline_years = [2020, 2020]", "取值应为：2000 到 2100 的年份的列表"),
        ('[choice]\ngrains = ["事件"]', "取值应为：共性问题、点位事件的列表"),
        ("[choice]\ngrains = [[1]]", "取值应为：共性问题、点位事件的列表"),
        ("[choice]\ngrains = []", "至少要有一种问题类型"),
        ('[choice]\nmethod = "weekly"', "year（只用年度清单）、month（只每月选题）、both（年度清单和每月选题都用）"),
        ("[choice]\nleast_problems = 4", "不能大于“choice.most_problems”"),
        ("[scoring]\ndraws 5", "第 2 行写法有误"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(ReferenceTableError) as refused:
        issue_settings(text.encode())
    assert "配置文件 issues.toml" in str(refused.value) and said in str(refused.value)


def test_a_file_of_another_encoding_is_told() -> None:
    with pytest.raises(ReferenceTableError, match="UTF-8"):
        issue_settings("# 高频".encode("gb18030"))


def test_a_wrong_file_stops_the_run_before_anything_is_built(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "issues.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(ReferenceTableError, match=r"issues\.toml"):
        make(tmp_path, [])
