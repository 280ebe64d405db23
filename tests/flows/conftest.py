"""What the tests of the pipeline share: the command in this process."""

import sys

import pytest
from called import Hotline, Outcome

from hotline12345.flows.cli.chinese import run
from hotline12345.flows.cli.errors import translate
from hotline12345.flows.cli.main import cli


@pytest.fixture
def hotline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hotline:
    """Call `hotline` with arguments in this process."""

    def call(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["hotline", *map(str, arguments)])
        capsys.readouterr()
        code = run(cli(), translate)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
