"""How a masking rule is written: one pattern, tried only on texts that pass its group's cheap gate.

Patterns are Rust regular expressions: no look-around, linear time on any text. Where a rule needs a border it consumes
one character on each side, and runs twice where neighbours share it.
"""

from dataclasses import dataclass

import polars as pl

# Unicode's noncharacters, for use inside a program: before a number that stays, between columns, around what was found.
KEPT, BETWEEN, FROM, TO = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"


@dataclass(frozen=True)
class Rule:
    """Replace `pattern` by `replacement`; `twice` where neighbours share the character between them."""

    pattern: str
    replacement: str
    twice: bool = False


@dataclass(frozen=True)
class Group:
    """Rules, or groups with narrower gates, that can only match where the gate does."""

    gate: str
    rules: tuple["Rule | Group", ...]


def apply(texts: pl.Series, rule: Rule | Group) -> pl.Series:
    """The texts after a rule, or after the rules of a group in their order; a group touches only what passes its gate."""
    if isinstance(rule, Rule):
        return _replace(texts, rule)
    places = texts.str.contains(rule.gate).arg_true()
    if places.is_empty():
        return texts
    masked = texts.gather(places)
    for inner in rule.rules:
        masked = apply(masked, inner)
    return texts.clone().scatter(places, masked)


def _replace(texts: pl.Series, rule: Rule) -> pl.Series:
    masked = texts.str.replace_all(rule.pattern, rule.replacement)
    if not rule.twice:
        return masked
    changed = (masked != texts).arg_true()  # a neighbour can only be left where something was replaced
    if changed.is_empty():
        return masked
    return masked.scatter(changed, masked.gather(changed).str.replace_all(rule.pattern, rule.replacement))


def without_marks(texts: pl.Series) -> pl.Series:
    """The texts without the characters that the rules mark places with; no sound text holds one."""
    return texts.str.replace_all(f"[{KEPT}{BETWEEN}{FROM}{TO}]", "")
