"""Ranking tables as markup: fractions, ranges, tiers, both countings, and no number without a callback."""

import re

import polars as pl

from hotline12345.dashboard import rank_tables
from hotline12345.dashboard.rank_tables import Look

LOOK = Look(lambda row: f"unit?unit={row['unit_name']}")


def unit(name: str, rank: int | None, tier: int | None = 1, **changed: object) -> dict[str, object]:
    """A row of mart_unit_scores."""
    has = rank is not None
    rates = ("response", "resolution", "satisfaction")
    return {
        **{"unit_id": name, "unit_name": name, "received": 10, "valid": 8 if has else 0, "tier": tier if has else None},
        **{"score": 87.5 if has else None, "score_rank": rank, "rank_low": 1, "rank_high": 6, "score_full": 80.0},
        **{f"{rate}_rate": 0.875 if has else None for rate in rates},
        **{f"{rate}_numerator": 7.0 for rate in rates},
        **{f"{rate}_denominator": 8 for rate in rates},
        **{f"{rate}_rate_low": 0.5 if has else None for rate in rates},
        **{f"{rate}_rate_high": 0.95 if has else None for rate in rates},
        **{f"{rate}_full_rate": 0.8 for rate in rates},
        **{f"{rate}_full_numerator": 8.0 for rate in rates},
        **{f"{rate}_full_denominator": 10 for rate in rates},
        **{"score_low": 60.0 if has else None, "score_high": 95.0 if has else None, "set_aside_share": 0.2},
        **{"set_aside_count": 2, "excluded": 1, "suspended": 1, "band": "暂不可区分" if has else "无有效回访"},
        **changed,
    }


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), infer_schema_length=None)


def test_a_rank_comes_with_its_range():
    assert rank_tables.rank(unit("甲", 3)) == "第 3（1–6）"
    assert rank_tables.rank(unit("乙", None)) == "不排位次"


def test_a_rate_comes_with_fraction_and_interval():
    markup = rank_tables.ranking(frame(unit("甲", 1)), None, LOOK)
    assert "87.5%<small>7/8</small>" in markup
    assert "95% 区间 50.0%–95.0%" in markup
    assert "60.0–95.0" in markup
    assert "20.0%<small>2/10</small>" in markup
    assert '<a href="unit?unit=甲"' in markup


def test_a_unit_without_callbacks_has_no_number():
    markup = rank_tables.ranking(frame(unit("甲", 1), unit("乙", None, set_aside_share=None)), None, LOOK)
    last = markup.split("<tr>")[-1]
    assert "无有效回访" in last
    assert "%" not in last


def test_a_rate_that_does_not_apply_is_not_called_unreached():
    markup = rank_tables.ranking(frame(unit("甲", 1, resolution_rate=None)), None, LOOK)
    assert "不适用" in markup


def test_tiers_stand_apart():
    markup = rank_tables.ranking(frame(unit("甲", 1), unit("乙", 2, tier=2), unit("丙", 3)), None, LOOK)
    assert re.findall(r"第 \d 档|unit=.", markup) == ["第 1 档", "unit=甲", "unit=丙", "第 2 档", "unit=乙"]
    assert "只有一档" in rank_tables.ranking(frame(unit("甲", 1), unit("丙", 2)), None, LOOK)


def test_official_figures_stand_before_ours():
    scores = frame(unit("甲", 2)).with_columns(official_rank=pl.lit(1), official_score=pl.lit(90.0))
    heads = re.findall(r"<th(?: [^>]*)?>(.*?)</th>", rank_tables.ranking(scores, None, LOOK))
    assert heads[:4] == ["单位", "正式位次", "正式成绩", "测算位次（范围）"]
    assert "测算成绩" in heads


def test_every_heading_of_the_full_count_says_so():
    heads = re.findall(r"<th(?: [^>]*)?>(.*?)</th>", rank_tables.full_count(frame(unit("甲", 1)), LOOK))
    assert all("（全口径）" in head for head in heads if "率" in head or "成绩" in head)


def test_changes_are_in_points_and_missing_ones_are_a_dash():
    earlier = pl.DataFrame(
        {"comparison": ["previous"], "unit_id": ["甲"], "score": [80.0]}
        | {f"{rate}_rate": [0.8] for rate in rank_tables.RATES}
    )
    markup = rank_tables.compared(frame(unit("甲", 1)), earlier, LOOK)
    assert "+7.5" in markup
    assert "—" in markup


def test_names_are_escaped():
    assert "<script>" not in rank_tables.ranking(frame(unit("<script>", 1)), None, LOOK)
