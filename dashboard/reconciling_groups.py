"""Groups of orders that a published table may judge otherwise, each with what that would change in a unit's figures.

Pure: frames in, groups out. A group is one reason of one unit, such as 剔除 or a callback that came after the issue. Its
change says how far the unit's counts move when its orders are judged the other way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

SHARES = ("response", "resolution", "satisfaction")
CHANGES = (
    *("received", "valid", "contacted", "resolved", "satisfied", "basically_satisfied"),
    *(f"{name}_denominator" for name in SHARES),
    *(f"{name}_thousandths" for name in SHARES),
)
# Reason → how its orders read when they are judged the other way; {detail} is an order type, a kind or an answer.
CAUSES: Mapping[str, str] = {
    "late_callback": "通报印发后才有回访结果 {n} 件，若不计入",
    "answer_changed": "通报印发后回访结果有改动 {n} 件，若按印发时的结果",
    "excluded_since": "通报印发后剔除 {n} 件，若仍计入",
    "suspended_since": "通报印发后挂账 {n} 件，若仍计入",
    "released_since": "通报印发后取消剔除或销账 {n} 件，若不计入",
    "moved_out": "已改派给其他单位 {n} 件，若仍计入本单位",
    "moved_in": "由其他单位改派而来 {n} 件，若不计入本单位",
    "new_since": "通报印发后才导入 {n} 件，若不计入",
    "suspended": "挂账 {n} 件，若计入",
    "excluded": "剔除 {n} 件，若计入",
    "excluded_kind": "剔除类型“{detail}” {n} 件，若计入",
    "order_type_out": "类型“{detail}”不考核 {n} 件，若计入",
    "not_assessed": "不纳入考核 {n} 件，若计入",
    "repeat_of_case": "同一案件的重复工单 {n} 件，若计入",
    "unreached": "回访无效 {n} 件，若计入分母",
    "callback_awaited": "等待回访 {n} 件，若通报时已有结果",
    "order_type_in": "类型“{detail}” {n} 件，若不考核",
    "response_only": "只评价响应率 {n} 件，若不计入",
    "volume_excluded": "不计入诉求总量 {n} 件，若不计入",
    "answer_solved": "答复“{detail}” {n} 件，若算作解决",
    "answer_unsolved": "答复“{detail}” {n} 件，若不算解决",
    "basic_as_satisfied": "基本满意 {n} 件，若并入满意数",
    "received_excluded": "剔除 {n} 件，若不算受理",
    "received_suspended": "挂账 {n} 件，若不算受理",
    "received_volume": "不计入诉求总量 {n} 件，若不算受理",
    "received_type": "类型“{detail}” {n} 件，若不算受理",
}
OPEN_CAUSES = frozenset({"callback_awaited"})  # nobody knows what their callers would have answered
COUNTED = ("counted", "unreached")


@dataclass(frozen=True, eq=False)
class Group:
    """Orders of one unit that share a reason.

    Attributes:
        unit_id: the unit whose figures change.
        cause: a key of CAUSES.
        detail: what the cause is about; empty where it needs nothing.
        order_ids: the orders, sorted.
        change: figure (CHANGES) → how far it moves.
    """

    unit_id: str
    cause: str
    detail: str
    order_ids: tuple[str, ...]
    change: Mapping[str, int]

    @property
    def words(self) -> str:
        """The group in Chinese, with its number of orders."""
        return CAUSES[self.cause].format(n=f"{len(self.order_ids):,}", detail=self.detail)

    @property
    def is_open(self) -> bool:
        """Whether its orders have no answer yet."""
        return self.cause in OPEN_CAUSES


def as_counted(orders: pl.DataFrame) -> pl.DataFrame:
    """What each order adds to its unit's figures as it stands; grain order_id: unit_id and CHANGES."""
    return _contributions(orders, pl.col("reason_code") == "counted", *(pl.col(f"is_in_{name}") for name in SHARES))


def if_counted(orders: pl.DataFrame) -> pl.DataFrame:
    """What each order would add if its callback counted."""
    scored = ~pl.col("is_response_only")
    return _contributions(orders, pl.lit(True), pl.lit(True), scored, scored)


