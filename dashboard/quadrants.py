"""降量提质: whether a unit got fewer complaints and solved more of them, with what a falling volume may hide beside it.

Pure. Volumes are compared over the same number of days, rates at the same age; who calls sees to both
(`comparisons.windows`, `Reader.compared_scores`). Neither ever takes an epidemic year as baseline.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from hotline12345.dashboard import labels

QUADRANTS = {  # volume fell, solved rate rose → name
    (True, True): "降量提质",
    (False, True): "增量提质",
    (True, False): "降量未提质",
    (False, False): "增量未提质",
}
LEVEL = "持平"  # nothing changed in one of the two: no quadrant
UNKNOWN = "不可比"
_SHARES = {"repeated": "order_count", "unreached": "called_count"}  # share → of what
_COUNTS = ("order_count", "volume_count", "repeated_count", "called_count", "unreached_count")
_RATE = ("resolution_numerator", "resolution_denominator", "resolution_rate")


def quadrants(
    workload: tuple[pl.DataFrame, pl.DataFrame],
    channels: tuple[pl.DataFrame, pl.DataFrame],
    rates: tuple[pl.DataFrame, pl.DataFrame],
) -> pl.DataFrame:
    """Each unit's quadrant with both changes and what stands beside them; grain unit_id, in the order of `workload[0]`.

    Each pair is (now, before): `Reader.unit_workload` and `Reader.unit_channels` of two windows of the same length,
    `Reader.unit_scores` and the rows of `Reader.compared_scores` of the same comparison. Figures of before end in
    `_before`. `volume_change` is relative, null from 0; `resolution_rate_change` 0-1; `repeated_share` and
    `unreached_share` with their change; `channel_shift` is the share of orders that changed their group of channels.
    """
    joined = workload[0].select("unit_id", "unit_name", "unit_group", *_COUNTS)
    joined = joined.join(_before(workload[1], _COUNTS), on="unit_id", how="left")
    joined = joined.with_columns(pl.col(f"{name}_before").fill_null(0) for name in _COUNTS)
    joined = joined.join(rates[0].select("unit_id", *_RATE), on="unit_id", how="left")
    joined = joined.join(_before(rates[1], _RATE), on="unit_id", how="left")
    joined = joined.join(_channel_shift(*channels), on="unit_id", how="left")
    shares = [
        (pl.col(f"{name}_count{when}") / pl.col(f"{whole}{when}")).alias(f"{name}_share{when}")
        for name, whole in _SHARES.items()
        for when in ("", "_before")
    ]
    joined = joined.with_columns(
        *(pl.when(share.is_finite()).then(share).alias(share.meta.output_name()) for share in shares),
        volume_change=pl.when(pl.col("volume_count_before") > 0).then(
            (pl.col("volume_count") - pl.col("volume_count_before")) / pl.col("volume_count_before")
        ),
        resolution_rate_change=pl.col("resolution_rate") - pl.col("resolution_rate_before"),
    )
    return joined.with_columns(
        *((pl.col(f"{name}_share") - pl.col(f"{name}_share_before")).alias(f"{name}_share_change") for name in _SHARES),
        quadrant=_quadrant(),
    )


def _before(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    return frame.select("unit_id", *(pl.col(name).alias(f"{name}_before") for name in names))


def _quadrant() -> pl.Expr:
    """By cross-multiplication where it decides, so that equal rates are equal."""
    volume = pl.col("volume_count").cast(pl.Int64) - pl.col("volume_count_before").cast(pl.Int64)
    rate = (
        pl.col("resolution_numerator") * pl.col("resolution_denominator_before")
        - pl.col("resolution_numerator_before") * pl.col("resolution_denominator")
    ).round(6)
    is_unknown = pl.col("resolution_rate_change").is_null() | (pl.col("volume_count_before") == 0)
    return pl.coalesce(
        pl.when(is_unknown).then(pl.lit(UNKNOWN)),
        pl.when((volume == 0) | (rate == 0)).then(pl.lit(LEVEL)),
        *(
            pl.when(((volume < 0) == fell) & ((rate > 0) == rose)).then(pl.lit(name))
            for (fell, rose), name in QUADRANTS.items()
        ),
    )


def _channel_shift(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Half the sum of the absolute changes of the groups' shares, 0-1; units without orders on one side have none."""
    both = [
        frame.with_columns(share=pl.col("order_count") / pl.col("order_count").sum().over("unit_id")).select(
            "unit_id", "channel_group", "share"
        )
        for frame in (now, before)
    ]
    joined = both[0].join(both[1], on=["unit_id", "channel_group"], how="full", coalesce=True)
    covered = joined.filter(
        pl.col("share").is_not_null().any().over("unit_id") & pl.col("share_right").is_not_null().any().over("unit_id")
    )
    moved = (pl.col("share").fill_null(0) - pl.col("share_right").fill_null(0)).abs().sum() / 2
    return covered.group_by("unit_id", maintain_order=True).agg(channel_shift=moved).sort("unit_id")


def words(row: Mapping[str, Any]) -> str:
    """One unit's row of `quadrants` as a Chinese sentence with numbers, and what to look at before praising a fall.

    Where the rates cannot be compared it is about volume alone.
    """
    volume = (
        f"诉求量 {labels.count(row['volume_count'], '件')}（原 {labels.count(row['volume_count_before'], '件')}，"
        f"{labels.change(row['volume_count'], row['volume_count_before'])}）"
    )
    said = f"{row['unit_name']}：{volume}。"
    if row["quadrant"] != UNKNOWN:
        rate = labels.points(row["resolution_rate"], row["resolution_rate_before"])
        said = (
            f"{row['unit_name']}：{row['quadrant']}。{volume}；解决率 {labels.rate(row['resolution_rate'])}（{rate}）。"
        )
    doubts = _doubts(row)
    fell = row["volume_count"] < row["volume_count_before"]
    return said + (f"诉求量减少，同时{'、'.join(doubts)}：减少不一定是问题少了，请先核实。" if fell and doubts else "")


def _doubts(row: Mapping[str, Any]) -> list[str]:
    names = {"repeated": "重复反映占比上升", "unreached": "回访未接通占比上升"}
    doubts = [
        f"{text} {labels.points(row[f'{name}_share'], row[f'{name}_share_before'])}"
        for name, text in names.items()
        if (row[f"{name}_share_change"] or 0) > 0
    ]
    shift = row["channel_shift"] or 0
    return [*doubts, f"{labels.rate(shift)} 的工单换了渠道组"] if shift >= CHANNEL_SHIFT_SHOWN else doubts


CHANNEL_SHIFT_SHOWN = 0.1  # a tenth of the orders
