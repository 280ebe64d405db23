"""Orders placed under frozen statistics: where each is, what it is about as a vector, and which theme it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from hotline12345.models.recurring.describe import CALLER, Description
from hotline12345.models.recurring.grouping import Rows, nearest
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import Statistics
from hotline12345.models.recurring.vectors import problem_vectors

NO_THEME = -1
#: Links as a frame, grain order_id; `words` are columns of the statistics, `weights` their weights.
LINKS = pl.Schema(
    {
        **dict.fromkeys(("order_id", "digest", "voice", "place", "area"), pl.String()),
        "theme": pl.Int32(),
        "theme_cosine": pl.Float64(),
        "words": pl.List(pl.Int32),
        "weights": pl.List(pl.Float32),
    }
)


@dataclass(frozen=True)
class Links:
    """Orders as parallel arrays, sorted by `digests` and so independently of their rows.

    `places` are accepted names (None where unknown), `vectors` unit rows of words' weights, shape (orders, words);
    `themes` numbers of the statistics' themes or NO_THEME, `theme_cosines` the cosine to the theme's centre. All of one
    order's values depend on that order and the statistics alone.
    """

    order_ids: list[str]
    digests: list[str]
    voices: list[str]
    places: list[str | None]
    areas: list[str | None]
    vectors: sparse.csr_array
    themes: Rows
    theme_cosines: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.order_ids)

    def to_frame(self) -> pl.DataFrame:
        """The links as a frame of `LINKS`, from which `from_frame` makes the same again."""
        return pl.DataFrame(
            {
                "order_id": self.order_ids,
                "digest": self.digests,
                "voice": self.voices,
                "place": self.places,
                "area": self.areas,
                "theme": self.themes,
                "theme_cosine": self.theme_cosines,
                "words": _lists(self.vectors.indices, self.vectors.indptr, pl.Int32()),
                "weights": _lists(self.vectors.data, self.vectors.indptr, pl.Float32()),
            },
            schema=LINKS,
        )

    @staticmethod
    def from_frame(frame: pl.DataFrame, width: int) -> "Links":
        """Links of a frame that is sorted by digest and order_id; without `words` their vectors are empty.

        `width` is the number of the statistics' words.
        """
        ends = np.zeros(frame.height + 1, dtype=np.int64)
        words, weights = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
        if "words" in frame.columns:
            ends[1:] = frame["words"].list.len().to_numpy().cumsum()
            words, weights = (
                frame[name].list.explode(keep_nulls=False, empty_as_null=False).to_numpy()
                for name in ("words", "weights")
            )
        return Links(
            order_ids=frame["order_id"].to_list(),
            digests=frame["digest"].to_list(),
            voices=frame["voice"].to_list(),
            places=frame["place"].to_list(),
            areas=frame["area"].to_list(),
            vectors=sparse.csr_array((weights, words, ends), shape=(frame.height, width)),
            themes=frame["theme"].to_numpy(),
            theme_cosines=frame["theme_cosine"].to_numpy(),
        )

    def people(self, rows: Rows) -> int:
        """How many distinct people speak in the rows at least: where some are known, all unknown ones count as one.

        So a known writer does not become three by letters that he sends without his name.
        """
        return int(self.people_of([rows])[0])

    def people_of(self, blocks: Sequence[Rows]) -> Rows:
        """`people` of each block of rows, shape (blocks,)."""
        if not blocks:
            return np.empty(0, dtype=np.int64)
        width = 2 * (int(self._voice_codes.max(initial=0)) // 2 + 1)
        block = np.repeat(np.arange(len(blocks)), [len(rows) for rows in blocks])
        told = np.unique(block * width + self._voice_codes[np.concatenate(blocks)])
        is_known = told % 2 == 1
        known, unknown = (np.bincount(told[mark] // width, minlength=len(blocks)) for mark in (is_known, ~is_known))
        people: Rows = np.where(known > 0, known + (unknown > 0), unknown)
        return people

    @cached_property
    def _voice_codes(self) -> Rows:
        """A number for the voice of each row, odd where it is a known person's."""
        voices = pl.Series(self.voices, dtype=pl.String)
        codes = voices.cast(pl.Categorical).to_physical().cast(pl.Int64) * 2
        return (codes + voices.str.starts_with(CALLER).cast(pl.Int64)).to_numpy()

    def where(self, row: int) -> str | None:
        """The place of an order, or its area where no place is known."""
        return self.places[row] or self.areas[row]


def _lists(values: NDArray[Any], ends: NDArray[Any], kind: pl.DataType) -> pl.Series:
    """The values between each two ends as a list."""
    flat = pl.DataFrame({"row": np.repeat(np.arange(len(ends) - 1), np.diff(ends)), "value": values})
    lists = flat.group_by("row", maintain_order=True).agg(pl.col("value").cast(kind))
    rows = pl.DataFrame({"row": np.arange(len(ends) - 1)})
    return rows.join(lists, on="row", how="left", maintain_order="left")["value"].fill_null([])


def link(descriptions: Sequence[Description], statistics: Statistics, settings: MiningSettings) -> Links:
    """The orders under frozen statistics. Linear in their words and in the themes."""
    ordered = sorted(descriptions, key=lambda description: (description.digest, description.order_id))
    places, found = statistics.gazetteer.locate(ordered)
    vectors = problem_vectors(ordered, places, found, statistics, settings)
    best, cosine = nearest(vectors, np.arange(len(ordered), dtype=np.int64), statistics.theme_centres)
    return Links(
        order_ids=[each.order_id for each in ordered],
        digests=[each.digest for each in ordered],
        voices=[each.voice for each in ordered],
        places=places,
        areas=[each.area for each in ordered],
        vectors=vectors,
        themes=np.where(cosine >= settings.theme_likeness.membership, best, NO_THEME),
        theme_cosines=cosine.round(6),
    )
