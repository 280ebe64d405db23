"""The season table of the config folder: the example lands as it is, what is wrong is told with its row."""

from pathlib import Path

import pytest

from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.seasons import EXAMPLE, land_seasons
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

HEADER = "season_id,season_name,start_day,end_day,topic_codes,valid_from,valid_to,status,source"


def landed(folder: Path, text: str | None = None) -> Connection:
    storage = Storage.at(folder)
    storage.make()
    if text is not None:
        (storage.config / "seasons.csv").write_text(text, encoding="utf-8")
    connection = open_warehouse(storage)
    land_seasons(connection, storage)
    return connection


def test_a_site_without_a_table_has_the_example_which_is_all_unverified(tmp_path: Path) -> None:
    rows = landed(tmp_path).sql("select season_id, season_status from landed.seasons").fetchall()
    assert len(rows) == len(EXAMPLE.read_text(encoding="utf-8").splitlines()) - 1
    assert {status for _, status in rows} == {"unverified"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,供暖,11-31,03-15,,,,unverified,听说", "第 2 行，列 start_day：“11-31”应为月-日"),
        ("a,供暖,11-15,3-15,,,,unverified,听说", "列 end_day：“3-15”应为月-日"),
        ("a,供暖,11-15,03-15,,,,true,听说", "列 status：“true”应为以下之一：official（正式）"),
        ("a,供暖,11-15,03-15,,2026-02-01,2026-01-01,unverified,听说", "列 valid_to：失效日期应晚于"),
        ("a,供暖,11-15,03-15,,,,unverified,", "列 source：不能为空"),
        ("a,供暖,11-15,03-15,,,,official,甲\na,汛期,06-01,09-15,,,,official,甲", "season_id“a”出现多次"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ReferenceTableError, match=r"seasons\.csv") as refused:
        landed(tmp_path, f"{HEADER}\n{line}\n")
    assert said in str(refused.value)
