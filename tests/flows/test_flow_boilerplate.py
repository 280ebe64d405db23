"""What every work order says is kept as it was written and counts for nothing in the analysis."""

from pathlib import Path

import polars as pl
from called import Hotline
from made_exports import orders, storage_at, write_csv

from hotline12345.models.recurring.texts import clean, content_words, tokens
from hotline12345.models.topics.boilerplate import Boilerplate
from hotline12345.models.topics.folding import fold
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.terms import dictionary_words
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader

PLAIN = "东明里小区三号楼南侧污水井堵塞，污水外溢到路面"
WRAPPED = f"市民来电反映：{PLAIN}，恳请相关部门尽快核实处理并及时反馈，谢谢！"


def test_boilerplate_is_kept_in_the_stored_text(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    hotline("run", write_csv(tmp_path / "a.csv", orders(1, 反映内容=WRAPPED)), "--data-dir", storage.data)
    order = Reader(storage, current_snapshot(storage)).order("D2025000001").row(0, named=True)
    assert str(order["body"]).startswith("市民来电反映：") and "及时反馈" in str(order["body"])


def test_boilerplate_changes_no_word_of_the_topic_model() -> None:
    lexicon = Lexicon.packaged()
    wrapped, plain = (Boilerplate(lexicon).blanked(text) for text in (WRAPPED, PLAIN))
    words = dictionary_words(lexicon, 8)
    assert words(fold(wrapped)) == words(fold(plain)) != []


def test_boilerplate_changes_no_word_of_the_miner() -> None:
    wrapped, plain = clean(pl.Series([WRAPPED, PLAIN]))
    assert content_words(tokens(wrapped)) == content_words(tokens(plain)) != []
