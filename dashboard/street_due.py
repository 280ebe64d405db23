"""What of a unit's open orders is due when, and what is known of contacting the caller. Pure.

Hours count from the data's cut-off: what happened after it is not known, so the clock on the wall would make orders late
that were closed in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from hotline12345.dashboard import labels

OVERDUE, DAY, TWO_DAYS, LATER, NO_LIMIT = "已超期", "24 小时内", "24–48 小时", "48 小时以后", "没有截止时间"
BUCKETS = (OVERDUE, DAY, TWO_DAYS, LATER, NO_LIMIT)
NOT_CONTACTED = "没有联系记录"
EVERY = "全部办理中"


@dataclass(frozen=True)
class OpenOrders:
    """A unit's open orders (grain order_id, the first due first) with `due_bucket` and `due_words`."""

    orders: pl.DataFrame

    def of(self, name: str) -> pl.DataFrame:
        """Those of a bucket, those without a record of contact, or every one."""
        if name == EVERY:
            return self.orders
        if name == NOT_CONTACTED:
            return self.orders.filter(pl.col("contact_record").is_in(["未联系", "未填"]))
        return self.orders.filter(pl.col("due_bucket") == name)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each."""
        return {name: self.of(name).height for name in (*BUCKETS, NOT_CONTACTED, EVERY)}

    @property
    def tells_contact(self) -> bool:
        """Whether any file has a column in which the unit reports of contacting the caller."""
        return bool(self.orders["contact_record"].is_not_null().any())


def timed(orders: pl.DataFrame, cutoff_at: datetime) -> OpenOrders:
    """Open orders (`Reader.open_orders`) beside the time at which the data end."""
    due = pl.col("effective_due_at")
    bucket = (
        pl.when(due.is_null())
        .then(pl.lit(NO_LIMIT))
        .when(due < cutoff_at)
        .then(pl.lit(OVERDUE))
        .when(due <= cutoff_at + timedelta(hours=24))
        .then(pl.lit(DAY))
        .when(due <= cutoff_at + timedelta(hours=48))
        .then(pl.lit(TWO_DAYS))
        .otherwise(pl.lit(LATER))
    )
    told = [time_left(due_at, cutoff_at) for due_at in orders["effective_due_at"]]
    return OpenOrders(orders.with_columns(bucket.alias("due_bucket"), pl.Series("due_words", told, dtype=pl.String)))


def time_left(due_at: datetime | None, cutoff_at: datetime) -> str:
    """`还有 3 小时`, `还有 2 天 5 小时`, `已超 40 分钟`; whole units, rounded down."""
    if due_at is None:
        return NO_LIMIT
    minutes = int(abs((due_at - cutoff_at).total_seconds()) // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        size = f"{days} 天" + (f" {hours} 小时" if hours else "")
    else:
        size = f"{hours} 小时" if hours else f"{minutes} 分钟"
    return f"{'已超' if due_at < cutoff_at else '还有'} {size}"


def clock_note(cutoff_at: datetime) -> str:
    """Which clock the hours run by."""
    return f"按数据截至时间 {labels.moment(cutoff_at)} 计算，不是此刻；之后办结的要等下一次导入。"


def not_contacted(answers: pl.DataFrame) -> int:
    """How many orders of `Reader.ledger_answers` count in 响应率 with the answer that nobody contacted the caller."""
    return answers.filter("is_in_response", pl.col("response_value") < 1000).height
