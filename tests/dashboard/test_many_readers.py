"""Several people at once on the real server, each in a role: every page of every role answers, without a browser."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from page_driver import Reader
from running_dashboard import Server, serving

from hotline12345.dashboard.access import DEMO
from hotline12345.sql.storage import Storage

pytestmark = pytest.mark.slow


@pytest.fixture
def server(published: Storage, tmp_path: Path) -> Iterator[Server]:
    shutil.copytree(published.data, tmp_path / "data")
    with serving(tmp_path / "data") as started:
        yield started


def look_around(server: Server, role: str) -> int:
    """Open every page of a role twice; how many these are. PageError when one of them shows an error."""
    reader = Reader(server.address)
    reader.page("rules")
    reader.write("demo_role", role)
    for page in sorted(reader.pages) * 2:
        reader.turn_to(page)
    reader.close()
    return len(reader.pages)


def test_every_page_of_every_role_answers_while_the_others_look(server: Server) -> None:
    with ThreadPoolExecutor(len(DEMO.roles)) as pool:
        found = dict(zip(DEMO.roles, pool.map(lambda role: look_around(server, role), DEMO.roles), strict=True))
    assert found == {role: len(said.pages) for role, said in DEMO.roles.items()}
