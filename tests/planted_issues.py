"""A small corpus with known problems: invented texts, several wordings for each problem."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl

from hotline12345.models.recurring import MiningSettings
from hotline12345.models.recurring.describe import Description, describe
from hotline12345.models.recurring.mine import conform

START = datetime(2025, 1, 6, 9, 0)

MIXING_PLANT = (
    ("搅拌站夜间噪音扰民", "墙外的混凝土搅拌站凌晨还在生产，罐车轰鸣，睡不着觉"),
    ("搅拌站粉尘噪音", "混凝土搅拌站料堆不盖，粉尘飘进屋，罐车按喇叭"),
    ("混凝土搅拌站扰民", "搅拌站离住宅太近，夜间罐车进出，噪音很大"),
)
LIFT = (
    ("电梯反复停运", "电梯一个月坏了四次，老人上楼困难，维保来了又坏"),
    ("电梯频繁停运困人", "电梯昨晚困人，维保单位说等配件，老人不敢坐"),
    ("电梯停运没人维修", "电梯停运一周，维保电话打不通，老人上楼靠爬"),
)
DEED = (
    ("房产证办理难", "收房八年，房产证一直办不下来，开发商说没有验收"),
    ("房产证多年未办", "入住六年开发商没交税，房产证办理没有进展"),
    ("房产证办不下来", "契税交了八年，开发商一直不给办房产证，说没有验收"),
)
HEATING = (
    ("供暖不热", "暖气冰凉，室温只有十三度，热力公司换热站说检修"),
    ("暖气不热室温低", "供暖开始就不热，室温十四度，换热站水泵坏"),
    ("供暖室温不达标", "暖气不热，室温上不去，换热站没人修"),
)
EVERYDAY = (
    ("路灯不亮", "夜里路灯全黑，走路摔跤"),
    ("垃圾清运", "垃圾桶满了没清运，苍蝇乱飞"),
    ("公交等车久", "公交等四十分钟不来，上班迟到"),
    ("流浪狗", "流浪狗成群追人，孩子害怕"),
    ("井盖松动", "井盖松动响声大，怕掉下去"),
    ("预付卡退费", "理发店关门，预付卡余额不退"),
    ("宽带断网", "宽带总断网，客服让重启"),
    ("树枝挡光", "树枝太密挡窗户，屋里没阳光"),
    ("油烟扰民", "饭馆油烟直排，开窗呛人"),
    ("停车位被占", "车位装地锁，没地方停车"),
)
ESTATES = ("云栖佳苑", "望河花园", "锦川家园", "槐北公寓", "柳溪新苑", "白杨花园", "石坊家园", "渡口新居")


def order(number: int, text: tuple[str, str], place: str | None, caller: str | None, day: int) -> dict[str, object]:
    """One record; `day` counts from the start of the corpus."""
    return {
        "order_id": f"T{number:04d}",
        "title": text[0],
        "body": text[1],
        "reported_at": START + timedelta(days=day),
        "caller": caller,
        "place": place,
        "area": "示例镇",
        "topic": None,
        "unit": "示例镇",
        "is_resolved": None,
        "closed_at": None,
    }


def repeated(
    start: int, texts: tuple[tuple[str, str], ...], places: tuple[str, ...], count: int
) -> list[dict[str, object]]:
    """`count` orders by as many people, the wordings and places in turn, one every nine days."""
    return [
        order(start + i, texts[i % len(texts)], places[i % len(places)], f"p{start + i}", 9 * i) for i in range(count)
    ]


def table(records: Iterable[dict[str, object]]) -> pl.DataFrame:
    """The records as a frame, whatever their first rows leave out."""
    return pl.DataFrame(list(records), infer_schema_length=None)


def described(records: pl.DataFrame) -> list[Description]:
    """The records as the miner sees them."""
    return describe(conform(records), MiningSettings())


def written(*groups: tuple[int, str] | tuple[int, str, str | None, str | None]) -> list[Description]:
    """Descriptions of titles, each written by so many people of its own; with or without a place and an area."""
    rows = [(title, *(rest or (None, None))) for count, title, *rest in groups for _ in range(count)]
    schema = dict.fromkeys(("title", "place", "area"), pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("number")
    return described(frame.with_columns(order_id=pl.format("W{}", "number"), caller=pl.format("w{}", "number")))


def corpus() -> pl.DataFrame:
    """Two events of one estate, one of another, one theme over eight estates, and sixty everyday orders."""
    records = [
        *repeated(1, MIXING_PLANT, ("云栖佳苑",), 12),
        *repeated(101, LIFT, ("云栖佳苑",), 10),
        *repeated(201, HEATING, ("锦川家园",), 11),
        *repeated(301, DEED, ESTATES, 24),
    ]
    records += [order(401 + i, EVERYDAY[i % 10], ESTATES[(i * 3) % 8], f"e{i}", i) for i in range(60)]
    return table(records)
