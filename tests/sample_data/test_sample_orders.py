"""The generated orders: numbers, shares and dates that a district shows, and the same again for the same seed."""

from pathlib import Path

import polars as pl
import pytest
from made_sample import Sample

from hotline12345.sample_data import plan
from hotline12345.sample_data.generate import make_orders, write_orders
from hotline12345.sample_data.handling import CHANNELS, RESOLUTIONS, SATISFACTIONS, TYPES
from hotline12345.sample_data.orders import COLUMNS
from hotline12345.sample_data.world import BASE_ORDERS, load_world

CREATED, VALID = pl.col("创建时间"), pl.col("是否有效回访") == "是"


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    """Share of the rows that meet a condition; blank counts as not met."""
    return float(frame.select(condition.fill_null(False).mean()).item())


@pytest.mark.parametrize("orders", [1, 400, 3_000])
def test_any_number_of_orders(orders: int) -> None:
    frame, truth = make_orders(orders)
    assert frame.height == truth.height == orders
    assert tuple(frame.columns) == COLUMNS
    assert set(frame.dtypes) == {pl.String}
    assert frame["工单编号"].n_unique() == orders


def test_no_orders_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        make_orders(0)


def test_the_seed_decides_everything() -> None:
    first, again, other = make_orders(2_000, 7), make_orders(2_000, 7), make_orders(2_000, 8)
    assert first[0].equals(again[0])
    assert first[1].equals(again[1])
    assert not first[0].equals(other[0])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_written_orders_are_the_made_ones_in_several_chunks(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "_CHUNK_ORDERS", 900)
    path = tmp_path / f"orders{suffix}"
    write_orders(path, 3_000, 5)
    if suffix == ".csv":
        assert path.read_bytes().startswith("\ufeff工单编号".encode())
        written = pl.read_csv(path, infer_schema=False)
    else:
        written = pl.read_parquet(path)
    orders, _ = make_orders(3_000, 5)
    assert written.equals(orders)
    assert orders["工单编号"].n_unique() == 3_000


def test_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.parquet or \.csv"):
        write_orders(tmp_path / "orders.xlsx", 10, 5)


def test_orders_cover_two_years_up_to_the_cut_off(sample: Sample) -> None:
    created = sample.orders["创建时间"]
    assert created.is_sorted()
    assert str(created[0]).startswith("2024-10-01")
    assert "2026-09-30 12" < str(created[-1]) < "2026-09-30 18:00:00"
    months = sample.orders.group_by(CREATED.str.slice(0, 7)).len()
    assert months.height == 24
    assert months["len"].min() > 900  # type: ignore[operator]


def test_steps_of_an_order_follow_each_other(sample: Sample) -> None:
    late = sample.orders.filter(
        (pl.col("市派单时间") <= CREATED)
        | (pl.col("派单时间") <= pl.coalesce("市派单时间", "创建时间"))
        | (pl.col("办结时间") <= pl.col("派单时间"))
        | (pl.col("办结时间") > "2026-09-30 18:00:00")
    )
    assert late.is_empty()


def test_answers_are_blank_without_a_valid_callback(sample: Sample) -> None:
    answers = ["是否联系", "是否解决", "是否满意", "首次满意度", "最终满意度"]
    without = sample.orders.filter(~VALID.fill_null(False)).select(answers)
    assert without.null_count().row(0) == (without.height,) * len(answers)
    assert sample.orders.filter(VALID).select(answers).null_count().sum_horizontal().item() == 0
    assert sample.orders.filter(pl.col("办结时间").is_null() & pl.col("是否有效回访").is_not_null()).is_empty()


def test_values_are_of_the_known_sets(sample: Sample) -> None:
    allowed = {
        "工单类型": TYPES,
        "来源渠道": CHANNELS,
        "是否解决": RESOLUTIONS,
        "是否满意": SATISFACTIONS,
        "是否保留": ("保留", "剔除"),
        "剔挂标签": ("剔除", "挂账"),
        "考核类型": ("正常考核", "只评价响应率"),
        "数据性质": ("模拟数据",),
    }
    for column, values in allowed.items():
        assert set(sample.orders[column].drop_nulls().unique()) == set(values), column


