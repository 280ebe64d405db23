"""Every written form of a value becomes the value, and nothing else does."""

from datetime import datetime

import polars as pl
import pytest

from hotline12345.flows.ingest.text import clean_text
from hotline12345.flows.ingest.times import parse_times
from hotline12345.flows.ingest.values import (
    parse_answers,
    parse_counts,
    parse_ids,
    parse_resolutions,
    parse_satisfactions,
    path_separator,
    split_paths,
)

MORNING, AFTERNOON, MIDNIGHT = datetime(2024, 5, 1, 10, 20, 30), datetime(2024, 5, 1, 15, 20), datetime(2024, 5, 1)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-05-01 10:20:30", MORNING),
        ("2024-05-01T10:20:30", MORNING),
        ("2024-05-01T02:20:30Z", MORNING),
        ("2024-05-01T10:20:30+08:00", MORNING),
        ("2024-05-01 10:20:29.999", MORNING),
        ("2024/5/1 10:20:30", MORNING),
        ("20240501102030", MORNING),
        ("20240501102030.0", MORNING),
        ("2024 年 5 月 1 日 10：20：30", MORNING),
        ("2024-05-01 10:20:30.0", MORNING),
        ("202405011520", AFTERNOON),
        ("45413.430902777778", MORNING),
        ("2024年5月1日10时20分30秒", MORNING),
        ("2024-05-01 15:20", AFTERNOON),
        ("2024/5/1 3:20 PM", AFTERNOON),
        ("2024年5月1日 下午3点20分", AFTERNOON),
        ("2024.5.1 星期三 15:20", AFTERNOON),
        ("2024年5月1日 下午3点", datetime(2024, 5, 1, 15)),
        ("2024年5月1日下午3点半", datetime(2024, 5, 1, 15, 30)),
        ("2024年5月1日 凌晨12点10分", datetime(2024, 5, 1, 0, 10)),
        ("2024年5月1日 晚上12点", datetime(2024, 5, 2)),
        ("2024-05-01 24:00:00", datetime(2024, 5, 2)),
        ("45413.5", datetime(2024, 5, 1, 12)),
        ("2024-05-01", MIDNIGHT),
        ("2024/5/1", MIDNIGHT),
        ("2024年5月1日", MIDNIGHT),
        ("20240501", MIDNIGHT),
        ("45413", MIDNIGHT),
        *(
            (wrong, None)
            for wrong in ("2024-13-01", "2024-02-30", "20241301", "2024-05-01 25:00", "5/1/2024", "昨天", "12345", None)
        ),
    ],
)
def test_times(text, time):
    assert parse_times(pl.Series([text], dtype=pl.String)).to_list() == [time]


