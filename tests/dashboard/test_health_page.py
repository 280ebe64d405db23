"""数据健康: names to settle, channels, and what became of quarantined rows."""

from page_words import words

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.warehouse import open_snapshot


def test_names_to_settle_say_what_to_do(show, published):
    said = words(show("health", published))
    for part in ("需要核对的名称", "大河水务站", "未登记", "别名", "互不代填"):
        assert part in said


def test_channels_add_up_to_every_order(show, published):
    assert "渠道构成" in words(show("health", published))
    channels = Reader(published, current_snapshot(published)).channel_counts()
    totals = {row[:2]: row[3] for row in channels.rows() if row[2] == "小计"}
    assert totals == {
        ("电话", "小计"): 384,
        ("电话", "电话"): 384,
        ("网络", "小计"): 96,
        ("网络", "网上12345"): 96,
        ("合计", "小计"): 480,
    }


def test_quarantined_rows_show_whether_they_were_corrected(show, own):
    assert "改正情况" in words(show("health", own))
    reader = Reader(own, current_snapshot(own))
    (first, second) = reader.quarantine(1)["row_token"].to_list()
    waiting = reader.quarantined_rows(1)
    assert waiting["row_token"].to_list() == [first, second]
    reader.close()


def test_need_to_know_is_one_column(published):
    snapshot = open_snapshot(current_snapshot(published).path)
    query = "select is_need_to_know, bool_or(is_confidential or order_type = '举报') from staging.orders group by all"
    assert sorted(snapshot.execute(query).fetchall()) == [(False, False), (True, True)]
    hidden = "select count(*) from staging.orders where is_need_to_know"
    assert snapshot.execute(hidden).fetchall() == [(29,)]
    snapshot.close()
