"""Opening the states that a bridge runs between: which unit, which rule, which periods, as known when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import polars as pl

from hotline12345.dashboard import labels, unit_names
from hotline12345.dashboard.bridge_changes import Orders
from hotline12345.dashboard.bridges import Chain, State
from hotline12345.sql.period_replay import replay_period, replay_under
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage


class BridgeError(Exception):
    """The question cannot be answered as asked; the Chinese message says what there is."""


@dataclass(frozen=True)
class Moment:
    """A period as known at a time (Asia/Shanghai); None: as known last."""

    period_id: str
    as_of: datetime | None = None


@dataclass(frozen=True)
class Question:
    """Whose figures are compared: a unit's name, alias or id, or the name of a group of units; from where to where."""

    unit: str
    start: Moment
    end: Moment
    rule_id: str | None = None


@dataclass(frozen=True)
class Answer:
    """A chain of states, and what its paragraph has to say of it: rows of landed.rules and mart_periods, earlier first.

    `summaries` are the rows of mart_group_summary for a group; empty for a unit, and where the group was not there.
    """

    chain: Chain
    unit_name: str
    is_group: bool
    moments: tuple[Moment, Moment]
    rules: tuple[dict[str, Any], dict[str, Any]]
    periods: tuple[dict[str, Any], dict[str, Any]]
    summaries: tuple[dict[str, Any], dict[str, Any]]
    names: pl.DataFrame


def unnamed(answer: Answer) -> Answer:
    """The same answer with orders whose ids lead to nothing."""
    chain, done = answer.chain, dict[int, State]()

    def state_of(state: State) -> State:
        """A step that changes nothing stays the same object as the one before."""
        if id(state) not in done:
            frame = state.orders.frame.with_columns(pl.col("order_id").hash().cast(pl.String))
            done[id(state)] = replace(state, orders=replace(state.orders, frame=frame))
        return done[id(state)]

    before, rebased, after = (state_of(state) for state in (chain.before, chain.rebased, chain.after))
    reference = state_of(chain.reference) if chain.reference else None
    return replace(answer, chain=Chain(before, rebased, reference, after, chain.is_reversed))


@dataclass(frozen=True)
class _Source:
    """One opened state: where it is read, under which rule and for which period."""

    reader: Reader
    rule_id: str
    period: dict[str, Any]

    @property
    def scores(self) -> pl.DataFrame:
        return self.reader.unit_scores(self.rule_id, self.period["period_id"])


