"""The season calendar: which months a season touches, and what the months of the data say of it."""

from datetime import date, datetime

import polars as pl

from hotline12345.dashboard import seasons
from hotline12345.dashboard.months import Coverage

COVERED = Coverage.of(datetime(2024, 11, 5), datetime(2026, 3, 31, 23))  # whole: December 2024 to February 2026
LEVELS = {"topic_code": "T1", "topic_level2_code": "T11", "topic_level3_code": None}
SEASONS = pl.DataFrame(
    [
        ("heat", "供暖季", "11-15", "03-15", "T11、T999", None, None),
        ("rain", "汛期", "06-01", "09-15", "T2", None, None),
        ("old", "旧说法", "06-01", "06-30", "T2", None, date(2025, 1, 1)),
        ("new", "以后", "06-01", "06-30", None, date(2027, 1, 1), None),
    ],
    schema=dict.fromkeys(
        ("season_id", "season_name", "season_start_day", "season_end_day", "season_topic_codes"), pl.String
    )
    | {"valid_from": pl.Date, "valid_to": pl.Date},
    orient="row",
).with_columns(season_status=pl.lit("unverified"), season_source=pl.lit("通行说法"))


def months(*rows: tuple[date, int]) -> pl.DataFrame:
    schema = {"created_month": pl.Date, **dict.fromkeys(LEVELS, pl.String), "order_count": pl.Int64}
    told = [{"created_month": month, **LEVELS, "order_count": count} for month, count in rows]
    return pl.DataFrame(told, schema=schema)


def season(frame: pl.DataFrame, place: int = 0) -> seasons.CalendarRow:
    return seasons.season_rows(SEASONS, frame, COVERED, date(2026, 3, 31))[place]


def test_a_season_over_the_new_year_has_months_on_both_sides():
    assert [month for month, inside in enumerate(season(months()).inside, 1) if inside] == [1, 2, 3, 11, 12]
    assert [month for month, inside in enumerate(season(months(), 1).inside, 1) if inside] == [6, 7, 8, 9]


def test_only_seasons_in_force_are_shown_with_status_and_source():
    rows = seasons.season_rows(SEASONS, months(), COVERED, date(2026, 3, 31))
    assert [row.name for row in rows] == ["供暖季", "汛期"]
    assert rows[0].note == "11-15 至 03-15（未核实）：通行说法"


def test_months_are_means_over_their_whole_months():
    frame = months((date(2024, 11, 1), 999), (date(2024, 12, 1), 30), (date(2025, 12, 1), 10), (date(2025, 6, 1), 7))
    means = season(frame).means
    assert means[11] == (30 + 10) / 2
    assert means[5] == 7
    assert means[10] == 0, "November 2024 is not whole; that of 2025 had none"
    assert season(frame, 1).means[5] == 0, "other topics"


def test_epidemic_years_are_no_baseline():
    covered = Coverage.of(datetime(2019, 12, 1), datetime(2023, 1, 31, 23))
    assert seasons.baseline(covered) == [date(2019, 12, 1), date(2023, 1, 1)]
    row = seasons.season_rows(SEASONS, months((date(2021, 1, 1), 99)), covered, date(2023, 2, 1))[0]
    assert row.means[0] == 0
    assert row.means[5] is None, "no June may stand for its season"


def test_the_largest_topics_by_their_names():
    other = months((date(2025, 1, 1), 50)).with_columns(topic_code=pl.lit("T2"))
    nameless = months((date(2025, 1, 1), 500)).with_columns(topic_code=pl.lit("未归类"))
    frame = pl.concat([months((date(2025, 1, 1), 3)), other, nameless])
    rows = seasons.topic_rows(frame, {"T1": "公共服务", "T2": "水务"}, COVERED, 10)
    assert [row.name for row in rows] == ["水务", "公共服务"]
    assert not any(rows[0].inside)


def test_the_markup_frames_the_season_colours_what_stands_out_and_escapes():
    means = (8.0, 2.0, None, *[2.0] * 9)
    row = seasons.CalendarRow("<b>", 'x"', means, (True, *[False] * 11))
    told = seasons.markup([row], "季节")
    assert "<b>" not in told
    assert 'class="num in" style="color:#fff;background:rgba(var(--heat),0.85)">8<' in told
    assert told.count("num in") == 1
    assert told.count("rgba(var(--heat),0.00)") == 10, "a month below the mean has no colour"
    assert ">—<" in told
    flat = seasons.markup([seasons.CalendarRow("平", "", (100.0, 110.0, *[100.0] * 10), (False,) * 12)], "季节")
    assert "#fff" not in flat
    assert "rgba(var(--heat),0.08)" in flat, "a tenth more than usual is hardly a season"
