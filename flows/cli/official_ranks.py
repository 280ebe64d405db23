"""The officially published rank in front of ours, wherever it is known."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.sql.reads import Reader

ADDED = ("official_rank", "official_score")
_OURS = {"score": "computed_score", "rank": "computed_rank"}  # what ours are called beside official figures


def with_official(scores: pl.DataFrame, reader: Reader, period: dict[str, Any]) -> pl.DataFrame:
    """Scores with the official rank and score of the period; unchanged where no table was published."""
    official = reader.official_ranks(period["rule_id"], period["period_id"])
    if official.is_empty():
        return scores
    return scores.join(official.select("unit_id", *ADDED), on="unit_id", how="left", maintain_order="left")


def chosen_columns(scores: pl.DataFrame, names: Sequence[str], output: str) -> tuple[pl.DataFrame, list[str]]:
    """The frame and its columns in the order of an output: official ones first, in JSON after the contract's."""
    if ADDED[0] not in scores.columns:
        return scores, [*names]
    if output == "json":
        return scores, [*names, *ADDED]
    known = [name for name in ADDED if scores[name].count()]
    return scores.rename(_OURS), [*known, *(_OURS.get(name, name) for name in names)]


def official_note(reader: Reader, period: dict[str, Any]) -> list[str]:
    """Which published table the official figures come from; empty where there is none."""
    official = reader.official_ranks(period["rule_id"], period["period_id"])
    if official.is_empty():
        return []
    newest = official.sort("official_id", descending=True).row(0, named=True)
    issued = f"，{labels.moment(newest['issued_at'])} 印发" if newest["issued_at"] else ""
    return [
        f"正式位次、正式成绩：{newest['source'] or '通报'}{issued}（第 {newest['official_id']} 号通报）；"
        "其余各列为本系统测算，差异见 hotline reconcile。"
    ]