class BridgeStates:
    """Opens what a question needs. Earlier states are replays of one period each; the newest is the snapshot itself."""

    def __init__(self, storage: Storage, snapshot: Snapshot) -> None:
        self._storage, self._snapshot = storage, snapshot
        self._latest = Reader(storage, snapshot)

    def answer(self, question: Question) -> Answer:
        """The chain of a question; BridgeError names the units, rules and periods that there are.

        The earlier state always comes first: a question asked the other way round gets the same chain, reversed.
        """
        is_reversed = _place(question.end) < _place(question.start)
        moments = (question.end, question.start) if is_reversed else (question.start, question.end)
        later_rule = self._rule(question.rule_id, moments[1].period_id, None)
        earlier_rule = self._rule(question.rule_id, moments[0].period_id, later_rule)
        before = self._open(moments[0], earlier_rule)
        after = self._open(moments[1], later_rule)
        rebased = self._rebased(before, after, moments)
        reference = self._reference(rebased, after, moments) if _is_across(moments) else None
        unit_ids, name, kind, group_id = self._units(question.unit, before, after)
        sources = [before, rebased, *([reference] if reference else []), after]
        states = _states(sources, unit_ids, kind, group_id)
        chain = Chain(states[0], states[1], states[2] if reference else None, states[-1], is_reversed)
        return Answer(
            chain,
            name,
            kind != "unit",
            moments,
            (_rule_row(before), _rule_row(after)),
            (before.period, after.period),
            (_summary(before, group_id), _summary(after, group_id)),
            after.scores.select("unit_id", "unit_name")
            .vstack(before.scores.select("unit_id", "unit_name"))
            .unique("unit_id"),
        )

    def _rule(self, wanted: str | None, period_id: str, preferred: str | None) -> str:
        """The wanted rule, else the preferred one where it has the period, else the first that has."""
        rules = self._latest.rules()["rule_id"].to_list()
        if wanted and wanted not in rules:
            raise BridgeError(f"没有规则“{wanted}”。现有规则：{'、'.join(rules)}。")
        tried = [wanted] if wanted else [*([preferred] if preferred else []), *rules]
        have: list[str] = []
        for rule_id in tried:
            periods = self._latest.periods(rule_id)["period_id"].to_list()
            if period_id in periods:
                return rule_id
            have += periods
        if not have:
            raise BridgeError("没有哪个规则的有效期内有工单，不能比较。")
        raise BridgeError(
            f"没有周期“{period_id}”。现有 {min(have)} 至 {max(have)}，写法如 2026-08 或 2026-08@2026-09-20。"
        )

    def _open(self, moment: Moment, rule_id: str) -> _Source:
        reader = self._latest
        if moment.as_of:
            replayed = replay_period(self._snapshot, moment.period_id, moment.as_of)
            reader = Reader(self._storage, self._snapshot, replayed)
        return self._source(reader, rule_id, moment)

    def _source(self, reader: Reader, rule_id: str, moment: Moment) -> _Source:
        periods = reader.periods(rule_id).filter(pl.col("period_id") == moment.period_id)
        if periods.is_empty():
            raise BridgeError(
                f"{moment.period_id} 期截至 {labels.moment(moment.as_of)} 还没有任何数据，或当时没有规则“{rule_id}”。"
                "各批次的数据时点见 hotline batches。"
            )
        return _Source(reader, rule_id, periods.row(0, named=True))

    def _rebased(self, before: _Source, after: _Source, moments: tuple[Moment, Moment]) -> _Source:
        """The earlier state's data under the later state's rule and units; the same object where these are the same."""
        hashes = {self._latest.reference_hash(moment.as_of) for moment in moments}
        if before.rule_id == after.rule_id and len(hashes) == 1:
            return before
        return self._under(after.rule_id, moments[0], moments[1].as_of)

    def _under(self, rule_id: str, moment: Moment, config_at: datetime | None) -> _Source:
        rule = self._latest.every_rule()[rule_id]
        boundless = replace(rule, valid_from=date.min, valid_to=None)
        replayed = replay_under(self._snapshot, moment.period_id, moment.as_of, boundless, config_at)
        return self._source(Reader(self._storage, self._snapshot, replayed), rule_id, moment)

    def _reference(self, rebased: _Source, after: _Source, moments: tuple[Moment, Moment]) -> _Source:
        """The earlier period at the later one's age; `rebased` where it was that old already."""
        asked = moments[0].as_of
        if asked is None:
            return rebased
        known_until = moments[1].as_of or after.period["cutoff_at"]
        same_age = rebased.period["start_at"] + (known_until - after.period["start_at"])
        aged = datetime.combine(same_age.date(), time.max)
        if aged <= asked:
            return rebased
        newest = self._latest.periods(after.rule_id)["cutoff_at"][0]
        moment = Moment(moments[0].period_id, aged if aged < newest else None)
        return self._under(after.rule_id, moment, moments[1].as_of)

    def _units(self, wanted: str, before: _Source, after: _Source) -> tuple[list[str], str, str, str]:
        """Unit ids, shown name, kind and id of what is asked for: one unit, or a group of units."""
        scores = pl.concat([source.scores.select("unit_id", "unit_name", "unit_group") for source in (after, before)])
        unit_id = unit_names.unit_id_of(self._latest, scores, wanted)
        if unit_id is not None:
            name = str(scores.filter(pl.col("unit_id") == unit_id)["unit_name"][0])
            return [unit_id], name, "unit", unit_id
        members = scores.filter(pl.col("unit_group") == wanted)["unit_id"].unique().sort().to_list()
        if members:
            return members, wanted, "unit_group", wanted
        units, groups = (scores[column].unique().sort().to_list() for column in ("unit_name", "unit_group"))
        near = unit_names.near_names(wanted, units)
        raise BridgeError(
            f"这两期没有单位“{wanted}”。{near}单位：{'、'.join(units[:40])}。也可写单位组：{'、'.join(groups)}。"
        )


def _states(sources: Sequence[_Source], unit_ids: list[str], kind: str, group_id: str) -> list[State]:
    """The states of the sources; one object for one source. Orders that change units are followed within a period."""
    found = {id(source): _orders(source, unit_ids, []) for source in sources}
    known: dict[str, set[str]] = {}
    for source in sources:
        known.setdefault(source.period["period_id"], set()).update(found[id(source)]["order_id"])
    states: dict[int, State] = {}
    for source in sources:
        if id(source) not in states:
            missing = known[source.period["period_id"]] - set(found[id(source)]["order_id"])
            frame = _orders(source, unit_ids, sorted(missing)) if missing else found[id(source)]
            totals = source.reader.bridge_totals(source.rule_id, source.period["period_id"], kind, group_id)
            orders = Orders(frame, source.period["end_at"], unit_ids)
            states[id(source)] = State(orders, totals.row(0, named=True) if totals.height else {})
    return [states[id(source)] for source in sources]


def _orders(source: _Source, unit_ids: list[str], order_ids: list[str]) -> pl.DataFrame:
    return source.reader.bridge_orders(source.rule_id, source.period["period_id"], unit_ids, order_ids)


def _rule_row(source: _Source) -> dict[str, Any]:
    return source.reader.rules().filter(pl.col("rule_id") == source.rule_id).row(0, named=True)


def _summary(source: _Source, unit_group: str) -> dict[str, Any]:
    rows = source.reader.group_summary(source.rule_id, source.period["period_id"])
    found = rows.filter(pl.col("unit_group") == unit_group)
    return {} if found.is_empty() else found.row(0, named=True)


def _is_across(moments: tuple[Moment, Moment]) -> bool:
    return moments[0].period_id != moments[1].period_id


def _place(moment: Moment) -> tuple[str, datetime]:
    """Where a moment stands in time: by period, then by when it was known."""
    return moment.period_id, moment.as_of or datetime.max
