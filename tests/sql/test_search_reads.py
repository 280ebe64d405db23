"""The library finds what is written, no more, and nothing that is not the reader's."""

import shutil
from datetime import date

import pytest
from made_library import order, published, storage_at

from hotline12345.models.search.asked import one_word, parts, with_slip
from hotline12345.models.search.pairs import packaged_tokenizer
from hotline12345.sql.reads import Reader
from hotline12345.sql.row_access import NO_ROWS, RowAccess
from hotline12345.sql.search_reads import Narrowed
from hotline12345.sql.warehouse import WarehouseError

EVERY = Narrowed()
ORDERS = (
    order(0, "供暖不热", "家里供暖一直不热"),
    order(1, "电梯问题", "小区供暖还可以，电梯坏了", unit_name="西岭镇", resolution="解决"),
    order(2, "物业问题", "物业说提供暖气，没有"),
    order(3, "供暖费", "供暖费太贵", closed_at=None, unit_name="西岭镇"),
    order(4, "养狗扰民", "楼上有狗"),
    order(5, "供暖举报", "举报供暖公司不热", order_type="举报"),
    order(6, "供暖保密", "供暖不热", is_confidential=True, unit_name="西岭镇"),
    order(40, "星河湾漏水", "星河湾小区漏水"),
    order(41, "漏水", "新河湾小区漏水，楼道也漏水"),
    order(42, "供热不好", "供热不热"),
)


@pytest.fixture(scope="module")
def storage(tmp_path_factory):
    storage = storage_at(tmp_path_factory.mktemp("library"))
    return storage, published(storage, ORDERS)


@pytest.fixture
def reader(storage):
    reader = Reader(*storage)
    yield reader
    reader.close()


def asked(text: str) -> list:
    return [part.ways for part in parts(text, packaged_tokenizer())]


def ids(reader: Reader, text: str, narrowed: Narrowed = EVERY) -> list[str]:
    return reader.search_orders(asked(text), narrowed, 0, 100)["order_id"].to_list()


ANYONE = RowAccess()
OWN = RowAccess(units=("U2",))


def test_words_are_found_as_words(reader):
    assert ids(reader.limited(ANYONE), "供暖") == ["A003", "A000", "A001"]


def test_quotation_marks_find_what_stands_there(reader):
    assert ids(reader.limited(ANYONE), "“供暖”") == ["A003", "A000", "A002", "A001"]


def test_every_part_must_be_there(reader):
    limited = reader.limited(ANYONE)
    assert ids(limited, "供暖 不热") == ["A000"]
    assert ids(limited, "供暖 电梯") == ["A001"]
    assert ids(limited, "供暖 漏水") == []
    assert ids(limited, "狗") == ["A004"]


def test_titles_come_before_texts_then_the_newest(reader):
    assert ids(reader.limited(ANYONE), "漏水") == ["A041", "A040"]
    assert reader.limited(ANYONE).search_orders(asked("电梯 供暖"), EVERY, 0, 9)["titled"].to_list() == [1]


def test_pages_follow_each_other(reader):
    limited = reader.limited(ANYONE)
    pages = [limited.search_orders(asked("供暖"), EVERY, first, 2)["order_id"].to_list() for first in (0, 2, 4)]
    assert pages == [["A003", "A000"], ["A001"], []]


def test_counts_are_those_of_the_list(reader):
    counts = reader.limited(ANYONE).search_counts(asked("供暖"), EVERY)
    assert counts.select("unit_name", "created_month", "order_count").rows() == [
        ("东河街道", date(2026, 1, 1), 1),
        ("西岭镇", date(2026, 1, 1), 2),
    ]


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        (Narrowed(unit_id="U2"), ["A003", "A001"]),
        (Narrowed(unit_id="nobody"), []),
        (Narrowed(outcome="解决"), ["A001"]),
        (Narrowed(outcome="未办结"), ["A003", "A000"]),
        (Narrowed(first_month=date(2026, 2, 1)), []),
        (Narrowed(last_month=date(2026, 1, 1), place_id="U1"), ["A003", "A000", "A001"]),
        (Narrowed(topic_code="未归类"), ["A003", "A000", "A001"]),
    ],
)
def test_filters_narrow(reader, narrowed, found):
    assert ids(reader.limited(ANYONE), "供暖", narrowed) == found


