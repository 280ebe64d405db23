"""What a topic model is made of, as data that is stored with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Block:
    """One group of TF-IDF features, of length 1 before its weight.

    Attributes:
        terms: `words` are the entries of jieba's dictionary and the lexicon, wherever they stand in a text, names and
            numbers left out; `characters` are all runs of letters.
        fields: of all fields of a record or of its title alone; records of one field have no title.
        weight: length of the block in the whole vector.
        longest: letters of the longest term.
    """

    terms: Literal["words", "characters"] = "words"
    fields: Literal["all", "title"] = "all"
    weight: float = 1.0
    longest: int = 8


@dataclass(frozen=True)
class Recipe:
    """How a model is fitted; chosen in `docs/decisions/0012-topic-recipe.md`.

    Attributes:
        blocks: the features.
        C: inverse strength of regularisation.
        min_records: records that must hold a term before it is learnt.
        min_callers: different callers that must have used a term, where callers are known.
        min_examples: records that a class needs.
        calibration_share: share of the records (0-1) that the temperature is measured on.
    """

    blocks: tuple[Block, ...] = (Block(), Block(fields="title", weight=0.7))
    C: float = 100.0
    min_records: int = 2
    min_callers: int = 5
    min_examples: int = 5
    calibration_share: float = 0.2

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> "Recipe":
        """The recipe that `to_dict` gave."""
        return cls(**{**said, "blocks": tuple(Block(**block) for block in said["blocks"])})

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)
