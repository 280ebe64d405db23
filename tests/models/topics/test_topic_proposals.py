"""Proposed categories: a planted matter is found, and only matters that several people bring and that have no category."""

import random

import polars as pl
import pytest

from hotline12345.models.topics.proposals import Proposal, ProposalSettings, propose

NOISE = (
    "路灯不亮走夜路害怕", "树枝挡住窗户", "快递放错地方", "图书馆开放时间太短", "门禁卡收费", "公交班次太少", "退休金认证不会操作",
    "小广告贴满墙", "自来水发黄有沉淀", "疫苗预约不上", "宽带经常掉线", "健身器材生锈", "老年卡补办", "菜市场缺斤短两", "河里水草太多",
)  # fmt: skip
ENDINGS = ("扫码以后柜子打不开", "押金一直退不回来", "扣了费轮椅却没弹出来", "客服电话没人接")
SUBJECTS = ("共享轮椅柜", "医院的共享轮椅", "公园里共享轮椅", "车站共享轮椅")


def planted(count: int, callers: int, label: str | None = None, prefix: str = "N") -> list[dict[str, object]]:
    """Orders about rental wheelchairs, a matter that no category covers."""
    return [
        {
            "order_id": f"{prefix}{n:03d}",
            "title": f"{SUBJECTS[n % 4]}{ENDINGS[n // 4 % 4]}",
            "body": f"诉求人反映使用{SUBJECTS[n % 4]}时，{ENDINGS[n // 4 % 4]}，第{n}次反映，希望处理。",
            "caller": f"c{n % callers}",
            "label": label,
        }
        for n in range(count)
    ]


def noise() -> list[dict[str, object]]:
    return [
        {"order_id": f"X{n:03d}", "title": text, "body": f"{text}，请处理。", "caller": f"x{n}", "label": None}
        for n, text in enumerate(NOISE)
    ]


def found(*orders: list[dict[str, object]], settings: ProposalSettings | None = None) -> list[Proposal]:
    rows = [row for group in orders for row in group]
    return propose(pl.DataFrame(rows, schema_overrides={"label": pl.String}), settings)


def test_a_planted_matter_is_found_and_nothing_else():
    (proposal,) = found(planted(16, callers=16), noise())
    assert set(proposal.order_ids) == {f"N{n:03d}" for n in range(16)}
    assert proposal.people == 16
    assert "轮椅" in proposal.name
    assert "轮椅" in "".join(proposal.phrases)
    assert len(proposal.phrases) == 5


@pytest.mark.parametrize(("count", "callers"), [(9, 9), (16, 4)])
def test_too_few_orders_or_callers_propose_nothing(count: int, callers: int):
    assert found(planted(count, callers), noise()) == []


@pytest.mark.parametrize(("labelled", "expected"), [(9, 1), (10, 0)])
def test_what_the_clerks_put_into_one_category_is_no_new_one(labelled: int, expected: int):
    """0.6 of 15 orders is 9."""
    orders = planted(labelled, 20, "T1", "L") + planted(15 - labelled, 20)
    assert len(found(orders, noise())) == expected


def test_labels_of_several_categories_do_not_hinder():
    orders = [{**order, "label": f"T{n % 3}"} for n, order in enumerate(planted(15, 15))]
    assert len(found(orders, noise())) == 1


def test_the_order_of_rows_changes_nothing():
    rows = planted(16, 16) + noise()
    shuffled = rows.copy()
    random.Random(5).shuffle(shuffled)
    assert found(rows) == found(shuffled)


def test_most_people_first_and_settings_count():
    lamps = [
        {
            "order_id": f"L{n:03d}",
            "title": "智能井盖蜂鸣器夜里乱响",
            "body": f"路口智能井盖的蜂鸣器夜里乱响，第{n}处，影响休息。",
            "caller": f"l{n}",
            "label": None,
        }
        for n in range(12)
    ]
    assert [proposal.people for proposal in found(planted(16, 16), lamps, noise())] == [16, 12]
    assert len(found(planted(16, 16), lamps, noise(), settings=ProposalSettings(min_orders=13))) == 1


def test_nothing_to_look_at():
    assert (
        propose(pl.DataFrame(schema=dict.fromkeys(("order_id", "title", "body", "caller", "label"), pl.String))) == []
    )