def test_shares_are_those_of_a_district(sample: Sample) -> None:
    orders = sample.orders
    settled = orders.filter(CREATED < "2026-09-01")
    answered = orders.filter(VALID)
    assert share(orders, pl.col("来源渠道") == "电话") == pytest.approx(0.9, abs=0.01)
    assert 0.70 < share(settled, VALID) < 0.80
    assert share(answered, pl.col("是否联系") == "是") == pytest.approx(0.99, abs=0.003)
    assert 0.85 < share(answered, pl.col("是否解决").is_in(["解决", "基本解决"])) < 0.95
    assert share(orders, pl.col("是否保留") == "剔除") == pytest.approx(0.03, abs=0.005)
    assert share(orders, pl.col("剔挂标签") == "挂账") == pytest.approx(0.01, abs=0.003)
    assert share(orders, pl.col("不计入诉求总量类别").is_not_null()) == pytest.approx(0.01, abs=0.004)
    assert share(orders, pl.col("一级分类").is_null()) == pytest.approx(0.08, abs=0.01)
    assert share(orders.filter(pl.col("工单类型") == "举报"), pl.col("是否保密") == "是") > 0.7


def test_fresh_orders_have_hardly_any_answer(sample: Sample) -> None:
    assert share(sample.orders.filter(CREATED >= "2026-09-27"), VALID) < 0.05


def test_clerks_err_in_about_three_percent(sample: Sample) -> None:
    name = {topic.code[:3]: topic.path[0] for topic in load_world().topics}
    labelled = sample.orders.select("一级分类").with_columns(
        true=sample.truth["topic_level1"].replace_strict(name, return_dtype=pl.String)
    )
    labelled = labelled.drop_nulls()
    assert share(labelled, pl.col("一级分类") != pl.col("true")) == pytest.approx(0.03, abs=0.007)


def test_one_bureau_has_no_valid_callback_in_the_newest_complete_period(sample: Sample) -> None:
    period = sample.orders.filter(CREATED.is_between(pl.lit("2026-08-19"), pl.lit("2026-09-19")))
    valid = period.group_by("二级承办单位简称").agg(VALID.fill_null(False).sum().alias("valid"))
    assert valid.height == len(load_world().units)
    assert valid.filter(pl.col("valid") == 0)["二级承办单位简称"].to_list() == ["区体育局"]


def test_one_enterprise_is_mostly_response_only(sample: Sample) -> None:
    only = pl.col("考核类型") == "只评价响应率"
    heat = pl.col("二级承办单位简称") == "示例热力集团"
    assert share(sample.orders.filter(heat), only) > 0.8
    assert 0 < share(sample.orders.filter(~heat), only) < 0.02


def test_mountain_towns_have_few_orders(sample: Sample) -> None:
    monthly = sample.orders.group_by("被反映街乡镇").len().with_columns(pl.col("len") / 24)
    mountain = [unit["unit_name"] for unit in load_world().units if unit["terrain"] == "深山"]
    few = monthly.filter(pl.col("被反映街乡镇").is_in(mountain))["len"]
    assert len(few) == 4
    assert few.is_between(5, 25).all()
    assert monthly.height == 13


@pytest.mark.parametrize(
    ("topic", "high", "low"),
    [("T0201", "01", "07"), ("T1503", "08", "01"), ("T0801", "01", "06"), ("T0901", "09", "03")],
)
def test_seasons(sample: Sample, topic: str, high: str, low: str) -> None:
    month = sample.orders["创建时间"].str.slice(5, 2).filter(sample.truth["topic_level2"] == topic)
    assert (month == high).sum() > 1.8 * (month == low).sum()


def test_two_channels_and_repeats_share_a_case(sample: Sample) -> None:
    links = sample.orders.with_columns(sample.truth["link"], sample.truth["caller"], day=CREATED.str.slice(0, 10))
    first = links.filter(pl.col("link") == "新诉求")
    pairs = links.filter(pl.col("link") != "新诉求").join(first, on="案件编号", suffix="_first")
    assert pairs.height == links.height - first.height > 1_000
    assert pairs.filter(pl.col("caller") != pl.col("caller_first")).is_empty()
    same_day = pairs.filter(pl.col("link") == "同日多渠道")
    assert same_day.height > 50
    assert (same_day["day"] == same_day["day_first"]).all()
    assert (same_day["来源渠道"] != same_day["来源渠道_first"]).all()


def test_a_few_callers_write_very_often_about_everything(sample: Sample) -> None:
    callers = sample.truth.group_by("caller").agg(
        pl.len(), pl.n_unique("topic_level3").alias("matters"), pl.col("problem_id").is_not_null().any().alias("issue")
    )
    busiest = callers.sort("len", descending=True)
    assert busiest["matters"][0] >= 60
    assert not busiest["issue"][0]
    top = busiest.head(round(busiest.height * 0.16))["len"].sum()
    assert 0.3 < top / BASE_ORDERS < 0.42
