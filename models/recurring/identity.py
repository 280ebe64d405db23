"""Issues that keep their id and name: what was mined anew, matched with what is stored, after the analysts' edits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from hotline12345.models.recurring.edits import (
    DISMISS,
    PIN,
    RESTORE,
    SPLIT,
    UNPIN,
    Edit,
    Nearest,
    applicable,
    assign,
    flagged,
    follow,
    merged,
    renamed,
)
from hotline12345.models.recurring.facts import conform_facts
from hotline12345.models.recurring.issue_history import history
from hotline12345.models.recurring.matching import Found, Matched, Stored, match
from hotline12345.models.recurring.naming import issue_name

BY_SYSTEM, BY_PEOPLE = "系统", "人工"
ISSUES = pl.Schema(
    {
        "issue_id": pl.String(),
        "issue_grain": pl.String(),
        "issue_name": pl.String(),
        "place": pl.String(),
        "problem": pl.String(),
        "name_source": pl.String(),
        "is_pinned": pl.Boolean(),
        "is_dismissed": pl.Boolean(),
        "merged_into": pl.String(),
        "split_from": pl.String(),
        "absorbed_by": pl.String(),
        "first_known_at": pl.Datetime("us"),
        "gone_at": pl.Datetime("us"),
    }
)
MEMBERS = pl.Schema(
    {"issue_id": pl.String(), "found_id": pl.String(), "order_id": pl.String(), "similarity": pl.Float64()}
)
FORMER = pl.Schema({"issue_id": pl.String(), "order_id": pl.String()})


@dataclass(frozen=True)
class Identified:
    """Result of `identify`; every frame sorted by its grain.

    Attributes:
        issues: grain issue_id; every issue ever known, columns as `ISSUES`. A merged one has `merged_into`, one without
            orders `gone_at`; both keep their row, so that a link by an old id leads somewhere.
        members: grain issue_id, order_id, in place of the stored members that were given; columns as `MEMBERS`.
            `found_id` is the issue that mining put the order into, `issue_id` the one after merges and splits.
        former: grain issue_id, order_id; the last orders of the issues that lost their cluster in this run.
        history: grain history_id; what happened in this run, columns as `issue_history.HISTORY`.
    """

    issues: pl.DataFrame
    members: pl.DataFrame
    former: pl.DataFrame
    history: pl.DataFrame


def identify(found: Found, stored: Stored, edits: Sequence[Edit], nearest: Nearest) -> Identified:
    """Who is who after this run. Run again on its own result it changes nothing and has no history to tell.

    `edits` are those in force, oldest first. Mining is matched with what mining had found, and the edits are applied
    afterwards, each time anew: whoever takes an edit back gets the issues as they would be without it.

    Cost: a few joins over the members and one pass over the issues; 1 M members in about 1 s on two cores.
    """
    found = replace(found, facts=conform_facts(found.facts))
    matched = match(found, stored)
    ids = pl.concat([stored.issues.get_column("issue_id"), matched.clusters.get_column("found_id")])
    standing = applicable(edits, set(ids.to_list()))
    members = assign(matched.members, standing, nearest).select(*MEMBERS).sort("issue_id", "order_id")
    known = _known_issues(found, stored, matched, members, standing)
    issues = _with_state(known, stored, members, standing, found.until)
    former = stored.members.filter(pl.col("found_id").is_in(matched.lost.implode()))
    return Identified(
        issues=issues,
        members=members,
        former=former.select("order_id", issue_id="found_id").select(*FORMER).sort("issue_id", "order_id"),
        history=history(stored.issues, issues, members, found.facts, found.until),
    )


def _known_issues(
    found: Found, stored: Stored, matched: Matched, members: pl.DataFrame, edits: Sequence[Edit]
) -> pl.DataFrame:
    """Grain issue_id: the stored issues, the new ones and the parts that analysts split off; who absorbed whom."""
    fresh = matched.clusters.filter("is_new")
    names = [issue_name(place, problem) for place, problem in fresh.select("place", "problem").iter_rows()]
    mined = _conform(
        fresh.select(
            "issue_grain",
            "place",
            "problem",
            "split_from",
            issue_id="found_id",
            issue_name=pl.Series(names, dtype=pl.String),
            first_known_at=pl.lit(found.until),
        )
    )
    known = pl.concat([stored.issues.select(*ISSUES), mined])
    is_live = pl.col("issue_id").is_in(matched.members.get_column("found_id").unique().implode())
    return (
        pl.concat([known, _parts(known, members, edits, found.until)])
        .join(matched.absorbed.rename({"absorbed_by": "taker"}), on="issue_id", how="left")
        .with_columns(absorbed_by=pl.when(is_live).then(None).otherwise(pl.coalesce("taker", "absorbed_by")))
        .select(*ISSUES)
        .sort("issue_id")
    )


def _parts(known: pl.DataFrame, members: pl.DataFrame, edits: Sequence[Edit], until: datetime) -> pl.DataFrame:
    """The issues that splits made and that are not known yet, of the same grain and place as what they were split from."""
    splits = [edit for edit in edits if edit.action == SPLIT]
    named = pl.Series(
        [issue_id for edit in splits for issue_id in (edit.issue_id, edit.other_issue_id)], dtype=pl.String
    )
    met = known.filter(pl.col("issue_id").is_in(named.implode())).select("issue_id", "issue_grain", "place")
    kinds = {issue_id: (grain, place) for issue_id, grain, place in met.iter_rows()}
    rows = []
    for edit in splits:
        if edit.other_issue_id not in kinds:
            grain, place = kinds[edit.other_issue_id] = kinds[edit.issue_id]
            problem = edit.edited_name.removeprefix(place or "").strip()
            rows.append((edit.other_issue_id, grain, edit.edited_name, place, problem, edit.issue_id, until))
    schema = {name: ISSUES[name] for name in (*tuple(ISSUES)[:5], "split_from", "first_known_at")}
    parts = _conform(pl.DataFrame(rows, schema=schema, orient="row"))
    return parts.join(members, on="issue_id", how="semi")


def _conform(new: pl.DataFrame) -> pl.DataFrame:
    """New issues with every column of `ISSUES`: named by the system, without any flag."""
    plain = new.with_columns(
        name_source=pl.lit(BY_SYSTEM),
        is_pinned=pl.lit(False),
        is_dismissed=pl.lit(False),
        merged_into=pl.lit(None),
        absorbed_by=pl.lit(None),
        gone_at=pl.lit(None),
    )
    return plain.select(*ISSUES).cast(ISSUES)


def _with_state(
    issues: pl.DataFrame, stored: Stored, members: pl.DataFrame, edits: Sequence[Edit], until: datetime
) -> pl.DataFrame:
    """The issues with names, flags, links and the time since which they have no orders."""
    ids = issues.get_column("issue_id").to_list()
    live = _live(stored, members)
    links = _links(issues, live, edits)
    names = renamed(edits)
    by_system = [issue_name(place, problem) for place, problem in issues.select("place", "problem").iter_rows()]
    pinned, dismissed = flagged(edits, PIN, UNPIN), _dismissed(issues, edits)
    return (
        issues.with_columns(
            given=pl.Series([names.get(i) for i in ids], dtype=pl.String),
            by_system=pl.Series(by_system, dtype=pl.String),
            is_pinned=pl.Series([pinned.get(i, False) for i in ids], dtype=pl.Boolean),
            is_dismissed=pl.Series([i in dismissed for i in ids], dtype=pl.Boolean),
            merged_into=pl.Series([links.get(i) for i in ids], dtype=pl.String),
            is_live=pl.Series([i in live for i in ids], dtype=pl.Boolean),
        )
        .with_columns(
            issue_name=pl.when(pl.col("given").is_not_null())
            .then("given")
            .when(pl.col("name_source") == BY_PEOPLE)
            .then("by_system")
            .otherwise("issue_name"),
            name_source=pl.when(pl.col("given").is_not_null()).then(pl.lit(BY_PEOPLE)).otherwise(pl.lit(BY_SYSTEM)),
            gone_at=pl.when(pl.col("is_live") | pl.col("merged_into").is_not_null())
            .then(None)
            .otherwise(pl.coalesce("gone_at", pl.lit(until))),
        )
        .select(*ISSUES)
    )


def _live(stored: Stored, members: pl.DataFrame) -> set[str]:
    """The issues that have orders: those of the given members by these, all others as they were."""
    given = pl.concat([stored.members.get_column("issue_id"), stored.members.get_column("found_id")]).unique()
    had = stored.issues.filter(pl.col("gone_at").is_null() & pl.col("merged_into").is_null()).get_column("issue_id")
    return {*members.get_column("issue_id").unique().to_list()} | ({*had.to_list()} - {*given.to_list()})


def _links(issues: pl.DataFrame, live: set[str], edits: Sequence[Edit]) -> dict[str, str]:
    """issue_id → the issue at the end of its merges; only of issues without orders, what analysts said first."""
    by_mining = dict(issues.drop_nulls("absorbed_by").select("issue_id", "absorbed_by").iter_rows())
    links = {issue_id: into for issue_id, into in {**by_mining, **merged(edits)}.items() if issue_id not in live}
    return {issue_id: end for issue_id in links if (end := follow(links, issue_id)) != issue_id}


def _dismissed(issues: pl.DataFrame, edits: Sequence[Edit]) -> set[str]:
    """The dismissed issues. What mining or an analyst split off stays dismissed with its origin until somebody says more."""
    said = flagged(edits, DISMISS, RESTORE)
    origins = dict(issues.drop_nulls("split_from").select("issue_id", "split_from").iter_rows())
    dismissed = {issue_id for issue_id, is_dismissed in said.items() if is_dismissed}
    for issue_id in origins:
        origin = issue_id
        while origin not in said and origin in origins:
            origin = origins[origin]
        if said.get(origin, False):
            dismissed.add(issue_id)
    return dismissed
