"""Who called: from the caller column or from the one number in the text, the same person under the same key."""

from pathlib import Path

import pytest
from called import Hotline
from made_exports import Row, count, orders, storage_at, write_csv

NUMBER = "12900000001"


def without_column(rows: list[Row]) -> list[Row]:
    """The rows of a file that has no caller column."""
    return [{name: value for name, value in row.items() if name != "联系电话"} for row in rows]


def test_a_number_in_the_text_gives_the_key_of_the_column(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    named = orders(1, 联系电话=NUMBER)
    told = [
        *orders(1, start=2, 联系电话="", 反映内容="路灯不亮，请联系 129-0000-0001"),
        *orders(1, start=3, 联系电话="", 反映内容="路灯不亮"),
    ]
    hotline("run", write_csv(tmp_path / "a.csv", [*named, *told]), "--data-dir", storage.data)
    assert count(storage, "select count(distinct caller_key) from staging.orders") == 1
    assert count(storage, "select count(*) from staging.orders where caller_key is not null") == 2


@pytest.mark.parametrize(("text", "callers"), [("路灯不亮", 1), ("路灯不亮，电话12900000002", 1)])
def test_a_file_without_a_caller_column_keeps_what_is_known(
    hotline: Hotline, tmp_path: Path, text: str, callers: int
) -> None:
    storage = storage_at(tmp_path / "data")
    first = orders(1, 联系电话=NUMBER)
    hotline("run", write_csv(tmp_path / "a.csv", first), "--data-dir", storage.data, "--exported-at", "2025-04-01")
    known = "select count(*) from landed.order_versions where caller_key is not null"
    later = write_csv(tmp_path / "b.csv", without_column([{**first[0], "反映内容": text}]))
    hotline("run", later, "--data-dir", storage.data, "--exported-at", "2025-04-02")
    assert count(storage, known) == 2
    assert count(storage, "select count(*) from staging.orders where caller_key is not null") == callers
