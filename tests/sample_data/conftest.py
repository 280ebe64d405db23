"""The sample made once for all tests of this folder."""

import pytest
from made_sample import Sample

from hotline12345.sample_data.exports import Table, make_tables
from hotline12345.sample_data.generate import make_orders
from hotline12345.sample_data.world import BASE_ORDERS


@pytest.fixture(scope="session")
def sample() -> Sample:
    """The district's 30,000 orders as known at the cut-off."""
    return Sample(*make_orders(BASE_ORDERS))


@pytest.fixture(scope="session")
def tables() -> list[Table]:
    """The contents of the four committed files, made anew."""
    return make_tables()
