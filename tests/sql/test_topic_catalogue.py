"""The topic catalogue: what is refused, what a label means on which day, and where a replaced code stands today."""

from pathlib import Path

import pytest
from made_catalogue import BOTH, NEW, OLD, WALK, codes, labelled, order, resolve, write

from hotline12345.sql.reference import SEEDS, land_reference
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.storage import Storage
from hotline12345.sql.taxonomy_checks import SEVEN_FIVE
from hotline12345.sql.warehouse import open_memory

TOP = "t,A,供水,,1,,,,"
WRONG = {
    "unknown parent": ([TOP, "t,A1,水压,B,2,,,,"], "第 3 行，列 parent_code：目录“t”没有编码“B”"),
    "parent at the wrong level": ([TOP, "t,A1,水压,A,3,,,,"], "上级“A”是 1 级，3 级分类的上级应为 2 级"),
    "parents in a circle": (["t,A1,水压,A2,2,,,,", "t,A2,水质,A1,2,,,,"], "上级“A2”是 2 级，2 级分类的上级应为 1 级"),
    "level 1 with a parent": ([TOP, "t,B,供电,A,1,,,,"], "一级分类没有上级"),
    "level 2 without a parent": ([TOP, "t,A1,水压,,2,,,,"], "2 级分类要写明上级编码"),
    "no such level": (["t,A,供水,,4,,,,"], "列 level：“4”应为 1、2 或 3"),
    "two names at one time": ([TOP, "t,A,自来水,,1,,,2025-01-01,"], "编码“A”在同一时间有两个名称：“供水”和“自来水”"),
    "two codes for one name": ([TOP, "t,B,供水,,1,,,,"], "同一上级之下的“供水”在同一时间有两个编码：“A”和“B”"),
    "a code of two levels": ([TOP, "u,A,水压,B,2,,,,"], "编码“A”先前是 1 级，这里是 2 级"),
    "none as a code": ([TOP, "t,未归类,其他,,1,,,,"], "列 topic_code：“未归类”表示没有分类"),
    "none as a name": ([TOP, "t,B,未归类,,1,,,,"], "列 topic_name：“未归类”表示没有分类"),
    "two levels in a name": ([TOP, "t,B,供水->水压,,1,,,,"], "列 topic_name：“供水->水压”含有“->”，它用来分隔各级"),
    "no seven-five": (["t,A,供水,,1,宜居,,,"], "列 seven_five_primary：“宜居”不是七有五性之一。可填：幼有所育"),
    "ends before it begins": (["t,A,供水,,1,,,2025-01-01,2024-01-01"], "失效日期 valid_to 不晚于生效日期"),
}
WRONG_LIST = {
    "twice": (["t,甲,,,example,,,", "t,乙,,,example,,,"], "taxonomy_id“t”出现多次"),
    "status": (["t,甲,,,正式,,,"], "列 status：“正式”应为 official、district_notice、observed、example 之一"),
    "not listed": (["u,甲,,,example,,,"], "taxonomies.csv 没有目录“t”。现有目录：u"),
}
WRONG_WALK = {
    "unknown code": (["old,Z,new,N,same,2026-01-01,"], "第 2 行，列 from_code：目录“old”没有编码“Z”"),
    "unknown target": (["old,A1,new,A1,same,2026-01-01,"], "列 to_code：目录“new”没有编码“A1”"),
    "relation": (["old,A1,new,N,等于,2026-01-01,"], "列 relation：“等于”应为 same（一对一）"),
    "two targets": (
        ["old,A2,new,M1,same,2026-01-01,", "old,A2,new,M2,split,2026-01-01,"],
        "有 2 个去向，各行都应写 split",
    ),
    "one target": (["old,A2,new,M1,split,2026-01-01,"], "只有一个去向，应写 same 或 merged"),
    "two sources": (["old,A1,new,M1,same,2026-01-01,", "old,A2,new,M1,merged,2026-01-01,"], "有 2 个来源，应写 merged"),
    "circle": (["old,A1,new,N,same,2026-01-01,", "new,N,old,A1,same,2026-01-01,"], "绕成了圈"),
    "no day": (["old,A1,new,N,same,,"], "第 2 行，列 valid_from：不能为空"),
}


def landed(storage: Storage) -> None:
    land_reference(open_memory(), storage)


