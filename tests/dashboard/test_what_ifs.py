"""剔除测算 in words: fractions, ranks with their range, other units that move, what was assumed."""

from typing import Any

import polars as pl

from hotline12345.dashboard import what_ifs
from hotline12345.sql.what_if import Assumption


def row(**more: Any) -> dict[str, Any]:
    rates = {f"{stem}_rate": None for stem in ("response", "resolution", "satisfaction", "on_time")}
    return {
        **{"unit_id": "U1", "unit_name": "甲镇", "unit_group": "街镇", "received": 50, "valid": 40, **rates},
        **{"resolution_rate": 0.88, "resolution_numerator": 35.2, "resolution_denominator": 40, "score": 88.0},
        **{"score_rank": 3, "rank_low": 1, "rank_high": 6, "tier": 1, "band": "暂不可区分"},
        **{"set_aside_count": 2, "set_aside_share": 0.04, **more},
    }


def test_figures_stand_side_by_side() -> None:
    after = row(valid=41, score=89.3, score_rank=2, rank_high=5)
    shown = {name: (now, then) for name, now, then in what_ifs.figures(row(), after).iter_rows()}
    assert shown["有效回访"] == ("40", "41")
    assert shown["解决率"][0] == "88.0%（35.2/40）"
    assert shown["位次范围（95%）"] == ("1–6", "1–5")
    assert shown["剔除和挂账占比"][0] == "4.0%（2/50）"
    assert "响应率" not in shown, "a rate that applies neither before nor after"


def test_a_rank_comes_with_its_range() -> None:
    assert what_ifs.rank(row()) == "第 3（1–6）"
    assert what_ifs.rank(row(score_rank=None, rank_low=None, rank_high=None)) == "—"


def test_only_other_units_that_move_are_named() -> None:
    now = pl.DataFrame(
        [row(), row(unit_id="U2", score_rank=2), row(unit_id="U3", score_rank=1), row(unit_id="U4", score_rank=None)]
    )
    then = now.with_columns(score_rank=pl.Series([2, 3, 1, None]))
    moved = what_ifs.moved(now, then, "U1")
    assert moved.select("unit_id", "before", "after").rows() == [("U2", 2, 3)]


def test_what_is_assumed_is_said() -> None:
    answer = Assumption("A", None, None, True, True, "解决", "满意")
    assert what_ifs.assumed([Assumption("B", True), Assumption("C", False), answer]) == (
        "假定剔除 1 件，假定不剔除 1 件，假定已回访 1 件"
    )
    assert what_ifs.assumed([]) == "没有任何假定"
