"""Why a published table may differ from our figures: groups of orders that match the difference, and other rules.

Pure. Nothing here says what the reason *is*: equal numbers are a hint to check, so every text begins with 可能的原因.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.reconciling_groups import CAUSES, CHANGES, Group, as_counted, find_groups
from hotline12345.sql.official import COUNTS, RATES
from hotline12345.sql.official_reads import COMPARED

HALF_PRINTED = 0.0005 + 1e-9  # a printed rate of one decimal of a percent may be so far from the exact one
HALF_SCORE = 0.05 + 1e-9
SHOWN = 5  # explanations of one unit
POSSIBLE = "可能的原因"
CAUTION = "数字吻合只是线索，不是结论；以正式通报为准。"
_CAUSES = tuple(CAUSES)
Chosen = tuple[Group, ...]


@dataclass(frozen=True)
class Explanation:
    """One or two groups of orders whose change equals the difference of a unit.

    Attributes:
        unit_id: the unit.
        groups: the groups, in the order of CAUSES.
        matched: the published figures that come out as published when the groups are judged the other way.
        is_complete: whether those are all published figures of the three rates (or 受理量, which is explained apart).
        support: in how many units the same causes match.
    """

    unit_id: str
    groups: Chosen
    matched: tuple[str, ...]
    is_complete: bool
    support: int = 1

    @property
    def causes(self) -> tuple[tuple[str, str], ...]:
        """What the groups are about, without their numbers."""
        return tuple((group.cause, group.detail) for group in self.groups)

    @property
    def order_ids(self) -> tuple[str, ...]:
        """The orders of all its groups."""
        return tuple(sorted({order_id for group in self.groups for order_id in group.order_ids}))

    @property
    def words(self) -> str:
        """One Chinese sentence; a possibility, no claim."""
        said = "；".join(group.words for group in self.groups)
        names = "、".join(labels.column(name) for name in self.matched)
        open_note = "（答复未知，只看件数）" if any(group.is_open for group in self.groups) else ""
        elsewhere = f"；同样的原因在 {self.support} 个单位吻合" if self.support > 1 else ""
        whole = "与通报全部吻合" if self.is_complete else "与通报吻合，其余数字不吻合"
        return f"{POSSIBLE}：{said}{open_note}，则{names}{whole}{elsewhere}。"


@dataclass(frozen=True)
class Variant:
    """Our figures computed otherwise, against the published ones.

    Attributes:
        kind: as_of, full or rule.
        variant_id, name: which rule or way.
        compared: units with at least one published figure to compare.
        agreeing: of these, units whose compared figures all agree.
        difference: total absolute difference over all units: orders, 百分点 and points added up; for ranking only.
        figures: how many single figures were compared.
        is_ours: whether it is the figure that is shown.
    """

    kind: str
    variant_id: str
    name: str
    compared: int
    agreeing: int
    difference: float
    figures: int
    is_ours: bool = False

    @property
    def words(self) -> str:
        """One Chinese sentence."""
        how = f"按规则“{self.name}”计算" if self.kind == "rule" else f"按{self.name}计算"
        if self.compared and self.agreeing == self.compared:
            return f"{how}时，{self.compared} 个单位全部吻合。"
        return f"{how}时，{self.compared} 个单位中 {self.agreeing} 个吻合。"


def explain(
    comparison: pl.DataFrame, orders: pl.DataFrame, former: pl.DataFrame, then: pl.DataFrame | None
) -> list[Explanation]:
    """Explanations of every published unit that differs, the likeliest first; at most `SHOWN` a unit.

    Those that match every published figure come first, the rates before 受理量, then single groups before pairs, then causes that match in more
    units, then the order of CAUSES.

    Args:
        comparison: `Reader.official_comparison`.
        orders, former, then: as `reconciling_groups.find_groups` takes them.
    """
    by_unit: dict[str, list[Group]] = {}
    for group in find_groups(orders, former, then):
        by_unit.setdefault(group.unit_id, []).append(group)
    standing = _standing(orders)
    found: list[Explanation] = []
    for row in comparison.filter("is_published").iter_rows(named=True):
        unit_id = row["unit_id"]
        now = standing.get(unit_id, dict.fromkeys(CHANGES, 0))
        found += _matches(row, now, by_unit.get(unit_id, []))
    support = Counter((one.causes, one.is_complete) for one in found)
    ranked = sorted((replace(one, support=support[one.causes, one.is_complete]) for one in found), key=_place)
    shown: Counter[str] = Counter()
    kept = []
    for one in ranked:
        shown[one.unit_id] += 1
        if shown[one.unit_id] <= SHOWN:
            kept.append(one)
    place = {unit_id: number for number, unit_id in enumerate(comparison["unit_id"])}
    return sorted(kept, key=lambda one: place[one.unit_id])  # stable: the best of a unit stays first


def _place(one: Explanation) -> tuple[object, ...]:
    has_open = any(group.is_open for group in one.groups)
    causes = [(_CAUSES.index(cause), detail) for cause, detail in one.causes]
    is_of_volume = one.matched == ("received",)
    return (not one.is_complete, has_open, is_of_volume, len(one.groups), -one.support, -len(one.matched), causes)


def _standing(orders: pl.DataFrame) -> dict[str, dict[str, int]]:
    """unit_id → the sums that its figures are made of."""
    summed = as_counted(orders).group_by("unit_id").agg(pl.col(name).sum() for name in CHANGES)
    return {row["unit_id"]: row for row in summed.iter_rows(named=True)}


def _matches(row: Mapping[str, Any], now: Mapping[str, int], groups: Sequence[Group]) -> Iterator[Explanation]:
    """Groups that bring more published figures into agreement than now, the first of them at least."""
    for figures in (("received",), (*COUNTS[1:], *RATES)):
        published = {name: row[f"official_{name}"] for name in figures if row[f"official_{name}"] is not None}
        agree_now = _agreeing(published, now, ())
        if len(agree_now) == len(published):
            continue
        lead = next(iter(published))
        settled: set[Group] = set()
        for chosen in _candidates(lead, published[lead], now, _distinct(groups, figures)):
            if settled & {*chosen}:
                continue
            matched = _agreeing(published, now, chosen)
            is_complete = len(matched) == len(published)
            if is_complete or (len(chosen) == 1 and lead in matched and len(matched) > len(agree_now)):
                yield Explanation(row["unit_id"], chosen, matched, is_complete)
            if is_complete and len(chosen) == 1:
                settled.add(chosen[0])


def _distinct(groups: Sequence[Group], figures: Sequence[str]) -> list[Group]:
    """The groups that move one of the figures; of several with the same orders and change the first of CAUSES."""
    first: dict[object, Group] = {}
    for group in sorted(groups, key=lambda each: (_CAUSES.index(each.cause), each.detail)):
        if ("received" in group.change) if figures == ("received",) else any(n != "received" for n in group.change):
            first.setdefault((group.order_ids, *sorted(group.change.items())), group)
    return list(first.values())


def _candidates(lead: str, published: float, now: Mapping[str, int], groups: Sequence[Group]) -> Iterator[Chosen]:
    """Singles, then pairs without a common order, that move the leading count by exactly what it differs."""
    wanted = None if lead in RATES else round(published) - now[lead]
    moves = [group.change.get(lead, 0) for group in groups]
    yield from ((group,) for group, move in zip(groups, moves, strict=True) if wanted in (None, move))
    for (one, first), (other, second) in combinations(zip(groups, moves, strict=True), 2):
        if wanted in (None, first + second) and not {*one.order_ids} & {*other.order_ids}:
            yield one, other


def _agreeing(published: Mapping[str, float], now: Mapping[str, int], chosen: Sequence[Group]) -> tuple[str, ...]:
    """The published figures that our sums, moved by the groups, come out as.

    Where the answers of a group are open, its numerators may come out anywhere between none and all of its orders.
    """
    moved = {name: now[name] + sum(group.change.get(name, 0) for group in chosen) for name in CHANGES}
    slack = sum(len(group.order_ids) for group in chosen if group.is_open)

    def agrees(name: str, figure: float) -> bool:
        if name in RATES:
            return _rate_agrees(figure, moved, name.removesuffix("_rate"), slack)
        return moved[name] <= figure <= moved[name] + (slack if name not in ("received", "valid") else 0)

    return tuple(name for name, figure in published.items() if agrees(name, figure))


def _rate_agrees(published: float, moved: Mapping[str, int], share: str, slack: int) -> bool:
    denominator = moved[f"{share}_denominator"]
    if denominator <= 0:
        return False
    lowest = moved[f"{share}_thousandths"] / 1000 / denominator
    return lowest - HALF_PRINTED <= published <= lowest + slack / denominator + HALF_PRINTED


def side_by_side(comparison: pl.DataFrame) -> pl.DataFrame:
    """The comparison as texts, one cell a figure: `official / ours / difference`; grain unit_id, the order stays.

    Columns: official_rank and computed_rank as numbers, unit_name, and the figures that the table gives of any unit.
    """
    names = [name for name in (*COUNTS, *RATES, "score") if comparison[f"official_{name}"].count()]
    return pl.DataFrame(
        {
            **{"official_rank": comparison["official_rank"], "computed_rank": comparison["score_rank"]},
            "unit_name": comparison["unit_name"],
            **{name: [_cell(name, row) for row in comparison.iter_rows(named=True)] for name in names},
        }
    )


def _cell(name: str, row: Mapping[str, Any]) -> str:
    scale = 100 if name in RATES else 1
    difference = row[f"{name}_difference"]
    told = labels.MISSING if difference is None else _signed(labels.round_half_up(scale * difference, 1))
    return f"{labels.shown(name, row[f'official_{name}'])} / {labels.shown(name, row[name])} / {told}"


def _signed(value: Decimal) -> str:
    return f"{value.normalize():+f}" if value else "0"


def rank_variants(comparison: pl.DataFrame, variants: pl.DataFrame) -> list[Variant]:
    """Ways to compute the figures, ours among them, by how near they come to the published ones; the nearest first:
    the one under which most units agree, then the smallest total difference, then the one with most figures to compare.
    Ranks are compared only where a table gives nothing else, because ties decide them.

    Args:
        comparison: `Reader.official_comparison`.
        variants: grain variant_kind, variant_id, unit_id with `variant_name` and figures; null where there is none.
    """
    published = comparison.filter("is_published")
    if not (names := _compared(published)):
        return []
    official = published.select("unit_id", *(pl.col(COMPARED[name]).alias(f"official_{name}") for name in names))
    ours = comparison.select("unit_id", *names).select(
        *(pl.lit(text).alias(name) for name, text in _OURS.items()), pl.all()
    )
    every = pl.concat([ours, variants.select(*_OURS, "unit_id", *names)], how="vertical_relaxed")
    found = []
    for (kind, variant_id, name), part in every.group_by(*_OURS, maintain_order=True):
        joined = official.join(part, on="unit_id", how="left")
        found.append(_variant(str(kind), str(variant_id), str(name), joined, names))
    kinds = ("ours", "as_of", "full", "rule")
    wanted = [variant for variant in found if variant.compared]
    return sorted(wanted, key=lambda v: (-v.agreeing, v.difference, -v.figures, kinds.index(v.kind), v.variant_id))


def _compared(published: pl.DataFrame) -> list[str]:
    """The figures that a published table gives of any unit; the rank only where it gives nothing else."""
    given = [name for name, official in COMPARED.items() if published[official].count()]
    return [name for name in given if name != "score_rank"] or given


_OURS = {"variant_kind": "ours", "variant_id": "ours", "variant_name": "现用规则"}


def _variant(kind: str, variant_id: str, name: str, joined: pl.DataFrame, names: Sequence[str]) -> Variant:
    """A figure that the variant does not have is not compared; a unit without any is not counted as compared."""
    differences = joined.select((pl.col(each) - pl.col(f"official_{each}")).abs().alias(each) for each in names)
    scales = {each: 100.0 if each in RATES else 1.0 for each in names}
    limits = {**dict.fromkeys(RATES, HALF_PRINTED), "score": HALF_SCORE}
    agrees = differences.select(
        pl.all_horizontal((pl.col(each) <= limits.get(each, 0)).fill_null(True) for each in names).alias("agrees"),
        pl.any_horizontal(pl.col(each).is_not_null() for each in names).alias("compared"),
    )
    total = sum(scales[each] * float(differences[each].sum() or 0) for each in names)
    compared = agrees.filter("compared")
    return Variant(
        kind=kind,
        variant_id=variant_id,
        name=name,
        compared=compared.height,
        agreeing=int(compared["agrees"].sum()),
        difference=round(total, 6),
        figures=sum(differences[each].count() for each in names),
        is_ours=kind == "ours",
    )
