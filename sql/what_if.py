"""剔除测算: the figures of a period if filed applications were decided and open callbacks answered in some way.

The same SQL files that build the warehouse run in memory on the changed orders of one unit; what other units count stays
as published, since an order of one unit changes no other unit's counts. So a what-if equals a full recompute. It answers
what follows from assumptions that somebody else decides on; it never proposes any.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import polars as pl

from hotline12345.sql.graph import SqlFile, build_order
from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.warehouse import Connection, open_memory

RESULT = "marts.mart_unit_scores"
ORDERS = "staging.orders"
OTHERS = {"intermediate.outcomes": "published.outcomes"}  # what other units' orders came to
LEDGER = "intermediate.rate_ledger"
OF_UNIT = "unit_id = $unit_id"
SELECTED = {  # published table: where it goes, and which of its rows of this rule and period
    "intermediate.outcomes": ("published.outcomes", "unit_id <> $unit_id"),
    ORDERS: (
        "published.orders",
        f"order_id in (select order_id from {LEDGER} where rule_id = $rule_id and period_id = $period_id and {OF_UNIT})",
    ),
    LEDGER: ("published.rate_ledger", OF_UNIT),
    RESULT: ("published.mart_unit_scores", ""),
}
NEEDLESS = (
    *("join_order", "statistics_propagation", "compressed_materialization", "common_subplan", "duplicate_groups"),
    *("join_filter_pushdown", "row_group_pruner", "late_materialization", "limit_pushdown", "top_n", "in_clause"),
    *("reorder_filter", "extension"),
)
ANSWERED = ("is_valid_callback", "is_contacted", "resolution", "satisfaction")
DECIDED = ("is_excluded", "exclusion_kind", "is_suspended")
HAS = ("has_callback", "has_contact", "has_resolution", "has_satisfaction")
_CONTRADICTIONS = {"is_excluded": "既剔除又不剔除", "exclusion_kind": "两种剔除类型", "is_suspended": "既挂账又不挂账"}


class WhatIfError(Exception):
    """An assumption cannot be made; the Chinese message says why and what is possible."""


@dataclass(frozen=True)
class Assumption:
    """What is assumed of one order: the outcome of an application, or the answers of an open callback; None: as it is."""

    order_id: str
    is_excluded: bool | None = None
    exclusion_kind: str | None = None
    is_valid_callback: bool | None = None
    is_contacted: bool | None = None
    resolution: str | None = None
    satisfaction: str | None = None
    is_suspended: bool | None = None

    @property
    def is_answer(self) -> bool:
        """Whether a callback's answers are assumed."""
        return any(getattr(self, name) is not None for name in ANSWERED)


def refuse_contradictions(assumptions: Sequence[Assumption]) -> None:
    """WhatIfError where two assumptions about one order cannot both hold; the same one twice is no contradiction."""
    said: dict[str, dict[str, object]] = {}
    for assumed in assumptions:
        order_id, given = assumed.order_id, said.setdefault(assumed.order_id, {})
        for name in (*DECIDED, *ANSWERED):
            value = getattr(assumed, name)
            if value is None or given.setdefault(name, value) == value:
                continue
            what = _CONTRADICTIONS.get(name, "两种不同的回访结果")
            raise WhatIfError(f"工单 {order_id} 同时假定了{what}，互相矛盾。每张工单只写一种假定。")
        if given.get("is_excluded") and any(name in given for name in ANSWERED):
            raise WhatIfError(f"工单 {order_id} 同时假定了剔除和回访结果，互相矛盾：剔除的工单不看回访。请只留一种。")


