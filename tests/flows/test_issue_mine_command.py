"""`hotline issues mine` on tables with known problems: the contract of its JSON, one text column, any format, what it refuses."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from called import Hotline
from made_exports import write_csv, write_xlsx
from planted_issues import MIXING_PLANT, corpus

PARTS = ["frequency_score", "breadth_score", "difficulty_score", "urgency_score"]


def written(folder: Path, suffix: str = "csv", **columns: pl.Expr) -> Path:
    """The planted corpus as a table of an office; `columns` replace or add some."""
    frame = corpus().select(
        编号="order_id",
        标题="title",
        内容="body",
        时间=pl.col("reported_at").dt.to_string("%Y-%m-%d %H:%M"),
        来电号码=pl.col("caller"),
        点位="place",
    )
    frame, path = frame.with_columns(**columns), folder / f"诉求.{suffix}"
    if suffix == "parquet":
        frame.write_parquet(path)
    else:
        {"csv": write_csv, "xlsx": write_xlsx}[suffix](path, frame.to_dicts())
    return path


def mined(hotline: Hotline, path: Path, *more: str, text: str = "标题,内容") -> list[dict[str, Any]]:
    """What the command prints as JSON."""
    done = hotline("issues", "mine", path, "--id", "编号", "--text", text, "--time", "时间", *more, "--format", "json")
    assert done.code == 0, done.printed
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_planted_problems_are_listed_from_any_format(hotline: Hotline, tmp_path: Path, suffix: str) -> None:
    found = mined(hotline, written(tmp_path, suffix), "--caller", "来电号码", "--place", "点位")
    first = found[0]
    assert (first["rank"], first["grain"], first["people"], first["orders"]) == (1, "共性问题", 24, 24)
    assert "房产证" in first["name"]
    assert first["order_ids"] == [f"T{number:04d}" for number in range(301, 325)]
    assert (first["first_at"], first["last_at"]) == ("2025-01-06 09:00:00", "2025-08-01 09:00:00")
    assert {issue["orders"] for issue in found[1:4]} == {10, 11, 12}
    assert all(issue["name"].split()[0] in {"云栖佳苑", "锦川家园"} for issue in found[1:4])


def test_score_parts_are_the_four_scores_and_what_is_not_known_is_null(hotline: Hotline, tmp_path: Path) -> None:
    for issue in mined(hotline, written(tmp_path), "--caller", "来电号码", "--place", "点位"):
        assert list(issue["score_parts"]) == PARTS
        assert issue["score_parts"]["difficulty_score"] is None, "the table says nothing of outcomes"
        assert (issue["score_parts"]["breadth_score"] is None) == (issue["grain"] == "点位事件")
        assert 0 < issue["score_parts"]["frequency_score"] <= 100


@pytest.mark.parametrize("text", ["标题", "内容"])
def test_one_text_column_is_enough(hotline: Hotline, tmp_path: Path, text: str) -> None:
    found = mined(hotline, written(tmp_path), "--place", "点位", text=text)
    assert any(issue["grain"] == "点位事件" and issue["name"].startswith("云栖佳苑") for issue in found)
    assert all(issue["orders"] == len(issue["order_ids"]) for issue in found)


def test_a_text_column_named_twice_is_read_once(hotline: Hotline, tmp_path: Path) -> None:
    path = written(tmp_path)
    assert mined(hotline, path, text="标题, 标题") == mined(hotline, path, text="标题")


def test_a_place_cell_with_a_person_and_a_number_is_the_place_alone(hotline: Hotline, tmp_path: Path) -> None:
    path = written(tmp_path, 点位=pl.col("点位") + "3号楼王建国12900001111")
    names = [issue["name"] for issue in mined(hotline, path, "--caller", "来电号码", "--place", "点位")]
    assert any(name.startswith("云栖佳苑 ") for name in names)
    assert not [name for name in names if "王" in name or any(character.isdigit() for character in name)]


def test_one_caller_is_one_person_and_without_callers_every_text_is(hotline: Hotline, tmp_path: Path) -> None:
    one = written(tmp_path, 来电号码=pl.lit("12900001111"), 内容=pl.col("内容") + pl.col("编号"))
    assert mined(hotline, one, "--caller", "来电号码", "--place", "点位") == []
    assert mined(hotline, one, "--place", "点位")


def test_without_a_place_column_places_are_read_from_the_text(hotline: Hotline, tmp_path: Path) -> None:
    told = written(tmp_path, 标题=pl.col("点位") + pl.col("标题"))
    names = [issue["name"] for issue in mined(hotline, told, "--caller", "来电号码")]
    assert any(name.startswith("云栖佳苑 ") for name in names)


def test_nothing_personal_is_printed(hotline: Hotline, tmp_path: Path) -> None:
    said = "王某某12900001111说" + pl.col("标题")
    path = written(tmp_path, 标题=said, 来电号码=pl.lit("1290000") + pl.col("编号").str.slice(1))
    for form in ("json", "table", "csv"):
        done = hotline(
            *("issues", "mine", path, "--id", "编号", "--text", "标题,内容", "--time", "时间"),
            *("--caller", "来电号码", "--place", "点位", "--format", form),
        )
        assert done.code == 0, done.printed
        assert "1290000" not in done.printed
        assert "王" not in done.printed


def test_the_table_says_how_people_are_counted_and_that_weights_are_proposals(hotline: Hotline, tmp_path: Path) -> None:
    done = hotline("issues", "mine", written(tmp_path), "--id", "编号", "--text", "标题", "--time", "时间")
    assert "人数按诉求人去重" in done.out
    assert "排序权重为建议值" in done.out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"编号": pl.lit("T1")}, "编号列“编号”有空值或重复值"),
        ({"编号": pl.when(pl.col("编号") != "T0001").then(pl.col("编号"))}, "编号列“编号”有空值或重复值"),
        ({"时间": pl.lit("早上")}, "时间列“时间”有 117 行为空或无法识别"),
    ],
)
def test_what_cannot_be_mined_is_told_in_chinese(
    hotline: Hotline, tmp_path: Path, change: dict[str, pl.Expr], says: str
) -> None:
    done = hotline(
        *("issues", "mine", written(tmp_path, **change), "--id", "编号", "--text", "标题", "--time", "时间"),
        *("--format", "json"),
    )
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_rows_with_an_unknown_time_are_mined_and_told(hotline: Hotline, tmp_path: Path) -> None:
    some = written(tmp_path, 时间=pl.when(pl.col("编号") != "T0001").then(pl.col("时间")).otherwise(pl.lit("早上")))
    done = hotline(
        *("issues", "mine", some, "--id", "编号", "--text", "标题,内容", "--time", "时间", "--place", "点位"),
        *("--caller", "来电号码", "--format", "json"),
    )
    assert "有 1 行为空或无法识别" in done.err
    (issue,) = [each for each in json.loads(done.out) if "T0001" in each["order_ids"]]
    assert issue["orders"] == 12
    assert issue["first_at"] > "2025-01-07", "the first of them has no time"


def test_too_few_rows_are_an_empty_list(hotline: Hotline, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [{"编号": "1", "标题": MIXING_PLANT[0][0], "内容": "", "时间": "2026-03-01"}])
    assert mined(hotline, path) == []