def _contributions(
    orders: pl.DataFrame, valid: pl.Expr, response: pl.Expr, resolution: pl.Expr, satisfaction: pl.Expr
) -> pl.DataFrame:
    inside = dict(zip(SHARES, (response, resolution, satisfaction), strict=True))
    answer = pl.col("satisfaction").fill_null("")
    return orders.select(
        "order_id",
        "unit_id",
        *(
            number.cast(pl.Int64).alias(name)
            for name, number in {
                "received": pl.lit(1),
                "valid": valid,
                "contacted": response & (pl.col("response_value") > 0),
                "resolved": resolution & (pl.col("resolution_value") > 0),
                "satisfied": satisfaction & (answer == "满意"),
                "basically_satisfied": satisfaction & (answer == "基本满意"),
                **{f"{name}_denominator": expression for name, expression in inside.items()},
                **{
                    f"{name}_thousandths": expression.cast(pl.Int64) * pl.col(f"{name}_value").cast(pl.Int64)
                    for name, expression in inside.items()
                },
            }.items()
        ),
    )


def find_groups(orders: pl.DataFrame, former: pl.DataFrame, then: pl.DataFrame | None) -> list[Group]:
    """Every group of every unit, sorted by unit, cause and detail.

    Args:
        orders: `Reader.scored_orders` of one rule and period.
        former: `Reader.former_units`; only used where `then` is not known.
        then: `orders` as known when the table was issued.
    """
    parts = [*_left_out(orders), *_counted(orders), *_answers(orders), *_not_received(orders)]
    parts += [_since(orders, then)] if then is not None else _moved(orders, former)
    rows = pl.concat(part.select("unit_id", "cause", "detail", "order_id", *CHANGES) for part in parts)
    summed = (
        rows.group_by("unit_id", "cause", "detail")
        .agg(pl.col("order_id").sort(), *(pl.col(name).sum() for name in CHANGES))
        .sort("unit_id", "cause", "detail")
    )
    groups = [
        Group(
            row["unit_id"],
            row["cause"],
            row["detail"],
            tuple(row["order_id"]),
            {name: row[name] for name in CHANGES if row[name]},
        )
        for row in summed.iter_rows(named=True)
    ]
    return [group for group in groups if group.change]


def _group(changes: pl.DataFrame, cause: str, detail: pl.Expr | None = None) -> pl.DataFrame:
    return changes.with_columns(
        cause=pl.lit(cause), detail=(pl.lit("") if detail is None else detail).cast(pl.String).fill_null("（未填）")
    )


