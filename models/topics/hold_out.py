"""Which records a model learns from and which it is judged on: a function of their texts, so that it stays what it is."""

from collections.abc import Sequence
from typing import Final

from hotline12345.models.topics.evaluate import split_by_text
from hotline12345.models.topics.features import Document

SHARE: Final = 0.2
MAXIMUM: Final = 5000  # records; more tell little more and cost labels to learn from
SEED: Final = 20190101  # not the seed of the calibration, which would find its records held out already


def held_share(texts: int, before: float = SHARE) -> float:
    """The share (0-1) of that many texts to hold out; never more than `before`, the share of the model in force.

    A smaller share holds out a part of what a larger one does, so no model is ever judged on what one before it learnt.
    """
    return min(before, SHARE, MAXIMUM / max(texts, 1))


def hold_out(documents: Sequence[Document], is_corrected: Sequence[bool], share: float) -> tuple[list[int], list[int]]:
    """Positions of the records to learn from and of those to be judged on.

    Args:
        documents: n texts; several records may have the same.
        is_corrected: whether the label of each record is an analyst's correction. Corrections are learnt from, before any
            other label of the same text; they never enter what is held out.
        share: of the distinct texts (0-1) to hold out.
    """
    learn, test = split_by_text(documents, share, SEED)
    corrected = {documents[row] for row in learn if is_corrected[row]}
    return (
        [row for row in learn if is_corrected[row] or documents[row] not in corrected],
        [row for row in test if not is_corrected[row]],
    )
