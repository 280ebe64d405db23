"""A call of `hotline` in this process and how it ended; `conftest.py` makes the call."""

from collections.abc import Callable
from dataclasses import dataclass


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
