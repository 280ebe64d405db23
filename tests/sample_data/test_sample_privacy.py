"""Every number that looks personal is invalid by construction."""

import re

import numpy as np
import polars as pl
from made_sample import Sample

from hotline12345.sample_data import people

RNG = np.random.default_rng(1)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
CITIZEN_ID = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
BANK_CARD = re.compile(r"(?<!\d)\d{19}(?!\d)")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
PLATE = re.compile(r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云渝藏陕甘青宁新][A-Z][A-Z0-9]{5}")


def luhn_holds(card: str) -> bool:
    """The check of bank cards, written from its definition."""
    digits = [int(c) for c in reversed(card)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0


def check_digit_holds(number: str) -> bool:
    """The check of citizen numbers (GB 11643)."""
    return "10X98765432"[sum(int(c) * w for c, w in zip(number[:17], ID_WEIGHTS, strict=True)) % 11] == number[17]


def found(sample: Sample, pattern: re.Pattern[str]) -> set[str]:
    """Everything in any text of the sample that matches."""
    texts = (sample.orders[column].drop_nulls() for column in ("标题", "主要内容", "处理结果", "来电人电话/账号"))
    return {match for text in texts for match in pattern.findall("\n".join(text))}


def test_the_checks_know_valid_numbers() -> None:
    assert luhn_holds("4111111111111111")
    assert check_digit_holds("11010519491231002X")


def test_mobile_numbers_are_of_segments_nobody_has(sample: Sample) -> None:
    mobiles = found(sample, MOBILE)
    assert len(mobiles) > 1_000
    assert {number[:3] for number in mobiles} == set(people.MOBILE_SEGMENTS)


def test_landlines_are_of_an_area_nobody_has(sample: Sample) -> None:
    assert {number[:4] for number in found(sample, LANDLINE)} == {f"{people.LANDLINE_AREA}-"}


def test_citizen_numbers_fail_their_check(sample: Sample) -> None:
    numbers = found(sample, CITIZEN_ID)
    assert len(numbers) > 100
    assert not [number for number in numbers if check_digit_holds(number)]
    assert not [number for number in people.citizen_ids(5_000, RNG) if check_digit_holds(number)]


def test_bank_cards_fail_their_check(sample: Sample) -> None:
    cards = found(sample, BANK_CARD)
    assert len(cards) > 100
    assert not [card for card in cards if luhn_holds(card)]
    assert not [card for card in people.bank_cards(5_000, RNG) if luhn_holds(card)]


def test_plates_are_of_letters_never_issued(sample: Sample) -> None:
    plates = found(sample, PLATE)
    assert len(plates) > 100
    assert {plate[:2] for plate in plates} == set(people.PLATE_HEADS)


def test_names_and_rooms_are_inside_texts(sample: Sample) -> None:
    bodies = sample.orders["主要内容"]
    assert bodies.str.contains("来电人.{1,2}(先生|女士)").sum() > 500
    assert bodies.str.contains(r"\d+号楼\d+单元\d+室").sum() > 500


def test_different_callers_have_different_numbers() -> None:
    callers = np.arange(200_000)
    assert people.mobiles(callers).n_unique() == people.accounts(callers).n_unique() == len(callers)
    assert people.mobiles(callers).str.len_chars().unique().to_list() == [11]


def test_no_real_place_of_the_two_districts(sample: Sample) -> None:
    real = "门头沟|大兴|大峪|城子街|东辛房|大台|潭柘寺|永定|龙泉|军庄|雁翅|斋堂|清水|妙峰山|王平|黄村|亦庄|旧宫|西红门|榆垡|庞各庄"
    for column in ("主要内容", "标题", "被反映街乡镇", "所在村社区", "小区点位", "二级承办单位简称"):
        assert sample.orders.filter(pl.col(column).str.contains(real)).is_empty(), column
