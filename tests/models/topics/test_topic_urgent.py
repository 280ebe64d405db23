"""The urgent flag on invented texts: recall first.

The texts were written lot by lot, each before the lexicon had been tried on it; what it missed was then used to widen it,
and the lot became `tuned`. `unseen` is the last lot: the lexicon has not been changed since it was first tried on it.
Whoever changes the lexicon after looking at `unseen` has to write a new lot, and the old one becomes `tuned`.
"""

import math
import sys
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from hotline12345.models.topics.urgent import UrgentLexicon, packaged_lexicon, urgent_kinds

GOLD = pl.read_csv(Path(__file__).with_name("urgent_gold.csv")).with_columns(pl.col("kinds").fill_null(""))
RECALL, PRECISION, KIND_RECALL = 0.95, 0.95, 0.75
LEXICON = """
[[kinds]]
name = "甲"
passes = ["火锅"]
patterns = ["火", "烟.{0,2}大"]

[[kinds]]
name = "乙"
passes = ["水费"]
patterns = ["水"]
"""


def said(*texts: str, lexicon: UrgentLexicon | None = None) -> list[str]:
    """The kinds of some bodies without titles."""
    bodies = pl.Series(texts, dtype=pl.String)
    return urgent_kinds(bodies.clear(len(texts)), bodies, lexicon or packaged_lexicon()).to_list()


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, hits / of
    centre, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (centre - spread) / (1 + z * z / of), min(1.0, (centre + spread) / (1 + z * z / of))


def told(name: str, hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{name} {hits}/{of} = {hits / of:.3f} ({low:.3f}–{high:.3f})"


def test_the_gold_set_is_large_and_has_both_parts():
    parts = GOLD.group_by("part").agg(pl.len().alias("texts"), (pl.col("kinds") != "").sum().alias("urgent"))
    assert sorted(parts["part"]) == ["tuned", "unseen"]
    assert parts["urgent"].min() >= 75
    assert (parts["texts"] - parts["urgent"]).min() >= 75
    assert not GOLD["text"].is_duplicated().any()
    names = {kind.name for kind in packaged_lexicon().kinds}
    assert {kind for kinds in GOLD["kinds"] for kind in kinds.split("、") if kind} == names


@pytest.mark.parametrize("part", ["tuned", "unseen"])
def test_recall_and_precision(part: str, capsys: pytest.CaptureFixture[str]):
    texts = GOLD.filter(part=part)
    flags = texts.with_columns(pl.Series("said", said(*texts["text"])))
    urgent, called = pl.col("kinds") != "", pl.col("said") != ""
    hits, wanted, calls = (flags.filter(which).height for which in (urgent & called, urgent, called))
    pairs = [
        (kind, kind in row["said"].split("、"))
        for row in flags.iter_rows(named=True)
        for kind in filter(None, row["kinds"].split("、"))
    ]
    with capsys.disabled():
        sys.stdout.write(f"\nurgent, {part}: {told('recall', hits, wanted)}, {told('precision', hits, calls)}\n")
        for kind in packaged_lexicon().kinds:
            own = [found for name, found in pairs if name == kind.name]
            sys.stdout.write(f"  {told(kind.name, sum(own), len(own))}\n")
    assert hits / wanted >= RECALL
    assert hits / calls >= PRECISION
    for kind in packaged_lexicon().kinds:
        own = [found for name, found in pairs if name == kind.name]
        assert sum(own) / len(own) >= KIND_RECALL, kind.name


def test_kinds_stand_in_the_order_of_the_lexicon():
    lexicon = UrgentLexicon.parse(LEXICON)
    assert said("下水道冒火", "平安无事", "烟很大", "烟不是很大", lexicon=lexicon) == ["甲、乙", "", "甲", ""]


def test_a_harmless_phrase_is_harmless_and_nothing_else():
    lexicon = UrgentLexicon.parse(LEXICON)
    assert said("火锅店排队", "火锅店着火", "交水费", "交水费停水", lexicon=lexicon) == ["", "甲", "", "乙"]


def test_titles_count_and_writing_does_not_matter():
    titles, bodies = pl.Series(["电梯困人", None, None]), pl.Series([None, "电 梯\n把人困\u3000住", None])
    assert urgent_kinds(titles, bodies, packaged_lexicon()).to_list() == ["人身安全", "人身安全", ""]


def test_no_texts_at_all():
    empty = pl.Series([], dtype=pl.String)
    assert urgent_kinds(empty, empty, packaged_lexicon()).to_list() == []


def test_the_hash_follows_the_lexicon():
    text = (files("hotline12345.models") / "lexicon" / "urgent.toml").read_text(encoding="utf-8")
    assert UrgentLexicon.parse(text) == packaged_lexicon()
    assert UrgentLexicon.parse(text + "\n# more").lexicon_hash != packaged_lexicon().lexicon_hash


def test_every_expression_of_the_lexicon_can_be_missed():
    """A pattern that matches the empty text would flag everything."""
    assert said("", "。", "诉求人咨询公园开放时间") == ["", "", ""]