class WhatIf:
    """One unit's orders of one period under one rule, ready to be changed; safe to share between threads.

    `now` holds marts.mart_unit_scores of the period as published (grain unit_id); `orders` the unit's orders: order_id,
    reason_code, is_excluded, is_suspended, exclusion_kind, created_at (grain order_id, oldest first); `scale` the rule's
    answers that count, by indicator.
    """

    def __init__(self, connection: Connection, rule_id: str, period_id: str, unit_id: str) -> None:
        self._lock = Lock()
        self._memory = open_memory()
        # The tables are small: handing work around and looking for better plans cost more than they save.
        self._memory.execute("set threads = 1")
        self._memory.execute(f"set disabled_optimizers = '{','.join(NEEDLESS)}'")
        self._bind = {"rule_id": rule_id, "period_id": period_id, "unit_id": unit_id}
        self._files = tuple(file for file in build_order() if file.name in _chain())
        self._memory.execute("create schema published")
        self._memory.execute("insert into run.touched_periods values (?)", [period_id])
        self._words = {word for file in self._files for word in re.findall(r"\w+", file.text)}
        made = {file.name for file in self._files}
        read = {name for file in self._files for name in file.reads if not name.startswith("run.")}
        for table in sorted((read - made) | SELECTED.keys()):
            self._copy(connection, table)
        self.rule = self._frame("select * from landed.rules").row(0, named=True)
        self._write_formulas()
        answers = self._frame("select * from landed.rule_answers order by indicator, answer_value desc, answer")
        self.scale = {str(name): tuple(part["answer"]) for (name,), part in answers.group_by("indicator")}
        self._types = self._frame("from published.orders limit 0").schema
        self.now = self._frame("select * from published.mart_unit_scores order by unit_id")
        self.orders = self._frame(
            """
            select order_id, ledger.reason_code, ledger.is_excluded, ledger.is_suspended, orders.exclusion_kind, orders.created_at
            from published.rate_ledger as ledger inner join published.orders as orders using (order_id)
            order by orders.created_at, order_id
            """
        )
        self._known = {row["order_id"]: row for row in self.orders.iter_rows(named=True)}

    def _write_formulas(self) -> None:
        """Keep each file's query as a view, so that a call does not read its text again; build everything once.

        What cannot change from call to call is left at that: turns of cases, where the rule scores every order.
        """
        self._memory.execute("create schema formulas")
        self._memory.execute(f"create table {ORDERS} as from published.orders")
        for file in self._files:
            others = f"union all by name from {OTHERS[file.name]}" if file.name in OTHERS else ""
            self._memory.execute(f"create view {_formula(file.name)} as ({file.text}) {others}")
            self._memory.execute(f"create table {file.name} as from {_formula(file.name)}")
        fixed = {"intermediate.case_turns"} if self.rule["repeat_policy"] == "each" else set()
        self._steps = [file.name for file in self._files if file.name not in fixed]

    def open_orders(self, limit: int | None = None) -> list[str]:
        """Ids of the unit's orders that still await their callback, oldest first."""
        waiting = self.orders.filter(pl.col("reason_code") == "callback_awaited")["order_id"]
        return list(waiting if limit is None else waiting.head(limit))

    def assume(self, assumptions: Sequence[Assumption]) -> pl.DataFrame:
        """marts.mart_unit_scores of the period, all units, under these assumptions; grain unit_id, sorted by it.

        WhatIfError for an order that is not the unit's in this period, for answers of an order that awaits none, and for
        assumptions that contradict each other.
        """
        self._check(assumptions)
        with self._lock:
            self._change(assumptions)
            for name in self._steps:
                self._memory.execute(f"create or replace table {name} as from {_formula(name)}")
            return self._frame(f"from {RESULT}").sort("unit_id")

    def _check(self, assumptions: Sequence[Assumption]) -> None:
        refuse_contradictions(assumptions)
        for assumed in assumptions:
            if assumed.order_id not in self._known:
                raise WhatIfError(f"工单 {assumed.order_id} 不是本单位这一期的工单，不能用于测算。")
            order = self._known[assumed.order_id]
            if assumed.is_answer and order["reason_code"] != "callback_awaited":
                raise WhatIfError(f"工单 {assumed.order_id} 不在等待回访，不能假定它的回访结果。")
            if assumed.is_answer and self.rule["answer_source"] == "unit":
                raise WhatIfError("这个规则以承办单位的自评计分，没有待回访的工单。")
            kind = assumed.exclusion_kind or order["exclusion_kind"]
            if assumed.is_excluded and self.rule["limits_exclusion_kinds"] and kind is None:
                raise WhatIfError(f"这个规则只认部分剔除类型，请写明类型：{assumed.order_id}=剔除类型。")

    def _change(self, assumptions: Sequence[Assumption]) -> None:
        """Write staging.orders: the unit's orders, with what is assumed in the columns that the rule reads."""
        answers = _answer_columns(self.rule)
        changed: dict[str, dict[str, object]] = {}
        for assumed in assumptions:
            row = changed.setdefault(assumed.order_id, {"order_id": assumed.order_id})
            row |= {name: getattr(assumed, name) for name in DECIDED if getattr(assumed, name) is not None}
            if assumed.is_answer:
                row |= {column: getattr(assumed, name) for name in ANSWERED for column in answers[name]}
                row |= {column: True for name in HAS for column in answers[name]}
        if not changed:
            self._memory.execute(f"create or replace table {ORDERS} as from published.orders")
            return
        types = {name: kind for name, kind in self._types.items() if any(name in row for row in changed.values())}
        named = (name for name in types if name != "order_id")
        replaced = ", ".join(f"coalesce(changed.{name}, orders.{name}) as {name}" for name in named)
        self._memory.register("changed", pl.DataFrame(list(changed.values()), schema=types))
        self._memory.execute(
            f"""
            create or replace table {ORDERS} as
            select orders.* replace ({replaced}) from published.orders as orders left join changed using (order_id)
            """
        )
        self._memory.unregister("changed")

    def _copy(self, connection: Connection, table: str) -> None:
        """Bring the rows of a published table that matter for this rule, period and unit into memory."""
        target, condition = SELECTED.get(table, (table, ""))
        columns = connection.sql(f"from {table} limit 0").columns
        picked = ", ".join(name for name in columns if table != ORDERS or name in self._words)
        conditions = [f"{name} = ${name}" for name in ("rule_id", "period_id") if name in columns]
        where = " and ".join([*conditions, *([condition] if condition else [])]) or "true"
        bind = {name: value for name, value in self._bind.items() if f"${name}" in where}
        self._fill(target, connection.sql(f"select {picked} from {table} where {where}", params=bind).pl())

    def _fill(self, table: str, frame: pl.DataFrame) -> None:
        self._memory.register("incoming_frame", frame)
        self._memory.execute(f"create or replace table {table} as from incoming_frame")
        self._memory.unregister("incoming_frame")

    def _frame(self, query: str) -> pl.DataFrame:
        frame: pl.DataFrame = self._memory.sql(query).pl()
        return frame


