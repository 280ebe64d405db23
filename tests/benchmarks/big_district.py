"""A district of 20 streets, 23 bureaus and enterprises and any number of orders in two years, for what is measured at full size.

The sample's generator knows 13 towns and 220 places. Here its orders are dealt to parts, and every part has estates of its own
under other names (in the texts as well), so that a place has about as many orders as in a real district, a street about 30
communities, and mining meets neither one giant place nor names that all look alike.
"""

import csv
import shutil
from pathlib import Path

import polars as pl

from hotline12345.flows.cli.demo import TEMPLATES
from hotline12345.flows.loading import load_file
from hotline12345.flows.refreshing import Report, refresh
from hotline12345.sample_data.generate import make_orders
from hotline12345.sample_data.paths import CONFIG
from hotline12345.sample_data.world import load_world
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

ORDERS_A_PART = 33_000  # about 150 orders a place
COMMUNITIES = 8  # so many times the sample's 70
STREETS = (
    "清泉街道", "长桥街道", "西园街道", "金柳街道", "云峰镇", "石门镇", "青杉镇",
)  # fmt: skip
SYLLABLES = "云杉林泉石桥松竹梅兰菊荷枫柏桐月星晨曦霞虹露霜雪雨山川湖海江溪谷峰岭原田花草木叶金银玉珠翠青紫红蓝碧安康宁和顺福喜乐春夏秋冬书画琴歌文华光明瑞祥嘉景"
TEXTS = ("标题", "主要内容", "处理结果")
TOWN, COMMUNITY, POINT, UNIT = "被反映街乡镇", "所在村社区", "小区点位", "二级承办单位简称"


def build(folder: Path, orders: int, report: Report) -> None:
    """Make the district's data folder: its config, a file of orders, the warehouse and the published snapshot."""
    storage = Storage.at(folder, folder / "config")
    storage.make()
    write_config(storage.config)
    file = folder / "orders.parquet"
    report(f"making {orders:,} orders")
    deal(make_orders(orders)[0]).sort("创建时间", "工单编号", nulls_last=True).write_parquet(file)
    connection = open_warehouse(storage)
    report("loading")
    load_file(connection, storage, file)
    file.unlink()
    refresh(connection, storage, report)
    connection.execute("checkpoint")
    connection.close()


def write_config(config: Path) -> None:
    """The sample's config with the streets that it does not have."""
    for name in TEMPLATES:
        shutil.copyfile(CONFIG / name, config / name)
    for name, rows in (("units.csv", _unit_rows()), ("population.csv", _population_rows())):
        with (config / name).open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def deal(orders: pl.DataFrame) -> pl.DataFrame:
    """The orders in parts, each with its own names of streets, communities and places."""
    parts = max(1, orders.height // ORDERS_A_PART)
    dealt = orders.with_columns(_part=pl.int_range(pl.len()) * 7919 % parts)
    return pl.concat([_renamed(group.drop("_part"), part) for (part,), group in dealt.group_by("_part")])


def _renamed(orders: pl.DataFrame, part: int) -> pl.DataFrame:
    if part == 0:
        return orders
    area = part % COMMUNITIES
    towns = _towns(area)
    places = load_world().places
    communities = {each["community"]: each["community"] for each in places}
    if area:
        communities = {name: _name(name, 50 * 219 + area * 70 + row) for row, name in enumerate(sorted(communities))}
    points = {each["place_point"]: _name(each["place_point"], part * 219 + row) for row, each in enumerate(places)}
    told = communities | points | towns
    return orders.with_columns(
        pl.col(TOWN, UNIT).replace(towns),
        pl.col(COMMUNITY).replace(communities),
        pl.col(POINT).replace(points),
        pl.col(TEXTS).str.replace_many(list(told), list(told.values()), leftmost=True),
    )


def _towns(area: int) -> dict[str, str]:
    """What the sample's towns are called in an area of the district."""
    names = [unit["unit_name"] for unit in load_world().units[: load_world().towns]]
    every = [*names, *STREETS]
    return {name: every[(row + area % 3 * len(STREETS)) % len(every)] for row, name in enumerate(names)}


def _name(name: str, number: int) -> str:
    """The name with other first syllables; two numbers share them only far apart."""
    first, second = divmod(number % len(SYLLABLES) ** 2, len(SYLLABLES))
    return SYLLABLES[first] + SYLLABLES[second] + name.removeprefix("示例区")[2 if len(name) > 2 else 1 :]


def _unit_rows() -> list[list[str]]:
    return [
        [f"U{20 + row}", name, "街镇", f"示例区{name}", "门城", f"{60_000 + 1_000 * row}", "2024", "2024-01-01", ""]
        for row, name in enumerate(STREETS)
    ]


def _population_rows() -> list[list[str]]:
    return [
        [f"U{20 + row}", year, f"{60_000 + 1_000 * row}", "示例数据：常住人口（模拟）"]
        for row in range(len(STREETS))
        for year in ("2024", "2025")
    ]
