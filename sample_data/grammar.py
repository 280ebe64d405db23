"""Sentences from templates: `(a|b)` picks one alternative, `<word>` takes a phrase of the word list."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotline12345.sample_data.paths import ROOT

Ints = NDArray[np.int64]
_CHOICE = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"<([^<>]+)>")
_SLIP_SHARE = 0.06


def read_toml(name: str) -> dict[str, dict[str, object]]:
    """One of the grammar tables that lie beside this module."""
    return tomllib.loads((ROOT / name).read_text("utf-8"))


@dataclass(frozen=True)
class Pool:
    """Ready sentences of several groups, one behind the other."""

    sentences: pl.Series
    starts: Ints
    sizes: Ints

    def draw(self, group: Ints | int, rows: int, rng: np.random.Generator) -> pl.Series:
        """One sentence per row, uniform within the row's group (a single number serves all rows)."""
        return self.sentences.gather(self.pick(group, rows, rng))

    def pick(self, group: Ints | int, rows: int, rng: np.random.Generator) -> Ints:
        """Like `draw`, but the numbers of the sentences."""
        return np.asarray(self.starts[group] + (rng.random(rows) * self.sizes[group]).astype(np.int64))


class Grammar:
    """Expands templates; equal seeds give equal sentences."""

    def __init__(self, words: Mapping[str, Sequence[str]], slips: Sequence[Sequence[str]], seed: int) -> None:
        self._words = words
        self._slips = slips
        self._seed = seed

    def pool(self, name: str, groups: Sequence[Sequence[str]], variants: int) -> Pool:
        """A pool with `variants` expansions of each template of each group; `name` keeps pools independent."""
        rng = random.Random(f"{self._seed}:{name}")
        lists = [[self._expand(t, rng) for t in templates for _ in range(variants)] for templates in groups]
        sizes = np.array([len(sentences) for sentences in lists], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        return Pool(pl.Series([s for sentences in lists for s in sentences], dtype=pl.String), starts, sizes)

    def _expand(self, template: str, rng: random.Random) -> str:
        text = _WORD.sub(lambda m: rng.choice(self._words[m.group(1)]), template)
        while "(" in text:
            text = _CHOICE.sub(lambda m: rng.choice(m.group(1).split("|")), text)
        if rng.random() < _SLIP_SHARE:
            fitting = [pair for pair in self._slips if pair[0] in text]
            if fitting:
                right, wrong = rng.choice(fitting)
                text = text.replace(right, wrong, 1)
        return text
