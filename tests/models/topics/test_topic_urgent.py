"""The urgent flag on invented texts, and the rules by which its lexicon is read.

`urgent_gold.csv` holds texts that the lexicon was tuned on: what is measured there only guards against breaking it.
`urgent_unseen.csv` was written by somebody who did not know the lexicon; it was tried once and the lexicon has not been
changed since, so its figures are what docs/topics.md tells. Whoever changes the lexicon after looking at those texts moves
them to the gold set and has a new unseen lot written first.
"""

import math
import sys
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from hotline12345.models.topics.urgent import UrgentLexicon, packaged_lexicon, urgent_kinds

HERE = Path(__file__).parent
# recall, precision, and recall by kind (that kind named), each a little below what was measured
FLOORS = {
    "gold": (0.96, 0.97, dict.fromkeys(("扬言", "消防", "燃气", "供暖停", "人身安全"), 0.92)),
    "unseen": (0.64, 0.86, {"扬言": 0.45, "消防": 0.70, "燃气": 0.40, "供暖停": 0.55, "人身安全": 0.50}),
}
LEXICON = """
harmless = ["火锅|火锅店"]
praise = ["感谢"]
doubts = ["担心|万一"]

[groups]
"暖" = ["暖气|地暖", "供暖"]

[kinds."甲"]
"明确" = ["冒火|着火", "@暖 3 停|断"]
"可能" = ["烟 >2 大"]

[kinds."乙"]
"明确" = ["漏水"]
"可能" = []
"""


def said(*texts: str, lexicon: UrgentLexicon | None = None) -> pl.DataFrame:
    """The kinds of some bodies without titles."""
    bodies = pl.Series(texts, dtype=pl.String)
    return urgent_kinds(bodies.clear(len(texts)), bodies, lexicon or packaged_lexicon())


def kinds(*texts: str) -> list[tuple[str, str]]:
    """All kinds and the certain ones, by the small lexicon."""
    return said(*texts, lexicon=UrgentLexicon.parse(LEXICON)).rows()


def texts_of(name: str) -> pl.DataFrame:
    return pl.read_csv(HERE / f"urgent_{name}.csv").with_columns(pl.col("kinds").fill_null(""))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, hits / of
    centre, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (centre - spread) / (1 + z * z / of), min(1.0, (centre + spread) / (1 + z * z / of))


def told(name: str, hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{name} {hits}/{of} = {hits / of:.3f} ({low:.3f}–{high:.3f})"


def named(column: str, kind: str) -> pl.Expr:
    return pl.col(column).str.split("、").list.contains(kind)


@pytest.mark.parametrize("name", ["gold", "unseen"])
def test_recall_and_precision(name: str, capsys: pytest.CaptureFixture[str]):
    texts = texts_of(name)
    flags = texts.hstack(said(*texts["text"]))
    urgent, called = pl.col("kinds") != "", pl.col("urgent_kinds") != ""
    hits, wanted, calls = (flags.filter(which).height for which in (urgent & called, urgent, called))
    least_recall, least_precision, by_kind = FLOORS[name]
    found = {
        kind: (own.filter(named("urgent_kinds", kind)).height, own.height)
        for kind in packaged_lexicon().kinds
        if (own := flags.filter(named("kinds", kind))).height
    }
    with capsys.disabled():
        sys.stdout.write(f"\nurgent, {name}: {told('recall', hits, wanted)}, {told('precision', hits, calls)}\n")
        for kind, (own, of) in found.items():
            sys.stdout.write(f"  {told(kind, own, of)}\n")
    assert hits / wanted >= least_recall
    assert hits / calls >= least_precision
    assert found.keys() == by_kind.keys()
    for kind, (own, of) in found.items():
        assert own / of >= by_kind[kind], kind


def test_the_lots_do_not_overlap_and_have_harmless_texts():
    gold, unseen = texts_of("gold"), texts_of("unseen")
    assert gold.height <= 400
    assert not pl.concat([gold["text"], unseen["text"]]).is_duplicated().any()
    for texts in (gold, unseen):
        assert (texts["kinds"] == "").sum() >= 0.4 * texts.height


def test_pairs_need_both_words_near_each_other_in_one_sentence():
    near = ("暖气停了", "停了三天暖气", "暖气，又断", "暖气费交了以后停", "暖气很好。停车难", "暖气", "停")
    assert [every for every, _ in kinds(*near)] == ["甲", "甲", "甲", "", "", "", ""]
    assert [every for every, _ in kinds("烟很大", "大烟", "地暖停", "供暖已断")] == ["甲", "", "甲", "甲"]


def test_grades():
    assert kinds("着火", "烟很大", "下水道漏水又冒火", "平安无事") == [
        ("甲", "甲"),
        ("甲", ""),
        ("甲、乙", "甲、乙"),
        ("", ""),
    ]
    assert kinds("烟很大，漏水") == [("甲、乙", "乙")]


def test_a_fear_is_never_certain():
    assert kinds("担心着火", "担心吵，着火了", "万一着火，漏水") == [("甲", ""), ("甲", "甲"), ("甲、乙", "乙")]


def test_what_a_long_letter_says_late_is_never_certain():
    assert kinds("小区很好" * 30 + "着火", "小区很好" * 40 + "着火") == [("甲", "甲"), ("甲", "")]


def test_harmless_phrases_and_thanks_are_taken_out():
    assert kinds("火锅店冒火", "感谢师傅修好漏水，很快", "感谢师傅。漏水") == [("甲", "甲"), ("", ""), ("乙", "乙")]


def test_titles_count_and_writing_does_not_matter():
    titles, bodies = pl.Series(["着火", None, None]), pl.Series([None, "着 \n火\u3000了", None])
    found = urgent_kinds(titles, bodies, UrgentLexicon.parse(LEXICON))
    assert found["urgent_kinds"].to_list() == ["甲", "甲", ""]


def test_no_texts_at_all():
    empty = pl.Series([], dtype=pl.String)
    assert urgent_kinds(empty, empty, packaged_lexicon()).rows() == []


@pytest.mark.parametrize(
    ("line", "words"),
    [("甲 乙", "看不懂"), ("甲 四 乙", "看不懂"), ("@无 3 乙", "没有它"), ("甲||乙", "空的词"), ("甲 3 乙|", "空的词")],
)
def test_a_wrong_entry_is_refused_with_the_reason(line: str, words: str):
    with pytest.raises(ValueError, match=words):
        UrgentLexicon.parse(LEXICON.replace("漏水", line))


def test_the_hash_follows_the_lexicon():
    text = (files("hotline12345.models") / "lexicon" / "urgent.toml").read_text(encoding="utf-8")
    assert UrgentLexicon.parse(text) == packaged_lexicon()
    assert UrgentLexicon.parse(text + "\n# more").lexicon_hash != packaged_lexicon().lexicon_hash


def test_the_lexicon_stays_readable():
    text = (files("hotline12345.models") / "lexicon" / "urgent.toml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert packaged_lexicon().kinds == ("扬言", "消防", "燃气", "供暖停", "人身安全")
    alone = said("火", "消防", "燃气", "供暖", "暖气", "煤气", "", "诉求人咨询公园开放时间")
    assert alone["urgent_kinds"].unique().to_list() == [""]
