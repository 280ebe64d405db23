"""A caller's number gives the same key from a column and from a text; a new secret begins an epoch of its own."""

from pathlib import Path

import polars as pl
import pytest
from made_corpus import make_corpus

from hotline12345.flows.ingest.masking import caller_keys, caller_keys_in
from hotline12345.flows.ingest.text import clean_text
from hotline12345.flows.keys import load_key
from hotline12345.sql.key_files import KeyFileError
from hotline12345.sql.storage import Storage

NUMBER = "12812345678"
KEY = caller_keys(pl.Series([NUMBER]), b"secret")[0]


@pytest.mark.parametrize(
    "text",
    [
        "电话12812345678",
        "打128 1234 5678或+86 128-1234-5678",
        "一二八一二三四五六七八找我",
        "1281234，后四位5678",
        "1 2 8 1 2 3 4 5 6 7 8。",
        "手机（128）12345678，座机010-00001234",
    ],
)
def test_one_number_in_a_text_gives_the_key_of_the_column(text):
    assert caller_keys_in(pl.Series([text]), b"secret").to_list() == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "无",
        "12812345678、12912345678",
        "座机010-00001234",
        "工单编号128123456789012",
        "身份证110101199003071234",
    ],
)
def test_no_number_or_several_give_none(text):
    assert caller_keys_in(pl.Series([text], dtype=pl.String), b"secret").to_list() == [None]


def test_length_and_order_stay():
    texts = pl.Series("body", ["无", "电话12812345678", None, "12812345678和12812345678"])
    assert caller_keys_in(texts, b"secret").to_list() == [None, KEY, None, KEY]


def test_whatever_form_a_number_takes_it_is_found():
    corpus = [message for message in make_corpus(4_000, 0.5, 11) if [span.kind for span in message.spans] == ["mobile"]]
    keys = caller_keys_in(clean_text(pl.Series([message.text for message in corpus])), b"secret")
    assert len(corpus) > 40
    assert keys.null_count() <= 0.02 * len(corpus)


def test_keys_of_two_epochs_are_never_equal(tmp_path: Path):
    storage = Storage(tmp_path / "data", tmp_path / "config")
    numbers = pl.Series([f"128{number:08}" for number in range(2_000)])
    first = load_key(storage)
    assert load_key(storage) == first
    storage.key_file.unlink()
    second = load_key(storage)
    assert second != first
    assert set(caller_keys(numbers, first)) & set(caller_keys(numbers, second)) == set()
    assert caller_keys(numbers, first).n_unique() == len(numbers)


def test_the_key_file_is_the_owners_alone_also_after_a_restore(tmp_path: Path):
    storage = Storage(tmp_path / "data", tmp_path / "config")
    load_key(storage)
    storage.key_file.chmod(0o644)
    load_key(storage)
    assert storage.key_file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_is_refused(tmp_path: Path):
    storage = Storage(tmp_path / "data", tmp_path / "config")
    load_key(storage)
    storage.key_file.write_text("abc")
    with pytest.raises(KeyFileError, match="备份"):
        load_key(storage)