def _left_out(orders: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Orders that do not count here, as if they did; those without a valid callback would still not count."""
    reached = pl.col("is_reached").fill_null(False)
    reason = pl.col("reason_code")
    for cause, which, detail in (
        ("excluded", (reason == "excluded") & reached, None),
        ("excluded_kind", (reason == "excluded") & reached & pl.col("exclusion_kind").is_not_null(), "exclusion_kind"),
        ("suspended", (reason == "suspended") & reached, None),
        ("order_type_out", (reason == "order_type_out_of_scope") & reached, "order_type"),
        ("not_assessed", (reason == "not_assessed") & reached, None),
        ("repeat_of_case", reason == "repeat_of_case", None),
        ("unreached", reason.is_in(["callback_not_valid", "unreached"]), None),
        ("callback_awaited", reason == "callback_awaited", None),
    ):
        found = orders.filter(which)
        changes = _difference(if_counted(found), as_counted(found))
        yield _group(_labelled(changes, found, detail), cause, pl.col("label") if detail else None)


def _counted(orders: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Orders that count here, as if they did not."""
    for cause, which, detail in (
        ("order_type_in", pl.col("order_type").n_unique().over("unit_id") > 1, "order_type"),
        ("response_only", pl.col("is_response_only"), None),
        ("volume_excluded", pl.col("is_volume_excluded"), None),
    ):
        found = orders.filter(pl.col("reason_code").is_in(COUNTED)).filter(which)
        changes = _negative(as_counted(found)).with_columns(received=pl.lit(0, dtype=pl.Int64))
        yield _group(_labelled(changes, found, detail), cause, pl.col("label") if detail else None)


def _answers(orders: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Answers that a table may value otherwise; denominators stay."""
    solved = orders.filter(pl.col("is_in_resolution") & ~pl.col("resolution").is_in(["解决", "未解决"]))
    for cause, sign, which in (
        ("answer_solved", 1, pl.col("resolution_value") == 0),
        ("answer_unsolved", -1, pl.col("resolution_value") > 0),
    ):
        found = solved.filter(which)
        changes = _nothing(found).with_columns(
            resolved=pl.lit(sign, dtype=pl.Int64),
            resolution_thousandths=(1000 - found["resolution_value"].cast(pl.Int64))
            if sign > 0
            else -found["resolution_value"].cast(pl.Int64),
        )
        yield _group(_labelled(changes, found, "resolution"), cause, pl.col("label"))
    basic = orders.filter(pl.col("is_in_satisfaction") & (pl.col("satisfaction") == "基本满意"))
    yield _group(_nothing(basic).with_columns(satisfied=pl.lit(1, dtype=pl.Int64)), "basic_as_satisfied")


def _not_received(orders: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Orders that a table may leave out of 受理量."""
    for cause, which, detail in (
        ("received_excluded", pl.col("is_excluded"), None),
        ("received_suspended", pl.col("is_suspended"), None),
        ("received_volume", pl.col("is_volume_excluded"), None),
        ("received_type", pl.col("order_type").n_unique().over("unit_id") > 1, "order_type"),
    ):
        found = orders.filter(which)
        changes = _nothing(found).with_columns(received=pl.lit(-1, dtype=pl.Int64))
        yield _group(_labelled(changes, found, detail), cause, pl.col("label") if detail else None)


def _moved(orders: pl.DataFrame, former: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Orders that another version gave to another unit."""
    found = orders.join(former.select("order_id").unique(), on="order_id", how="semi")
    yield _group(_negative(as_counted(found)), "moved_in")
    away = as_counted(found).join(former.select("order_id", "former_unit_id"), on="order_id")
    yield _group(away.with_columns(unit_id=pl.col("former_unit_id")), "moved_out")


def _since(orders: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """What has changed since the table was issued, each order at the unit it stood with."""
    now, before = as_counted(orders), as_counted(then)
    reasons = pl.concat(
        [
            orders.select(
                "order_id", "unit_id", pl.col("reason_code").alias("now"), pl.lit(None, pl.String).alias("then")
            ),
            then.select(
                "order_id", "unit_id", pl.lit(None, pl.String).alias("now"), pl.col("reason_code").alias("then")
            ),
        ]
    )
    stood = reasons.group_by("order_id", "unit_id").agg(
        pl.col("now").drop_nulls().first(), pl.col("then").drop_nulls().first()
    )
    known = then.select("order_id").unique().with_columns(was_known=pl.lit(True))
    changes = _difference(before, now).join(stood, on=["order_id", "unit_id"]).join(known, on="order_id", how="left")
    cause = (
        pl.when(pl.col("now").is_null()).then(pl.lit("moved_out"))
        .when(pl.col("then").is_null() & pl.col("was_known").is_null()).then(pl.lit("new_since"))
        .when(pl.col("then").is_null()).then(pl.lit("moved_in"))
        .when(pl.col("now") == "excluded").then(pl.lit("excluded_since"))
        .when(pl.col("now") == "suspended").then(pl.lit("suspended_since"))
        .when(pl.col("then").is_in(["excluded", "suspended"])).then(pl.lit("released_since"))
        .when((pl.col("now") == "counted") & (pl.col("then") != "counted")).then(pl.lit("late_callback"))
        .otherwise(pl.lit("answer_changed"))
    )  # fmt: skip
    return changes.with_columns(cause=cause, detail=pl.lit(""))


def _labelled(changes: pl.DataFrame, orders: pl.DataFrame, detail: str | None) -> pl.DataFrame:
    return changes.join(orders.select("order_id", label=detail), on="order_id") if detail else changes


def _difference(later: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """First minus second, by order and unit; an order that one side lacks counts nothing there."""
    both = pl.concat([later, _negative(earlier)])
    return both.group_by("order_id", "unit_id", maintain_order=True).agg(pl.col(name).sum() for name in CHANGES)


def _negative(changes: pl.DataFrame) -> pl.DataFrame:
    return changes.with_columns(-pl.col(name) for name in CHANGES)


def _nothing(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.select("order_id", "unit_id", *(pl.lit(0, dtype=pl.Int64).alias(name) for name in CHANGES))
