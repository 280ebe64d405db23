import polars as pl
import pytest

from hotline12345.models.recurring import Mined, mine

from .planted import corpus


@pytest.fixture(scope="session")
def records() -> pl.DataFrame:
    return corpus()


@pytest.fixture(scope="session")
def mined(records: pl.DataFrame) -> Mined:
    return mine(records)
