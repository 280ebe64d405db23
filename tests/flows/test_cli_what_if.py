"""`hotline rates what-if`: what it prints, what it refuses, and that it proposes nothing."""

import json
from pathlib import Path

import pytest
from called import Hotline
from made_snapshot import publish_orders, storage_at

from hotline12345.sql.storage import Storage

OPEN = ("--unit", "东河街道", "--period", "2026-04", "--rule", "example-10-50-40")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    storage = storage_at(tmp_path_factory.mktemp("what_if"))
    publish_orders(storage)
    return storage


def test_open_callbacks_and_applications(hotline: Hotline, site: Storage) -> None:
    options = (*OPEN, "--data-dir", site.data, "--answer-open", "2=解决/满意,1=未联系/未解决/不满意")
    done = hotline("rates", "what-if", *options, "--format", "json")
    assert done.code == 0, done.printed
    before, after = json.loads(done.out)[:2]
    assert (before["assumption"], after["assumption"]) == ("before", "after")
    assert before["unit_name"] == after["unit_name"] == "东河街道"
    assert after["valid"] == before["valid"] + 3
    assert after["resolution_rate"] == pytest.approx((before["valid"] * before["resolution_rate"] + 2) / after["valid"])
    assert after["response_rate"] == pytest.approx((before["valid"] + 2) / after["valid"])
    assert after["set_aside_share"] == before["set_aside_share"]


def test_the_table_states_what_it_stands_on(hotline: Hotline, site: Storage) -> None:
    options = ("--unit", "西岭镇", "--period", "2026-03", "--rule", "example-10-50-40", "--data-dir", site.data)
    done = hotline("rates", "what-if", *options, "--exclude", "D0241，D0245")
    assert done.code == 0, done.printed
    for words in (
        *("剔除测算", "现在", "测算后", "剔除和挂账占比", "位次范围（95%）", "假定剔除 2 件"),
        *("不就申报哪些工单提出建议", "规则：", "数据截至", "以正式通报为准"),
    ):
        assert words in done.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "至少写一个假定"),
        (("--answer-open", "99=解决/满意"), "待回访可用"),
        (("--answer-open", "2=好了"), "无法识别答案"),
        (("--answer", "D0001=解决/满意"), "不是本单位这一期的工单"),
        (("--exclude", "D0001"), "不是本单位这一期的工单"),
        (("--answer-open", "1=办成/满意"), "“办成”请写“解决”。"),
        (("--answer-open", "1=好了/满意"), "解决情况：解决、基本解决、部分解决、未解决；满意情况：满意、基本满意"),
        (("--answer-open", "1=未联系/解决/满意"), "没有联系的写作 1=未联系/未解决/不满意；已联系的写作 1=解决/满意"),
        (("--exclude", "D0001=不存在的"), "没有剔除类型“不存在的”"),
        (("--exclude", "D0001", "--keep", "D0001"), "既剔除又不剔除"),
    ],
)
def test_mistakes_are_told(hotline: Hotline, site: Storage, options: tuple[str, ...], said: str) -> None:
    done = hotline("rates", "what-if", *OPEN, "--data-dir", site.data, *options)
    assert done.code == 2 and said in done.printed and "Traceback" not in done.printed


def test_an_unknown_unit_is_told(hotline: Hotline, site: Storage) -> None:
    done = hotline("rates", "what-if", "--unit", "无此镇", "--data-dir", site.data, "--keep", "D0001")
    assert done.code == 2 and "没有单位“无此镇”" in done.printed


def test_csv_is_for_excel(hotline: Hotline, site: Storage, tmp_path: Path) -> None:
    done = hotline("rates", "what-if", *OPEN, "--data-dir", site.data, "--answer-open", "1=回访无效", "--format", "csv")
    assert done.code == 0 and done.out.startswith("\ufeff承办单位,状态,")