@pytest.mark.parametrize("case", WRONG)
def test_a_catalogue_that_contradicts_itself_is_refused(case: str, tmp_path: Path) -> None:
    lines, message = WRONG[case]
    with pytest.raises(ReferenceTableError) as refused:
        landed(write(tmp_path, lines))
    assert "配置文件 topics.csv 第" in str(refused.value) and message in str(refused.value)


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    storage = write(tmp_path, [TOP])
    path = storage.config / "topics.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("parent_code", "topic_name"), encoding="utf-8")
    with pytest.raises(ReferenceTableError, match=r"topics\.csv 有两列都叫“topic_name”"):
        landed(storage)


@pytest.mark.parametrize("case", WRONG_LIST)
def test_a_wrong_list_of_taxonomies_is_refused(case: str, tmp_path: Path) -> None:
    lines, message = WRONG_LIST[case]
    with pytest.raises(ReferenceTableError) as refused:
        landed(write(tmp_path, [TOP], lines))
    assert message in str(refused.value)


@pytest.mark.parametrize("case", WRONG_WALK)
def test_a_wrong_crosswalk_is_refused(case: str, tmp_path: Path) -> None:
    lines, message = WRONG_WALK[case]
    with pytest.raises(ReferenceTableError) as refused:
        landed(write(tmp_path, [*OLD, *NEW], BOTH, lines))
    assert "topic_crosswalk.csv" in str(refused.value) and message in str(refused.value)