def _chain() -> frozenset[str]:
    """The tables between an order and a unit's score: what changes when an order does."""
    files: dict[str, SqlFile] = {file.name: file for file in build_order()}
    found = {ORDERS}
    for file in build_order():  # in run order, so what a file reads is decided before it
        if file.name != ORDERS and file.reads & found:
            found.add(file.name)
    needed, waiting = set[str](), [RESULT]
    while waiting:
        name = waiting.pop()
        if name in found and name not in needed:
            needed.add(name)
            waiting.extend(files[name].reads)
    return frozenset(needed - {ORDERS})


def _formula(table: str) -> str:
    """The view that holds the query of a table's file."""
    return f"formulas.{table.split('.')[1]}"


def _answer_columns(rule: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The columns of staging.orders that the rule's source and round of answers are read from, by plain name."""
    suffix = "" if rule["answer_source"] == "callback" else f"_{rule['answer_source']}"
    columns: dict[str, tuple[str, ...]] = {name: (f"{name}{suffix}",) for name in (*ANSWERED, *HAS)}
    if rule["answer_round"] != "latest":
        for name in ("resolution", "satisfaction"):
            columns[name] = (name, f"{name}_{rule['answer_round']}")
    return columns


class WhatIfReads(SnapshotReads):
    """The door to what-ifs from a snapshot."""

    def exclusion_kinds(self, rule_id: str) -> list[str]:
        """The kinds of 剔除 that a rule names or any order has, sorted."""
        found = self._query(
            """
            select item as exclusion_kind from landed.rule_items
            where rule_id = $rule_id and item_kind = 'exclusion_kinds'
            union select exclusion_kind from staging.orders where exclusion_kind is not null
            order by exclusion_kind
            """,
            rule_id=rule_id,
        )
        return [str(kind) for kind in found["exclusion_kind"]]

    def what_if(self, rule_id: str, period_id: str, unit_id: str) -> WhatIf:
        """Prepare a unit's orders of one period; the ranks among all units are counted again, so a limited reader gets its own units only.

        WhatIfError for another's unit.
        """
        if self._access.units is not None and unit_id not in self._access.units:
            raise WhatIfError("只能测算本单位的工单。")
        return WhatIf(self._cursor(self._whole), rule_id, period_id, unit_id)