def test_a_unit_finds_its_own_orders_only(reader):
    limited = reader.limited(OWN)
    assert ids(limited, "供暖") == ["A003", "A001"]
    assert ids(limited, "供暖", Narrowed(unit_id="U1")) == []
    assert limited.search_counts(asked("供暖"), EVERY)["unit_id"].to_list() == ["U2"]
    assert {*limited.search_choices().filter(choice_kind="unit")["choice_code"]} == {"U2"}
    assert reader.limited(NO_ROWS).search_counts(asked("供暖"), EVERY).is_empty()


def test_need_to_know_orders_are_found_by_text_only_with_the_right(reader):
    assert not {"A005", "A006"} & {*ids(reader.limited(ANYONE), "供暖")}
    assert {"A005", "A006"} <= {*ids(reader.limited(RowAccess(need_to_know=True)), "供暖")}
    assert ids(reader.limited(RowAccess(units=("U2",), need_to_know=True)), "供暖") == ["A006", "A003", "A001"]


def test_a_mistyped_word_is_offered_as_the_words_beside_it(reader):
    near = reader.limited(ANYONE).search_near("供嗳", asked("不热"), EVERY, 5)
    assert near.rows() == [("供暖", 1), ("供热", 1)]
    assert reader.limited(OWN).search_near("供嗳", [], EVERY, 5).rows() == [("供暖", 2)]
    assert reader.limited(ANYONE).search_near("嗳嗳", [], EVERY, 5).is_empty()


def test_a_slip_in_a_name_is_found(reader):
    (part,) = parts("“星河湾小区”", packaged_tokenizer())
    slipped = with_slip(part)
    assert ids(reader.limited(ANYONE), "“星河湾小区”") == ["A040"]
    assert {*reader.limited(ANYONE).search_orders([slipped.ways], EVERY, 0, 9)["order_id"]} == {"A040", "A041"}


def test_similar_orders_share_telling_words_and_are_ones_own(reader):
    words = {"供暖", "不热", "一直"}
    found = reader.limited(ANYONE).search_similar("A000", words, 9)
    assert "A000" not in found["order_id"]
    assert {"A001", "A003"} <= {*found["order_id"]}
    assert found["text_similarity"].is_between(0, 1).all()
    assert "A003" in reader.limited(OWN).search_similar("A001", words, 9)["order_id"]
    assert {*reader.limited(OWN).search_similar("A001", words, 9)["order_id"]} <= {"A001", "A003"}
    assert reader.limited(OWN).search_similar("A000", words, 9).is_empty()
    assert reader.limited(ANYONE).search_similar("A000", (), 9).is_empty()


def test_the_words_are_values_never_queries(reader):
    for text in ("'; drop table x; --", "供暖' or '1'='1", "%", "$count", "{}"):
        if asked(text):
            assert ids(reader.limited(ANYONE), text) in ([], ["A003", "A000", "A001"])
    assert reader.limited(ANYONE).search_counts([one_word("' or").ways], EVERY).is_empty()


def test_a_lost_file_is_told(storage, tmp_path):
    kept, snapshot = storage
    copy = tmp_path / "copy"
    shutil.copytree(kept.data, copy)
    moved = type(kept)(copy, copy / "config")
    for path in moved.search.iterdir():
        path.unlink()
    reader = Reader(moved, type(snapshot)(snapshot.run_id, moved.published / snapshot.path.name))
    with pytest.raises(WarehouseError, match="全文索引缺少 1 个文件"):
        reader.search_counts(asked("供暖"), EVERY)
    reader.close()
