"""No generated personal data survives masking, what is not personal does, and masking twice is masking once."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline12345.flows.ingest import masking
from hotline12345.flows.ingest.masking import (
    caller_keys,
    mask_columns,
    mask_own_name,
    mask_series,
    mask_text,
    own_names,
)
from hotline12345.flows.ingest.surnames import COMMON_DOUBLE, DOUBLE


def number(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


MOBILES = st.builds(
    lambda second, rest, form: form.format(f"1{second}{rest[0]}", rest[1:5], rest[5:9]),
    st.sampled_from("023456789"),
    number(9),
    st.sampled_from(["{}{}{}", "{} {} {}", "{}-{}-{}", "{}{} {}", "{}.{}.{}"]),
)
LANDLINES = st.builds(
    "{}{}{}".format, st.sampled_from(["010", "0311", "021"]), st.sampled_from(["-", "", " "]), number(8)
)
IDS = st.builds(
    "1101011990{:02}{:02}{}{}".format, st.integers(1, 12), st.integers(1, 28), number(3), st.sampled_from("0123X")
)
OLD_IDS = st.builds("11010190{:02}{:02}{}".format, st.integers(1, 12), st.integers(1, 28), number(3))
CARDS = st.builds("62{}".format, st.sampled_from([14, 15, 16, 17]).flatmap(number))
PLATES = st.builds("京{}{}".format, st.sampled_from("ABCN"), st.text("ABCDEFGH0123456789", min_size=5, max_size=6))
GIVEN_NAMES = st.text("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂", min_size=1, max_size=2)
NAMES = st.builds(str.__add__, st.sampled_from(["王", "李", "张", "刘", "赵", "周", "吴", *DOUBLE[:4]]), GIVEN_NAMES)
SHAPES = st.one_of(MOBILES, LANDLINES, IDS, OLD_IDS, CARDS, PLATES)
BEFORE, AFTER = (
    st.sampled_from(["", "市民反映，", "联系电话：", "电话", "call "]),
    st.sampled_from(["", "，请回复", "。", " 急", "(本人)"]),
)


@settings(deadline=None)
@given(BEFORE, SHAPES, AFTER)
def test_numbers_do_not_survive(before, secret, after):
    masked = mask_text(before + secret + after)
    assert secret not in masked
    assert mask_text(masked) == masked


@settings(deadline=None)
@given(st.lists(SHAPES, min_size=1, max_size=4), st.sampled_from("，, 、/"))
def test_neighbours_do_not_shield_each_other(secrets, separator):
    masked = mask_text(separator.join(secrets))
    assert not [secret for secret in secrets if len(secret) > 6 and secret in masked]


@settings(deadline=None)
@given(NAMES, st.sampled_from(["{}先生反映", "来电人{}女士称", "我叫{}，", "联系人：{}，", "找{}大爷"]))
def test_names_do_not_survive(name, template):
    masked = mask_text(template.format(name))
    assert name not in masked
    assert mask_text(masked) == masked


@settings(deadline=None)
@given(
    st.sampled_from(["王", "李", "张", "刘", "陈", "周", "林", *COMMON_DOUBLE]),
    GIVEN_NAMES,
    st.sampled_from(["业主{}反映", "市民{}来电称", "房东{}", "经理（{}）", "住户{}12812345678", "包工头{}不还钱"]),
)
def test_names_after_a_word_for_a_person_do_not_survive(surname, given_name, template):
    masked = mask_text(template.format(surname + given_name))
    assert surname + "某" in masked
    assert surname + given_name not in masked
    assert mask_text(masked) == masked


@settings(deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(101, 2999),
    st.sampled_from(["{}号楼{}单元{}室", "{}栋{}单元{}", "{}-{}-{}", "{}-{}-{}室"]),
)
def test_rooms_are_dropped(building, entrance, room, template):
    place = template.format(building, entrance, room)
    assert mask_text(f"花园小区{place}漏水") == "花园小区漏水"


ALPHABET = (
    "0123456789 -—,，:：王小明先生女士某的号楼单元室栋层门户电话微信QQ@.abcX京A院联系人我叫年元三五零社区业主经理来同"
)


@settings(deadline=None)
@given(st.text(ALPHABET, max_size=40))
def test_masking_twice_is_masking_once(text):
    once = mask_text(text)
    assert mask_text(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01 10:20:30",
        "2024年5月1日至2024-2025年度",
        "20240501120000",
        "工单202405011234567890",
        "欠费1650元，共501户，2层2000平米",
        "拨打12345或110、96155",
        "门头沟路12号16号院",
        "3.15 活动",
        "水表读数0054430",
        "班主任和项目经理",
        "安装师傅",
        "路口有一位女士",
        "整栋老楼都这样，几个单元都漏",
        "家里的爷爷奶奶",
        "张村镇站长和宋家庄书记",
        "1号楼社区居委会",
        "业主反映多次，业主陆续反映",
        "居民曾投诉，市民来电",
        "市民王府井大街来电",
        "业主方的物业费高达三元",
        "老板陈述",
        "有一栋楼和两栋楼之间",
        "坐标116.12345678",
        "请尽快联系12345",
        "工单编号411526199003078889，订单6222021234567890123",
        "水表编号012345678901，电表号23456789",
        "已报110 20240501，拨打400-800-1234",
        "共5栋6层，11栋高层",
        "石家庄人，江海大道，王府街，黄金海岸",
        "荒唐政策，不顾学生，伸张正义，如何维权",
        "学生家长利益，患者左心衰",
        "收件人 白云路52号",
        "本人是杨柳青庭的业主，居民江海明苑",
        "王平镇镇长办公室，前杨村长租公寓，我们望河苑家庭医生",
    ],
)
def test_what_is_not_personal_stays(text):
    assert mask_text(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话12812345678", "电话128****5678"),
        ("+86 128-1234-5678", "128****5678"),
        ("１２８１２３４５６７８", "128****5678"),
        ("010-00001234转1", "010****1234转1"),
        ("联系电话00001234", "联系电话00001234"),
        ("电话69990000", "电话****"),
        ("张小明先生、欧阳静女士", "张某先生、欧阳某女士"),
        ("示例小区3号楼2单元501室漏水", "示例小区漏水"),
        ("12号院甲3号楼5门1201", "12号院"),
        ("邮箱abc@example.com", "邮箱***@***"),
        ("微信号：abc_123", "微信号：***"),
        ("京AD12345新能源", "京A***新能源"),
        ("示例南里5-2-301室", "示例南里"),
        ("示例南里5-2-301房子", "示例南里房子"),
        ("示例小区三栋二单元五零一漏水", "示例小区漏水"),
        ("二号楼社区3号楼2单元501室", "二号楼社区"),
        ("128.1234.5678", "128****5678"),
        ("联系62345678", "联系****"),
        ("微信同号abc_12345", "微信同号***"),
        ("京 A12345", "京 A***"),
        ("市民张伟来电", "市民张某来电"),
        ("业主李明伟反映漏水", "业主李某反映漏水"),
        ("租户赵六", "租户赵某"),
        ("房东孙建国不退押金", "房东孙某不退押金"),
        ("收件人王小二，包工头刘大伟拖欠", "收件人王某，包工头刘某拖欠"),
        ("本人林小红、居民欧阳静的", "本人林某、居民欧阳某的"),
        ("经理张三，老板（李四）", "经理张某，老板（李某）"),
        ("市民张伟联系人李明联系人王五", "市民张某联系人李某联系人王某"),
        ("工单_王先生12812345678.xlsx", "工单_王某先生128****5678.xlsx"),
        ("1 2 8 1 2 3 4 5 6 7 8", "1 2 8 **** 5 6 7 8"),
        ("幺二八一二三四五六七八", "幺二八****五六七八"),
        ("128（1234）5678，128/1234/5678", "128****5678，128****5678"),
        ("1281234，后四位5678", "128****，后四位5678"),
        ("手机前三位128，中间1234，最后5678", "手机前三位128，中间****，最后5678"),
        ("电话12812345678" + "2024年5月", "电话128****56782024年5月"),
        ("身份证110105 20991231 0012", "身份证110***"),
        ("护照E12345678", "护照E12***"),
        ("账号：20240501123456", "账号：202***"),
        ("苏杭大厦2198房产证", "苏杭大厦房产证"),
        ("楚B1209C轿车，F04829车", "楚B***轿车，F***车"),
        ("黎四清书记、李舜局长", "黎某书记、李某局长"),
        ("村民颜根金、颜国冬、岳伟六等几户", "村民颜某、颜某、岳某等几户"),
        ("我父亲张小明住院，我儿李强今年入学", "我父亲张某住院，我儿李某今年入学"),
        ("法人刘文海开发，后来刘文海跑了", "法人刘某开发，后来刘某跑了"),
        ("来电人欧阳女士，欧阳女士再次来电", "来电人欧阳某女士，欧阳某女士再次来电"),
        ("本人王平反映，王平家在王平镇", "本人王某反映，王某家在王平镇"),
        ("。罗海平违规收费，罗海平的公司", "。罗某违规收费，罗某的公司"),
    ],
)
def test_masked_forms(text, masked):
    assert mask_text(text) == masked


def test_callers_own_name_is_masked_in_the_texts_of_the_row():
    texts = pl.Series(["张小明说小明没来，张小明再来", "李四来电", "市民来电", None, "司马静反映"])
    names = own_names(pl.Series(["张小明先生", "张三", "市民", "张三", "司马静"]))
    assert mask_own_name(texts, names).to_list() == [
        "张某说小明没来，张某再来",
        "李四来电",
        "市民来电",
        None,
        "司马某反映",
    ]


def test_same_number_same_key_only_under_the_same_secret():
    numbers = pl.Series(
        ["12812345678", "+86 128-1234-5678", "12812345678.0", "12812345679", None, "0", "1.28E+10", "匿名"]
    )
    keys = caller_keys(numbers, b"one")
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert keys[4:].to_list() == [None] * 4
    assert len(keys[0]) == 32
    assert caller_keys(numbers, b"two")[0] != keys[0]


def test_a_name_shown_in_one_column_is_masked_in_the_others():
    columns = pl.DataFrame(
        {"title": ["王才学为何领补贴", None, "王才学为何领补贴"], "body": ["有个叫王才学的人", "无", None]}
    )
    assert mask_columns(columns).to_dict(as_series=False) == {
        "title": ["王某为何领补贴", None, "王才学为何领补贴"],
        "body": ["有个叫王某的人", "无", None],
    }


def test_marks_in_a_text_hide_nothing():
    columns = pl.DataFrame(
        {"title": ["\ufdd1张小明先生\ufdd2"], "body": ["工单编号\ufdd012812345678\ufdd3，李小红女士"]}
    )
    assert mask_columns(columns).row(0) == ("张某先生", "工单编号128****5678，李某女士")
    assert mask_series(columns["title"]).to_list() == ["张某先生"]


def test_slices_change_nothing(monkeypatch):
    texts = pl.Series([f"市民王小明{number}来电，电话128{number:08}，3号楼2单元{number}室" for number in range(500)])
    whole = mask_series(texts)
    monkeypatch.setattr(masking, "SLICE", 7)
    monkeypatch.setattr("os.cpu_count", lambda: 5)
    assert mask_series(texts).to_list() == whole.to_list()


def test_columns_keep_nulls_and_length():
    assert mask_series(pl.Series([None, "12812345678", ""], dtype=pl.String)).to_list() == [None, "128****5678", ""]
    assert mask_series(pl.Series([], dtype=pl.String)).to_list() == []
