"""The planted corpus, mined once."""

import polars as pl
import pytest
from planted_issues import corpus

from hotline12345.models.recurring import Mined, mine


@pytest.fixture(scope="session")
def records() -> pl.DataFrame:
    return corpus()


@pytest.fixture(scope="session")
def mined(records: pl.DataFrame) -> Mined:
    return mine(records)
