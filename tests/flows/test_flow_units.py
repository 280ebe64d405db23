"""A name the list does not know, from the screen of proposals to an alias that counts."""

import json
from pathlib import Path

from called import Hotline
from made_exports import count, orders, storage_at, write_csv

UNITS = """unit_id,unit_name,unit_group,aliases,valid_from,valid_to
U1,甲山街道,街镇,甲山|某区甲山街道,2020-01-01,
U2,乙水镇,街镇,,2020-01-01,
B1,丙局,区直部门,,2020-01-01,
"""


def test_a_proposal_is_confirmed_and_counts_after_publishing(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    storage.make()
    (storage.config / "units.csv").write_text(UNITS, encoding="utf-8")
    place = ("--data-dir", storage.data)
    rows = [
        *orders(4, 责任单位="甲山街道", 乡镇街道="甲山街道"),
        *orders(3, start=50, 责任单位="乙氺镇", 乡镇街道="某区乙水镇"),
    ]
    assert hotline("run", write_csv(tmp_path / "a.csv", rows), *place).code == 0

    listed = json.loads(hotline("units", "list", *place, "--format", "json").out)
    assert [unit["unit_id"] for unit in listed] == ["B1", "U1", "U2"]
    assert listed[1]["unit_aliases"] == "某区甲山街道、甲山、甲山街道"
    proposed = json.loads(hotline("units", "proposals", *place, "--format", "json").out)
    assert {(row["name_role"], row["found_name"]): row["proposed_unit_id"] for row in proposed} == {
        ("承办单位", "乙氺镇"): "U2",
        ("被反映街乡镇", "某区乙水镇"): "U2",
    }
    assert count(storage, "select count(*) from staging.orders where unit_id = 'U2'") == 0, "nothing merged yet"

    done = hotline("units", "alias", "乙氺镇", "U2", *place)
    assert (done.code, "hotline publish" in done.out) == (0, True)
    assert hotline("publish", *place).code == 0
    assert count(storage, "select count(*) from staging.orders where unit_id = 'U2'") == 3
    assert count(storage, "select count(*) from staging.orders where place_id = 'U2'") == 0, "the other column waits"
    assert "没有改变" in hotline("units", "alias", "乙氺镇", "U2", *place).out
    refused = hotline("units", "alias", "甲山", "U2", *place)
    assert (refused.code, "同一时间属于两行" in refused.err) == (2, True)
