"""What the server does once, before it makes pages."""

import gc
from collections.abc import Iterator

import altair as alt
import pytest
from altair.utils import schemapi

from hotline12345.dashboard import long_running


@pytest.fixture
def settled() -> Iterator[None]:
    long_running.settle.cache_clear()
    long_running.settle()
    yield
    schemapi.enable_debug_mode()
    gc.unfreeze()


@pytest.mark.usefixtures("settled")
def test_what_was_imported_is_not_walked_through_again():
    assert gc.get_freeze_count() > 100_000, "the libraries alone are more"
    assert len(gc.get_objects()) < 20_000


@pytest.mark.usefixtures("settled")
def test_a_wrong_chart_is_still_refused_when_it_is_finished():
    wrong = alt.Chart({"values": [{"x": 1}]}).mark_bar(size="wide").encode(x="x:Q")
    with pytest.raises(schemapi.SchemaValidationError):
        wrong.to_dict()
