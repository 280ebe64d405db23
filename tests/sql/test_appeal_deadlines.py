"""appeal_deadlines.csv: the example counts where a site has none; what is wrong is refused with row, column and what is allowed."""

import pytest
from made_snapshot import storage_at

from hotline12345.sql.appeal_deadlines import DEADLINE_COLUMNS, NAME
from hotline12345.sql.reference import land_reference, reference_files
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.warehouse import open_warehouse

GOOD = {
    **{"deadline_id": "d1", "appeal_kind": "剔除", "deadline_name": "申报截止", "after_event": "办结"},
    **{"until_event": "申报", "days": "3", "clock": "working", "valid_from": "", "valid_to": ""},
    **{"status": "example", "source": "示例"},
}


def landed(folder, *rows):
    storage = storage_at(folder)
    if rows:
        lines = [",".join(DEADLINE_COLUMNS.names()), *(",".join(row.values()) for row in rows)]
        (storage.config / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    connection = open_warehouse(storage)
    try:
        land_reference(connection, storage)
        assert reference_files(storage)[NAME].exists()
        return connection.sql("from landed.appeal_deadlines order by deadline_id").pl()
    finally:
        connection.close()


def test_the_example_counts_without_a_table_and_says_that_it_is_one(tmp_path):
    found = landed(tmp_path)
    assert set(found["appeal_kind"]) == {"剔除", "挂账"}
    assert set(found["deadline_status"]) == {"example"}
    assert found["deadline_source"].str.contains("示例").all()


def test_a_site_states_its_own(tmp_path):
    found = landed(
        tmp_path, GOOD, GOOD | {"deadline_id": "d2", "days": "5", "clock": "natural", "valid_from": "2026-01-01"}
    )
    assert found.select("deadline_id", "deadline_days", "deadline_clock").rows() == [
        ("d1", 3, "working"),
        ("d2", 5, "natural"),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"appeal_kind": "撤单"}, "第 2 行，列 appeal_kind：“撤单”应为 剔除、挂账 之一"),
        ({"after_event": "签收"}, "列 after_event"),
        ({"until_event": "签收"}, "列 until_event"),
        ({"until_event": "销账"}, "只有挂账才有销账"),
        ({"clock": "日历"}, "natural、working"),
        ({"days": "-1"}, "应为 0 到 3650 的天数"),
        ({"days": "三"}, "应为整数"),
        ({"status": "正式"}, "列 status"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "失效日期"),
        ({"source": ""}, "列 source：不能为空"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path, change, said):
    with pytest.raises(ReferenceTableError) as error:
        landed(tmp_path, GOOD | change)
    assert NAME in str(error.value)
    assert said in str(error.value)


def test_a_number_given_twice_is_refused(tmp_path):
    with pytest.raises(ReferenceTableError, match="d1”出现多次"):
        landed(tmp_path, GOOD, GOOD)
