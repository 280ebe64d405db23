"""Residents of each place by year: from population.csv, else from the population columns of units.csv."""

from datetime import date

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.reference_tables import ReferenceTableError, read_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

POPULATION_COLUMNS = pl.Schema(
    {
        "unit_id": pl.String(),
        "population_year": pl.Int64(),
        "population": pl.Int64(),
        "source": pl.String(),
    }
)
FIRST_YEAR, LAST_YEAR = 1949, date.max.year
MOST_PEOPLE = 100_000_000


def land_populations(connection: Connection, storage: Storage, units: pl.DataFrame) -> None:
    """Replace landed.populations (grain unit_id, population_year); `units` is units.csv as read.

    A unit with a row in population.csv is read from there alone. ReferenceTableError names row and column.
    """
    stated = read_populations(storage, units["unit_id"].to_list())
    listed = units.filter(pl.col("population") > 0, pl.col("population_year").is_not_null())
    listed = listed.join(stated, on="unit_id", how="anti", maintain_order="left")
    names = ["unit_id", "population_year", "population"]
    frame = pl.concat([stated, listed.select(*names, population_source=pl.lit("units.csv"))])
    replace_table(connection, "landed.populations", frame)


def check_listed(units: pl.DataFrame) -> None:
    """ReferenceTableError for a population or its year in units.csv that no place can have; both may be left out."""
    for number, (people, year) in enumerate(units.select("population", "population_year").iter_rows(), 2):
        where = f"配置文件 units.csv 第 {number} 行"
        if people is not None and not 0 <= people <= MOST_PEOPLE:
            raise ReferenceTableError(
                f"{where}，列 population：应为 1 到 {MOST_PEOPLE} 的整数，单位为人；现在是 {people}。不知道请留空。"
            )
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise ReferenceTableError(f"{where}，列 population_year：“{year}”应为四位年份，例如 2024；不知道请留空。")


def read_populations(storage: Storage, unit_ids: list[str]) -> pl.DataFrame:
    """population.csv under the names of landed.populations."""
    required = ("unit_id", "population_year", "population")
    table = read_reference(storage.config / "population.csv", POPULATION_COLUMNS, required)
    seen = set()
    for number, (unit_id, year, people) in enumerate(table.select(required).iter_rows(), 2):
        where = f"配置文件 population.csv 第 {number} 行"
        if unit_id not in unit_ids:
            raise ReferenceTableError(
                f"{where}，列 unit_id：units.csv 中没有“{unit_id}”，请先在单位表中登记，或改正编号。"
            )
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ReferenceTableError(f"{where}，列 population_year：“{year}”应为四位年份，例如 2024。")
        if not 1 <= people <= MOST_PEOPLE:
            raise ReferenceTableError(
                f"{where}，列 population：常住人口应为 1 到 {MOST_PEOPLE} 的整数，单位为人；现在是 {people}。"
            )
        if (unit_id, year) in seen:
            raise ReferenceTableError(f"{where}：“{unit_id}”的 {year} 年出现两次，每个单位每年只能有一行。")
        seen.add((unit_id, year))
    return table.rename({"source": "population_source"})
