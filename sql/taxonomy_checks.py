"""What the three files of the topic catalogue must satisfy before they are landed; every complaint names file and row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

import polars as pl

from hotline12345.sql.reference_tables import ReferenceTableError

SEVEN_FIVE = (
    *("幼有所育", "学有所教", "劳有所得", "病有所医", "老有所养", "住有所居", "弱有所扶"),
    *("便利性", "宜居性", "多样性", "公正性", "安全性"),
)
STATUSES = ("official", "district_notice", "observed", "example")
RELATIONS = ("same", "split", "merged")
CATALOGUE = TOPICS, TAXONOMIES, CROSSWALK = "topics.csv", "taxonomies.csv", "topic_crosswalk.csv"
DEEPEST = 3
SEPARATOR = "->"  # between the names of a path
NONE = "未归类"  # the answer of an order that has no topic

Row = dict[str, Any]


def check_taxonomies(taxonomies: pl.DataFrame) -> None:
    """One row a taxonomy, a known status, an end after the beginning; ReferenceTableError otherwise."""
    seen: set[str] = set()
    for where, row in _rows(taxonomies, TAXONOMIES):
        if row["taxonomy_id"] in seen:
            raise ReferenceTableError(f"{where}：taxonomy_id“{row['taxonomy_id']}”出现多次，每个目录只能有一行。")
        seen.add(row["taxonomy_id"])
        if row["taxonomy_status"] not in STATUSES:
            raise ReferenceTableError(
                f"{where}，列 status：“{row['taxonomy_status']}”应为 {'、'.join(STATUSES)} 之一。"
            )
        _check_interval(where, row)


def check_topics(topics: pl.DataFrame, taxonomy_ids: Sequence[str]) -> None:
    """Codes, names, levels, parents and 七有五性 of the catalogue; ReferenceTableError for the first row that is wrong."""
    levels: dict[str, int] = {}
    members: dict[tuple[str, str], int] = {}
    for where, row in _rows(topics, TOPICS):
        code, level = row["topic_code"], row["level"]
        if row["taxonomy_id"] not in taxonomy_ids:
            known = "、".join(taxonomy_ids)
            raise ReferenceTableError(
                f"{where}：{TAXONOMIES} 没有目录“{row['taxonomy_id']}”。现有目录：{known}。请在 {TAXONOMIES} 中增加一行。"
            )
        _check_words(where, row)
        if not 1 <= level <= DEEPEST:
            raise ReferenceTableError(f"{where}，列 level：“{level}”应为 1、2 或 3。")
        if levels.setdefault(code, level) != level:
            raise ReferenceTableError(
                f"{where}：编码“{code}”先前是 {levels[code]} 级，这里是 {level} 级。编码不变，级别也不能变；请另用新的编码，并写入 {CROSSWALK}。"
            )
        members[row["taxonomy_id"], code] = level
        _check_interval(where, row)
        _check_seven_five(where, row)
    for where, row in _rows(topics, TOPICS):
        _check_parent(where, row, members)
    _check_names(topics)


def check_crosswalk(crosswalk: pl.DataFrame, topics: pl.DataFrame) -> None:
    """Known codes, known relations that fit their rows, no circle; ReferenceTableError for the first row that is wrong."""
    members = set(topics.select("taxonomy_id", "topic_code").iter_rows())
    targets: defaultdict[str, set[str]] = defaultdict(set)
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for where, row in _rows(crosswalk, CROSSWALK):
        for side in ("from", "to"):
            taxonomy_id, code = row[f"{side}_taxonomy_id"], row[f"{side}_code"]
            if (taxonomy_id, code) not in members:
                raise ReferenceTableError(
                    f"{where}，列 {side}_code：目录“{taxonomy_id}”没有编码“{code}”。请先在 {TOPICS} 中登记，或改正编码。"
                )
        if row["crosswalk_relation"] not in RELATIONS:
            raise ReferenceTableError(
                f"{where}，列 relation：“{row['crosswalk_relation']}”应为 same（一对一）、split（拆分）、merged（合并）之一。"
            )
        targets[row["from_code"]].add(row["to_code"])
        sources[row["to_code"]].add(row["from_code"])
    for where, row in _rows(crosswalk, CROSSWALK):
        _check_relation(where, row, targets, sources)
    _check_circles(crosswalk, topics)


def _rows(frame: pl.DataFrame, file: str) -> Iterable[tuple[str, Row]]:
    for number, row in enumerate(frame.iter_rows(named=True), 2):
        yield f"配置文件 {file} 第 {number} 行", row


def _check_words(where: str, row: Row) -> None:
    """What stands for no topic is none, and a name is one step of a path."""
    for name in ("topic_code", "topic_name") if row["level"] == 1 else ("topic_code",):
        if row[name] == NONE:
            raise ReferenceTableError(f"{where}，列 {name}：“{NONE}”表示没有分类，不能登记为一个分类。请改用别的名称。")
    if SEPARATOR in row["topic_name"]:
        raise ReferenceTableError(
            f"{where}，列 topic_name：“{row['topic_name']}”含有“{SEPARATOR}”，它用来分隔各级。每行只写这一级的名称。"
        )


def _check_interval(where: str, row: Row) -> None:
    if row["valid_to"] <= row["valid_from"]:
        raise ReferenceTableError(
            f"{where}：失效日期 valid_to 不晚于生效日期 valid_from。失效日期当天起不再有效；仍在用的请留空。"
        )


def _check_seven_five(where: str, row: Row) -> None:
    for name in ("seven_five_primary", "seven_five_secondary"):
        if row[name] is not None and row[name] not in SEVEN_FIVE:
            raise ReferenceTableError(
                f"{where}，列 {name}：“{row[name]}”不是七有五性之一。可填：{'、'.join(SEVEN_FIVE)}；不归类的请留空。"
            )


def _check_parent(where: str, row: Row, members: dict[tuple[str, str], int]) -> None:
    parent, level = row["parent_code"], row["level"]
    if level == 1:
        if parent is not None:
            raise ReferenceTableError(f"{where}，列 parent_code：一级分类没有上级，请留空。")
        return
    if parent is None:
        raise ReferenceTableError(f"{where}，列 parent_code：{level} 级分类要写明上级编码。")
    found = members.get((row["taxonomy_id"], parent))
    if found is None:
        raise ReferenceTableError(
            f"{where}，列 parent_code：目录“{row['taxonomy_id']}”没有编码“{parent}”。请先登记上级，或改正编码。"
        )
    if found != level - 1:
        raise ReferenceTableError(
            f"{where}，列 parent_code：上级“{parent}”是 {found} 级，{level} 级分类的上级应为 {level - 1} 级。"
        )


def _check_names(topics: pl.DataFrame) -> None:
    """On one day a code has one name, and one name under one parent of a taxonomy has one code."""
    numbered = topics.with_row_index("number", offset=2)
    _check_overlap(numbered, ["topic_code"], "topic_name", "编码“{}”在同一时间有两个名称：“{}”和“{}”")
    siblings = numbered.with_columns(pl.col("parent_code").fill_null(""))
    _check_overlap(
        siblings,
        ["topic_name", "parent_code", "taxonomy_id"],
        "topic_code",
        "同一上级之下的“{}”在同一时间有两个编码：“{}”和“{}”",
    )


def _check_overlap(numbered: pl.DataFrame, keys: Sequence[str], value: str, complaint: str) -> None:
    doubled = numbered.filter(pl.col(value).n_unique().over(keys) > 1).sort(*keys, "valid_from", "number")
    for _, group in doubled.group_by(keys, maintain_order=True):
        rows = group.to_dicts()
        for first, row in ((a, b) for n, b in enumerate(rows) for a in rows[:n]):
            if first[value] != row[value] and row["valid_from"] < first["valid_to"]:
                said = complaint.format(row[keys[0]], first[value], row[value])
                raise ReferenceTableError(
                    f"配置文件 {TOPICS} 第 {row['number']} 行：{said}（另见第 {first['number']} 行）。"
                    "先后使用的，请填写两行的 valid_from、valid_to，使前后不重叠；不是同一类的，请各用各的编码和名称。"
                )


def _check_relation(where: str, row: Row, targets: dict[str, set[str]], sources: dict[str, set[str]]) -> None:
    later, relation = len(targets[row["from_code"]]), row["crosswalk_relation"]
    earlier = len(sources[row["to_code"]])
    if later > 1 and relation != "split":
        raise ReferenceTableError(
            f"{where}，列 relation：编码“{row['from_code']}”有 {later} 个去向，各行都应写 split（拆分）。"
        )
    if later == 1 and relation == "split":
        raise ReferenceTableError(f"{where}，列 relation：编码“{row['from_code']}”只有一个去向，应写 same 或 merged。")
    if earlier > 1 and relation == "same":
        raise ReferenceTableError(
            f"{where}，列 relation：编码“{row['to_code']}”有 {earlier} 个来源，应写 merged（合并）。"
        )


def _check_circles(crosswalk: pl.DataFrame, topics: pl.DataFrame) -> None:
    """Neither successors nor parents may lead back to a code: it would have no place of its own."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for code, parent in topics.select("topic_code", "parent_code").iter_rows():
        sorter.add(code, *([parent] if parent else []))
    for code, later in crosswalk.select("from_code", "to_code").iter_rows():
        if code != later:
            sorter.add(code, later)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = "→".join(reversed(error.args[1]))
        raise ReferenceTableError(
            f"配置文件 {CROSSWALK}：编码的去向和上级绕成了圈：{circle}。请改正，使每个旧编码最后都落到现行编码。"
        ) from None