def test_times_of_mixed_forms_keep_their_rows():
    texts = pl.Series(["45413", None, "2024-05-01 10:20:30", "?", "2024/5/1", "45413"])
    assert parse_times(texts).to_list() == [MIDNIGHT, None, MORNING, None, MIDNIGHT, MIDNIGHT]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ａ１２　ｂ", "A12 b"),
        ("&#8203;漏&#x6c34;&amp;#39;", "漏水'"),
        ("１２３４５热线：ＡＢ座，（３）层", "12345热线：AB座，（3）层"),
        ("市民反映：漏水，请及时反馈", "市民反映：漏水，请及时反馈"),
        ("漏水&nbsp;三天&lt;br/&gt;未修", "漏水 三天 未修"),
        ("甲&amp;amp;乙", "甲&乙"),
        ("第一行\r\n第二行\t", "第一行 第二行"),
        ("\u200b漏\ufeff水\u00ad", "漏水"),
        ("室温<16度，请尽快。", "室温<16度，请尽快。"),
        *((missing, None) for missing in ("", " ", "-", "－－", "———", "/", "／", "　", "\u200b", None)),
        *((missing, None) for missing in ("null", "不详", "（不详）", "未填写")),
    ],
)
def test_clean_text(text, clean):
    assert clean_text(pl.Series([text], dtype=pl.String)).to_list() == [clean]


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_ids, "123.0", "123"),
        (parse_ids, '="00123"', "00123"),
        (parse_ids, "'00123", "00123"),
        (parse_ids, "BJ-2024-1", "BJ-2024-1"),
        (parse_ids, "20240501000123.00", "20240501000123"),
        (parse_ids, "2e+13", None),
        (parse_ids, "2.02401E+13", None),
        (parse_ids, "####", None),
        *((parse_answers, yes, True) for yes in ("是", "1", "Y", "y", "有", "√", "1.0", "true")),
        *((parse_answers, no, False) for no in ("否", "0", "N", "无", "×", "false")),
        (parse_answers, "大概", None),
        *((parse_satisfactions, word, "满意") for word in ("满意", "是", "非常满意")),
        *((parse_satisfactions, word, "基本满意") for word in ("基本满意", "较满意", "比较满意")),
        *((parse_satisfactions, word, "不满意") for word in ("不满意", "否", "较不满意", "非常不满意")),
        *((parse_satisfactions, word, word) for word in ("一般", "未评价", "无法回访", "无人接听")),
        (parse_satisfactions, "5", None),
        *((parse_resolutions, word, "解决") for word in ("解决", "是", "办成", "已解决")),
        *((parse_resolutions, word, "未解决") for word in ("未解决", "否", "未办成")),
        *((parse_resolutions, word, word) for word in ("基本解决", "部分解决")),
        (parse_resolutions, "差不多", None),
        (parse_counts, "2", 2),
        (parse_counts, "2.0", 2),
        (parse_counts, "3次", 3),
        (parse_counts, "-1", -1),
        (parse_counts, "1.5", None),
    ],
)
def test_values(parse, text, value):
    assert parse(pl.Series([text])).to_list() == [value]


@pytest.mark.parametrize(
    ("paths", "separator", "levels"),
    [
        (
            ["住房->物业管理->电梯、扶梯/升降机", "住房"],
            None,
            [("住房", "物业管理", "电梯、扶梯/升降机"), ("住房", None, None)],
        ),
        (["住房-物业-电梯/扶梯", "交通-停车"], "-", [("住房", "物业", "电梯/扶梯"), ("交通", "停车", None)]),
        (["住房/物业/3-5层", "交通/停车"], "/", [("住房", "物业", "3-5层"), ("交通", "停车", None)]),
        (["住房/物业/3-5层", "环境/扬尘/施工-道路"], "/", [("住房", "物业", "3-5层"), ("环境", "扬尘", "施工-道路")]),
        (["住房-物业-电梯/扶梯", "环境-噪声/扬尘"], "-", [("住房", "物业", "电梯/扶梯"), ("环境", "噪声/扬尘", None)]),
        (["住房／物业／房屋、地面", "交通／停车"], "/", [("住房", "物业", "房屋、地面"), ("交通", "停车", None)]),
        (["住房—物业——电梯 - 维修"], "-", [("住房", "物业", "电梯 - 维修")]),
        (["住房 → 物业＞电梯>>维修", "交通-＞停车"], None, [("住房", "物业", "电梯->维修"), ("交通", "停车", None)]),
        (["住房->物业/保安", "交通/停车"], "/", [("住房", "物业/保安", None), ("交通", "停车", None)]),
        (
            ["住房", "噪声/扬尘", "交通", None],
            None,
            [("住房", None, None), ("噪声/扬尘", None, None), ("交通", None, None), (None,) * 3],
        ),
        (["a->b-c->d->e"], None, [("a", "b-c", "d->e")]),
        ([None], None, [(None,) * 3]),
    ],
)
def test_paths(paths, separator, levels):
    column = pl.Series(paths, dtype=pl.String)
    assert path_separator(column) == separator
    assert split_paths(column, separator).rows() == levels


def test_a_separator_found_in_the_first_rows_holds_for_the_others():
    first, later = pl.Series(["住房-物业-电梯/扶梯"] * 9 + ["交通"]), pl.Series(["环境/水-河道-排污口", "交通/停车"])
    separator = path_separator(first)
    assert split_paths(later, separator).rows() == [("环境/水", "河道", "排污口"), ("交通/停车", None, None)]
