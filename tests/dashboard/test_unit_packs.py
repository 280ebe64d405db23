"""按单位打包: one file a unit, nothing of another unit in it, the same rows the same bytes."""

import io
import zipfile

import openpyxl
import polars as pl
import pytest
from made_snapshot import publish_orders, storage_at

from hotline12345.dashboard.exports import DEFINITION_SHEET
from hotline12345.dashboard.labels import DISCLAIMER
from hotline12345.dashboard.unit_packs import PackContent, file_stem, lost_orders, unit_pack
from hotline12345.sql.reads import Reader

RULE, PERIOD = "example-10-50-40", "2026-03"


@pytest.fixture(scope="module")
def reads(tmp_path_factory):
    """The made snapshot."""
    storage = storage_at(tmp_path_factory.mktemp("packs"))
    reader = Reader(storage, publish_orders(storage))
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def content(reads) -> PackContent:
    """What the files share."""
    rule = next(rule for rule in reads.published_rules() if rule.id == RULE)
    return PackContent(rule, PERIOD, ["规则：示例", DISCLAIMER])


@pytest.fixture(scope="module")
def ledgers(reads) -> list[tuple[str, pl.DataFrame]]:
    """Name and ledger of two towns and of a unit that lost nothing."""
    found = [(name, reads.ledger(RULE, PERIOD, unit)) for unit, name in (("U1", "东河街道"), ("U2", "西岭镇"))]
    return [*found, ("石泉镇", found[0][1].clear())]


def files(pack: bytes) -> dict[str, bytes]:
    """The files of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes, sheet: str) -> list[tuple]:
    """The rows of one sheet."""
    return list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))


def test_each_unit_gets_its_own_orders_only(ledgers, content):
    found = files(unit_pack(ledgers, content))
    assert list(found) == ["清单.txt", "失分工单_东河街道_2026-03.xlsx", "失分工单_西岭镇_2026-03.xlsx"]
    for name, ledger in ledgers[:2]:
        sheet = rows(found[f"失分工单_{name}_{PERIOD}.xlsx"], "数据")
        place = sheet[0].index("工单编号")
        lost = ledger.filter(pl.col("lost_score") > 0)["order_id"].to_list()
        assert lost
        assert [row[place] for row in sheet[1:]] == lost


def test_each_file_says_what_it_is(ledgers, content):
    found = files(unit_pack(ledgers, content))
    said = [row[0] for row in rows(found["失分工单_东河街道_2026-03.xlsx"], DEFINITION_SHEET)]
    lost = lost_orders(ledgers[0][1]).height
    assert said[0] == f"东河街道　2026年3月期　失分工单：{lost} 件"
    assert said[-1] == DISCLAIMER
    listed = found["清单.txt"].decode("utf-8-sig")
    assert f"东河街道　{lost} 件\r\n" in listed
    assert "石泉镇　没有失分工单，无文件\r\n" in listed
    assert DISCLAIMER in listed


def test_the_same_rows_give_the_same_bytes(ledgers, content):
    assert unit_pack(ledgers, content) == unit_pack(list(ledgers), content)
    assert unit_pack(ledgers, content) != unit_pack(ledgers[:1], content)


def test_names_that_no_file_may_have_are_mended_and_never_collide(ledgers, content):
    assert file_stem("失分工单", '甲/乙:"丙"', PERIOD) == "失分工单_甲_乙__丙__2026-03"
    lost = ledgers[0][1]
    names = list(files(unit_pack([("甲/乙", lost), ("甲:乙", lost)], content)))
    assert len(names) == len(set(names)) == 3
