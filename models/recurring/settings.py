"""The numbers of the miner. All weights and thresholds are proposals, to be argued about and changed here only."""

from dataclasses import dataclass

from hotline12345.models.recurring.grouping import Likeness

_EVENT = Likeness(cohesion=0.12, merging=0.20, membership=0.20, block_size=500)
_THEME = Likeness(cohesion=0.20, merging=0.22, membership=0.20, block_size=500)


@dataclass(frozen=True)
class MiningSettings:
    """Parameters of the mining; how issues are scored and ranked is in `Scoring`.

    Statistics: fitted to at most `sample_size` orders. A word counts that at least `min_word_people` people write. A name of a place is known that `min_name_people` people write. Two names are one
    place when at least `min_together` people write both, and `together_share` of those who write the rarer; or when
    `same_matter_share` of them (`slip_matter_share` for a slip) tell something as near as `same_matter` to a matter of the
    other.

    Text: only the first `body_length` characters of a body are read; a word of the title counts `title_weight` times
    a word of the body; a vector keeps its `vector_size` heaviest words. The order's topic counts as a word of weight
    `topic_weight`.

    Grouping: `event_likeness` inside one place. Themes: orders stay together while their mean cosine is at least
    `theme_likeness.cohesion` inside the block of each of their `keywords_per_order` heaviest words; at most
    `max_theme_cores` such cores are merged, a centre keeps its `theme_size` heaviest words.

    Issues: fewer than `min_event_people` / `min_theme_people` distinct people make no issue. A theme needs so many beside
    those of its largest place, which has at most `max_place_share` of them, and `min_theme_places` places.
    """

    sample_size: int = 50_000
    min_word_people: int = 3
    min_name_people: int = 2
    min_together: int = 3
    together_share: float = 0.5
    same_matter: float = 0.30
    same_matter_share: float = 0.5
    slip_matter_share: float = 0.1

    body_length: int = 300
    title_weight: float = 2.0
    vector_size: int = 40
    topic_weight: float = 1.0

    event_likeness: Likeness = _EVENT
    theme_likeness: Likeness = _THEME
    keywords_per_order: int = 3
    max_theme_cores: int = 2000
    theme_size: int = 200

    min_event_people: int = 3
    min_theme_people: int = 5
    min_theme_places: int = 3
    max_place_share: float = 0.75
