"""What became of issues in one run, as sentences: found, split off, joined, gone, back."""

import hashlib
from datetime import datetime

import polars as pl

SYSTEM = "系统"
HISTORY = pl.Schema(
    {
        "history_id": pl.String(),
        "issue_id": pl.String(),
        "event": pl.String(),
        "other_issue_id": pl.String(),
        "reason": pl.String(),
        "noted_at": pl.Datetime("us"),
        "who": pl.String(),
    }
)
_COUNTED = "{} 件工单，{} 名诉求人"
_GONE = "名下已没有工单：这些工单不再构成一个问题，或已归到别处。"


def history(
    before: pl.DataFrame, after: pl.DataFrame, members: pl.DataFrame, facts: pl.DataFrame, until: datetime
) -> pl.DataFrame:
    """What changed between the issues before and after a run, columns as `HISTORY`; nothing where nothing changed.

    What analysts did is not repeated here: their edits are history of their own. Sorted by issue_id, event.
    """
    was = before.select(
        "issue_id", was_gone=pl.col("gone_at").is_not_null(), was_absorbed_by="absorbed_by", was_known=True
    )
    names = after.select("issue_id", "issue_name")
    events = (
        after.join(was, on="issue_id", how="left")
        .with_columns(other_issue_id=pl.coalesce("absorbed_by", "split_from"), event=_event())
        .drop_nulls("event")
    )
    counts = (
        members.join(events, on="issue_id", how="semi")
        .join(facts.select("order_id", "voice"), on="order_id", how="left")
        .group_by("issue_id")
        .agg(orders=pl.len(), people=pl.coalesce("voice", "order_id").n_unique())
    )
    told = (
        events.join(counts, on="issue_id", how="left")
        .join(names.rename({"issue_id": "other_issue_id", "issue_name": "other_name"}), on="other_issue_id", how="left")
        .with_columns(reason=_reason(), noted_at=pl.lit(until), who=pl.lit(SYSTEM))
        .with_columns(other_issue_id=pl.when(pl.col("event").is_in(["合并", "拆分"])).then("other_issue_id"))
        .sort("issue_id", "event")
    )
    keys = [_key(*row) for row in told.select("issue_id", "event", "other_issue_id", "noted_at").iter_rows()]
    return told.with_columns(history_id=pl.Series(keys, dtype=pl.String)).select(*HISTORY).cast(HISTORY)


def _event() -> pl.Expr:
    """The one word for what happened to an issue; null for nothing."""
    is_new, is_gone, was_gone = pl.col("was_known").is_null(), pl.col("gone_at").is_not_null(), pl.col("was_gone")
    is_merged, is_part = pl.col("merged_into").is_not_null(), pl.col("split_from").is_not_null()
    is_absorbed_anew = pl.col("absorbed_by").is_not_null() & pl.col("absorbed_by").ne_missing(pl.col("was_absorbed_by"))
    is_edit = is_gone | is_merged | (is_part & (pl.col("name_source") != SYSTEM))
    was_lost = was_gone | pl.col("was_absorbed_by").is_not_null()
    return (
        pl.when(is_new & is_edit)
        .then(None)
        .when(is_new)
        .then(pl.when(is_part).then(pl.lit("拆分")).otherwise(pl.lit("出现")))
        .when(is_absorbed_anew)
        .then(pl.lit("合并"))
        .when(~was_gone & is_gone)
        .then(pl.lit("消失"))
        .when(was_lost & ~is_gone & ~is_merged)
        .then(pl.lit("恢复"))
    )


def _reason() -> pl.Expr:
    counted = pl.format(_COUNTED, pl.col("orders").fill_null(0), pl.col("people").fill_null(0))
    other = pl.col("other_name")
    event = pl.col("event")
    return (
        pl.when(event == "出现")
        .then(pl.format("首次发现：{}。", counted))
        .when(event == "拆分")
        .then(pl.format("从“{}”中分出：{}；人数较多的一边保留原编号。", other, counted))
        .when(event == "合并")
        .then(pl.format("与“{}”归为同一个问题，人数较多的一个保留编号；原编号仍可打开。", other))
        .when(event == "消失")
        .then(pl.lit(_GONE))
        .otherwise(pl.format("再次出现，沿用原编号：{}。", counted))
    )


def _key(issue_id: str, event: str, other_issue_id: str | None, noted_at: datetime) -> str:
    said = "\n".join([issue_id, event, other_issue_id or "", noted_at.isoformat()])
    return hashlib.sha256(said.encode()).hexdigest()[:16]