def test_the_shipped_example_is_sound_says_so_and_gives_every_leaf_its_seven_five(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    storage.make()
    for name in ("topics.csv", "taxonomies.csv", "topic_crosswalk.csv"):
        (storage.config / name).write_bytes((SEEDS / name).read_bytes())
    connection = open_memory()
    land_reference(connection, storage)
    sizes = connection.execute("select level, count(*) from landed.topics group by level order by level").fetchall()
    assert sizes == [(1, 15), (2, 100), (3, 293)]
    assert connection.execute("select taxonomy_name, taxonomy_status from landed.taxonomies").fetchall() == [
        ("示例分类目录", "example")
    ]
    leaves = connection.execute("select seven_five_primary from landed.topics where level = 3").fetchall()
    assert {value for (value,) in leaves} == set(SEVEN_FIVE)


def test_a_catalogue_without_a_list_is_one_taxonomy_always_valid(tmp_path: Path) -> None:
    connection = labelled(write(tmp_path, [TOP]), [order("1", "2020-01-01", "供水")])
    assert codes(connection) == {"1": ("A", None, None)}
    assert connection.execute("select taxonomy_id, taxonomy_status from landed.taxonomies").fetchall() == [("t", None)]


def test_labels_are_resolved_by_every_name_a_code_ever_had(tmp_path: Path) -> None:
    topics = [
        "t,A,供暖,,1,,,2024-01-01,2025-01-01",
        "t,A,供热,,1,,,2025-01-01,",
        "t,A1,室温,A,2,,,2024-01-01,",
        "t,A11,其他,A1,3,,,2024-01-01,",
        "t,B,供水,,1,,,2024-01-01,",
        "t,B1,其他,B,2,,,2024-01-01,",
    ]
    rows = [
        order("old name", "2024-05-01", "供暖", "室温", "其他"),
        order("old name later", "2025-05-01", "供暖", "室温"),
        order("new name early", "2023-05-01", "供热", "室温", "其他"),
        order("same name elsewhere", "2025-05-01", "供水", "其他"),
        order("level 2 unknown", "2025-05-01", "供水", "室温", "其他"),
        order("unknown", "2025-05-01", "天气", "晴"),
        order("none", "2025-05-01"),
        order("said to be none", "2025-05-01", "未归类"),
    ]
    assert codes(labelled(write(tmp_path, topics), rows)) == {
        "old name": ("A", "A1", "A11"),
        "old name later": ("A", "A1", None),
        "new name early": ("A", "A1", "A11"),
        "same name elsewhere": ("B", "B1", None),
        "level 2 unknown": ("B", None, None),
        "unknown": ("天气", None, None),
        "none": (None, None, None),
        "said to be none": (None, None, None),
    }


def test_a_label_counts_in_the_taxonomy_of_its_day(tmp_path: Path) -> None:
    """The same word is level 1 in two catalogues one after the other, with different codes, and nobody linked them."""
    rows = [
        order("then", "2025-12-31", "公共服务", "停车"),
        order("now", "2026-01-01", "公共服务", "机动车停车"),
        order("late", "2026-03-01", "公共服务", "停车"),
        order("before both", "2023-01-01", "公共服务"),
    ]
    assert codes(labelled(write(tmp_path, [*OLD, *NEW], BOTH), rows)) == {
        "then": ("A", "A2", None),
        "now": ("M", "M1", None),
        "late": ("A", "A2", None),
        "before both": ("A", None, None),
    }


def test_of_two_taxonomies_in_force_the_first_listed_counts(tmp_path: Path) -> None:
    topics = ["city,C,住房,,1,,,,", "town,D,住房,,1,,,,", "town,D1,漏水,D,2,,,,"]
    lists = ["city,市目录,,,example,,,", "town,区目录,,,example,,,"]
    rows = [order("1", "2026-01-01", "住房"), order("2", "2026-01-01", "住房", "漏水")]
    assert codes(labelled(write(tmp_path / "a", topics, lists), rows)) == {
        "1": ("C", None, None),
        "2": ("D", "D1", None),
    }
    assert codes(labelled(write(tmp_path / "b", topics, lists[::-1]), rows))["1"] == ("D", None, None)


def test_ended_codes_are_carried_to_their_successors(tmp_path: Path) -> None:
    rows = [
        order("moved", "2025-01-01", "公共服务", "供暖", "室温"),
        order("moved coarse", "2025-01-01", "公共服务", "供暖"),
        order("split", "2025-01-01", "公共服务", "停车"),
        order("merged", "2025-01-01", "公共服务", "快递"),
        order("new", "2026-02-01", "公共服务", "邮政快递"),
    ]
    assert codes(labelled(write(tmp_path, [*OLD, *NEW], BOTH, WALK), rows)) == {
        "moved": ("N", "N1", None),
        "moved coarse": ("N", None, None),
        "split": ("M", None, None),  # both successors lie below M
        "merged": ("M", "M3", None),
        "new": ("M", "M3", None),
    }


def test_a_crosswalk_prepared_ahead_changes_nothing_before_its_day(tmp_path: Path) -> None:
    rows = [order("1", "2025-12-31", "公共服务", "供暖")]
    storage = write(tmp_path, [*OLD, *NEW], BOTH, WALK)
    connection = labelled(storage, rows)
    before = land_reference(connection, storage)
    assert codes(connection) == {"1": ("A", "A1", None)}
    connection.execute("update landed.order_versions set created_at = '2026-01-01 00:00:00'")
    assert land_reference(connection, storage) != before  # so that everything is joined anew


def test_a_level1_code_split_into_strangers_keeps_its_place(tmp_path: Path) -> None:
    topics = ["t,A,综合,,1,,,,", "t,A1,其他,A,2,,,,", "t,B,住房,,1,,,,", "t,C,供水,,1,,,,"]
    walk = ["t,A,t,B,split,2026-01-01,", "t,A,t,C,split,2026-01-01,"]
    rows = [order("1", "2025-01-01", "综合", "其他"), order("2", "2026-01-01", "住房")]
    assert codes(labelled(write(tmp_path, topics, (), walk), rows))["1"] == ("A", "A1", None)


def test_a_name_written_over_still_means_its_code_until_another_claims_it(tmp_path: Path) -> None:
    rows = [order("1", "2025-01-01", "供水", "水压"), order("2", "2025-01-01", "自来水")]
    connection = labelled(write(tmp_path, [TOP, "t,A1,水压,A,2,,,,"]), rows)
    assert codes(connection) == {"1": ("A", "A1", None), "2": ("自来水", None, None)}
    resolve(connection, write(tmp_path, ["t,A,自来水,,1,,,,", "t,A1,水压,A,2,,,,"]))
    assert codes(connection) == {"1": ("A", "A1", None), "2": ("A", None, None)}
    claimed = ["t,A,自来水,,1,,,,", "t,A1,水压,A,2,,,,", "t,B,供水,,1,,,,", "t,B1,水压,B,2,,,,"]
    resolve(connection, write(tmp_path, claimed))
    assert codes(connection)["1"] == ("B", "B1", None)
    resolve(connection, write(tmp_path, ["t,A,自来水,,1,,,,"]))
    assert codes(connection)["1"] == ("供水", None, None), "a code that left the catalogue has no names"


def test_a_split_code_that_goes_on_keeps_its_orders(tmp_path: Path) -> None:
    topics = ["t,A,交通,,1,,,,", "t,A1,停车,A,2,,,,", "t,A2,充电,A,2,,,,"]
    walk = ["t,A1,t,A1,split,2026-01-01,", "t,A1,t,A2,split,2026-01-01,"]
    rows = [order("1", "2025-01-01", "交通", "停车"), order("2", "2026-01-01", "交通", "充电")]
    found = codes(labelled(write(tmp_path, topics, (), walk), rows))
    assert found == {"1": ("A", "A1", None), "2": ("A", "A2", None)}
