"""Clusters made by hand and their life from run to run: what tests of identity, history and edits stand on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from hotline12345.models.recurring.edits import MERGE, SPLIT, Edit
from hotline12345.models.recurring.identity import FORMER, ISSUES, MEMBERS, Identified, identify
from hotline12345.models.recurring.issue_history import HISTORY
from hotline12345.models.recurring.matching import Found, Stored

EVENT, THEME = "点位事件", "共性问题"
START = datetime(2026, 1, 1)
Group = tuple[str, str | None, str, Sequence[str]]  # grain, place, problem, orders


def event(orders: Sequence[str], place: str = "桐园小区", problem: str = "电梯故障") -> Group:
    """One 点位事件 as mining would give it."""
    return EVENT, place, problem, orders


def theme(orders: Sequence[str], problem: str = "电梯故障") -> Group:
    """One 共性问题 as mining would give it."""
    return THEME, None, problem, orders


def ids(*numbers: int) -> list[str]:
    """Order ids by number; a later order has the larger one."""
    return [f"O{number:04d}" for number in numbers]


def found(groups: Sequence[Group], day: int = 1, voices: Mapping[str, str] | None = None) -> Found:
    """The groups as clusters. An order was reported at the day of its number, by a person of its own unless said."""
    clusters = [(f"c{n}", grain, place, problem) for n, (grain, place, problem, _) in enumerate(groups)]
    members = [(f"c{n}", order_id, 0.9) for n, group in enumerate(groups) for order_id in group[3]]
    orders = sorted({order_id for _, order_id, _ in members})
    facts = [(o, START + timedelta(days=int(o[1:])), (voices or {}).get(o)) for o in orders]
    return Found(
        pl.DataFrame(
            clusters, schema=dict.fromkeys(("cluster_id", "grain", "place", "problem"), pl.String), orient="row"
        ),
        pl.DataFrame(
            members, schema={"cluster_id": pl.String, "order_id": pl.String, "similarity": pl.Float64}, orient="row"
        ),
        pl.DataFrame(
            facts, schema={"order_id": pl.String, "reported_at": pl.Datetime("us"), "voice": pl.String}, orient="row"
        ),
        START + timedelta(days=day),
    )


def by_number(order_ids: list[str], parts: dict[str, list[str]]) -> list[str]:
    """A stand-in for the nearest centre: the part with the order whose number is nearest, the first in order of ids."""
    return [
        min(sorted(parts), key=lambda part: min(abs(int(o[1:]) - int(order_id[1:])) for o in parts[part]))
        for order_id in order_ids
    ]


@dataclass
class World:
    """What is stored, taken along from run to run."""

    issues: pl.DataFrame = field(default_factory=ISSUES.to_frame)
    members: pl.DataFrame = field(default_factory=MEMBERS.to_frame)
    former: pl.DataFrame = field(default_factory=FORMER.to_frame)
    history: pl.DataFrame = field(default_factory=HISTORY.to_frame)
    day: int = 0

    def run(
        self,
        groups: Sequence[Group],
        edits: Sequence[Edit] = (),
        gone: Sequence[str] = (),
        voices: Mapping[str, str] | None = None,
        day: int | None = None,
    ) -> Identified:
        """One run over these groups alone; `gone` were looked at and are in no group. Issues not concerned stay."""
        self.day = self.day + 1 if day is None else day
        examined = {(group[0], order_id) for group in groups for order_id in group[3]}
        examined |= {(grain, order_id) for grain in (EVENT, THEME) for order_id in gone}
        stored = self.stored(examined, edits)
        result = identify(found(groups, self.day, voices), stored, edits, by_number)
        self._keep(stored, result)
        return result

    def stored(self, examined: set[tuple[str, str]], edits: Sequence[Edit]) -> Stored:
        """What a reader of the store would give for these (grain, order) that a run looks at."""
        looked_at = pl.DataFrame(
            sorted(examined), schema={"issue_grain": pl.String, "order_id": pl.String}, orient="row"
        ).with_columns(is_examined=True)
        members, former = (
            frame.join(self.issues.select("issue_grain", **{key: "issue_id"}), on=key)
            .join(looked_at, on=["issue_grain", "order_id"], how="left")
            .with_columns(pl.col("is_examined").fill_null(False))
            for frame, key in ((self.members, "found_id"), (self.former, "issue_id"))
        )
        hit = members.filter("is_examined")
        concerned = {*hit["found_id"], *hit["issue_id"]}
        concerned |= {
            i for edit in edits for i in (edit.issue_id, edit.other_issue_id) if edit.action in (MERGE, SPLIT)
        }
        lost = former.filter("is_examined")["issue_id"].unique()
        return Stored(
            self.issues,
            members.filter(pl.any_horizontal(pl.col("found_id", "issue_id").is_in(list(concerned)))),
            former.filter(pl.col("issue_id").is_in(lost.implode())).select(*FORMER),
        )

    def _keep(self, stored: Stored, result: Identified) -> None:
        rest = self.members.join(stored.members, on=["issue_id", "order_id"], how="anti")
        self.issues = result.issues
        self.members = pl.concat([rest, result.members]).sort("issue_id", "order_id")
        live = self.members["found_id"].unique()
        former = self.former.join(result.former, on="issue_id", how="anti")
        former = pl.concat([former, result.former]).sort("issue_id", "order_id")
        self.former = former.filter(~pl.col("issue_id").is_in(live.implode()))
        fresh = result.history.join(self.history, on="history_id", how="anti")
        self.history = pl.concat([self.history, fresh])

    def groups(self) -> dict[str, list[str]]:
        """issue_id → its orders."""
        grouped = self.members.sort("order_id").group_by("issue_id", maintain_order=True).agg("order_id")
        return {issue_id: orders for issue_id, orders in grouped.iter_rows()}

    def issue(self, issue_id: str) -> dict[str, object]:
        """The row of one issue."""
        return self.issues.row(by_predicate=pl.col("issue_id") == issue_id, named=True)

    def id_of(self, order_id: str, grain: str = EVENT) -> str:
        """The issue of one grain that an order counts for."""
        mine = self.members.filter(pl.col("order_id") == order_id).join(self.issues, on="issue_id")
        return str(mine.filter(pl.col("issue_grain") == grain)["issue_id"].item())

    def events(self) -> list[tuple[str, str, str | None]]:
        """issue_id, event, other_issue_id of the whole history, in order."""
        return self.history.select("issue_id", "event", "other_issue_id").rows()
