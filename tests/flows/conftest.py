"""What the tests of the pipeline share: the command in this process."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from hotline12345.flows.cli.chinese import run
from hotline12345.flows.cli.errors import translate
from hotline12345.flows.cli.main import cli


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def printed(self) -> str:
        return self.out + self.err


Hotline = Callable[..., Outcome]


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
