"""What analysts changed about issues, applied in the order in which they said it: merges, splits, names, flags."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

RENAME, MERGE, SPLIT = "rename", "merge", "split"
DISMISS, RESTORE, PIN, UNPIN = "dismiss", "restore", "pin", "unpin"

#: nearest(order_ids, parts) → for each order the key of the part whose orders it is most like.
Nearest = Callable[[list[str], dict[str, list[str]]], list[str]]


@dataclass(frozen=True)
class Edit:
    """One edit in force; ids of issues begin with the letter of their grain.

    Attributes:
        action: one of the words above.
        issue_id: the issue that was changed.
        other_issue_id: merge: the issue that takes the orders; split: the issue of the part that leaves.
        edited_name: rename: the new name; split: the name of the part.
        moved_ids, kept_ids: split: the orders that leave, and those that stayed when it was said.
    """

    action: str
    issue_id: str
    other_issue_id: str = ""
    edited_name: str = ""
    moved_ids: tuple[str, ...] = ()
    kept_ids: tuple[str, ...] = ()


def applicable(edits: Sequence[Edit], known: Collection[str]) -> list[Edit]:
    """The edits without merges and splits of issues that nobody knows, as after a warehouse was built anew from other files."""
    ids, chosen = set(known), []
    for edit in edits:
        if edit.action == SPLIT and edit.issue_id in ids:
            ids.add(edit.other_issue_id)
        elif edit.action in (MERGE, SPLIT) and not {edit.issue_id, edit.other_issue_id} <= ids:
            continue
        chosen.append(edit)
    return chosen


def renamed(edits: Sequence[Edit]) -> dict[str, str]:
    """issue_id → the name that analysts gave it; the newest counts."""
    split = {edit.other_issue_id: edit.edited_name for edit in edits if edit.action == SPLIT}
    return split | {edit.issue_id: edit.edited_name for edit in edits if edit.action == RENAME}


def flagged(edits: Sequence[Edit], on: str, off: str) -> dict[str, bool]:
    """issue_id → whether the newest of two opposite actions is the first of them; only issues of which either was said."""
    return {edit.issue_id: edit.action == on for edit in edits if edit.action in (on, off)}


def merged(edits: Sequence[Edit]) -> dict[str, str]:
    """issue_id → the issue that its orders were given to, at the end of every chain; a circle ends where it would close."""
    into: dict[str, str] = {}
    for edit in edits:
        target = follow(into, edit.other_issue_id)
        if edit.action == MERGE and edit.issue_id not in into and target != edit.issue_id:
            into[edit.issue_id] = target
    return {issue_id: follow(into, issue_id) for issue_id in into}


def follow(links: Mapping[str, str], issue_id: str) -> str:
    """The end of a chain of links; where it runs in a circle, the last issue before it would close."""
    seen = {issue_id}
    while (target := links.get(issue_id)) is not None and target not in seen:
        seen.add(target)
        issue_id = target
    return issue_id


def assign(members: pl.DataFrame, edits: Sequence[Edit], nearest: Nearest) -> pl.DataFrame:
    """The members with `issue_id`, the issue they count for after every merge and split.

    `members`: grain found_id, order_id, where found_id is the issue that mining put the order into. What an order
    becomes depends on it, the edits and `nearest` alone, so it does not matter when an order arrived. A split moves the
    orders it names wherever they were found, and of the issue's later orders those that are nearer to the moved ones.
    """
    moves = [edit for edit in edits if edit.action in (MERGE, SPLIT)]
    if not moves:
        return members.with_columns(issue_id="found_id")
    numbered = members.with_row_index("row")
    named = {edit.issue_id for edit in moves} | {edit.other_issue_id for edit in moves}
    moved = {order_id for edit in moves for order_id in edit.moved_ids}
    concerned = numbered.filter(pl.col("found_id").is_in(list(named)) | pl.col("order_id").is_in(list(moved)))
    changed = pl.DataFrame(
        list(_moved(concerned, moves, nearest).items()),
        schema={"row": numbered.schema["row"], "issue_id": pl.String},
        orient="row",
    )
    return (
        numbered.join(changed, on="row", how="left", maintain_order="left")
        .with_columns(issue_id=pl.coalesce("issue_id", "found_id"))
        .drop("row")
    )


def _moved(concerned: pl.DataFrame, moves: Sequence[Edit], nearest: Nearest) -> dict[int, str]:
    """row → issue_id of the rows that any move may concern."""
    orders = dict(concerned.select("row", "order_id").iter_rows())
    current = dict(concerned.select("row", "found_id").iter_rows())
    row_of = {(found_id[0], orders[row]): row for row, found_id in current.items()}
    into: dict[str, str] = {}
    for edit in moves:
        held = [row for row, issue_id in current.items() if issue_id == edit.issue_id]
        if edit.action == MERGE:
            target = follow(into, edit.other_issue_id)
            if edit.issue_id in into or target == edit.issue_id:
                continue
            into[edit.issue_id] = target
            current.update(dict.fromkeys(held, target))
            continue
        known = {*edit.moved_ids, *edit.kept_ids}
        later = sorted((orders[row], row) for row in held if orders[row] not in known)
        leaving = [row_of[key] for order_id in edit.moved_ids if (key := (edit.other_issue_id[0], order_id)) in row_of]
        if later:
            parts = {edit.issue_id: list(edit.kept_ids), edit.other_issue_id: list(edit.moved_ids)}
            sides = nearest([order_id for order_id, _ in later], parts)
            leaving += [row for (_, row), side in zip(later, sides, strict=True) if side == edit.other_issue_id]
        current.update(dict.fromkeys(leaving, edit.other_issue_id))
    return current
